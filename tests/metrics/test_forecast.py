"""Forecasts: ranges that hold as often as they say, and what they say of themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit, logit

from metrics.forecast import FEWEST, Forecast, forecast, pooled

Drawn = tuple[NDArray[np.float64], NDArray[np.float64]]


def draw(chance: np.random.Generator, number: int) -> Drawn:
    """Messages whose share grows by a share of its own, early and final, as log-odds."""
    final = chance.beta(20, 8, number)
    early = final * chance.beta(12, 8, number)
    return logit(early), logit(final)


@pytest.mark.parametrize("number", [FEWEST, 35, 100])
def test_nine_of_ten_messages_end_inside(number: int) -> None:
    chance, inside, tried = np.random.default_rng(5), 0, 800
    for _ in range(tried):
        then, final = draw(chance, number + 1)
        found = forecast(float(then[-1]), then[:-1], final[:-1])
        assert found is not None
        inside += found.lower <= expit(final[-1]) <= found.upper
    assert 0.88 <= inside / tried <= 0.97, "the fewer there are, the further the range reaches"


def test_too_few_earlier_messages_give_no_forecast() -> None:
    then, final = draw(np.random.default_rng(1), FEWEST)
    assert forecast(0.0, then, final) is not None
    assert forecast(0.0, then[1:], final[1:]) is None


def test_a_message_that_can_only_grow_is_not_said_to_shrink() -> None:
    then, final = draw(np.random.default_rng(2), 50)
    found = forecast(0.3, then, final)
    assert found is not None
    assert expit(0.3) <= found.lower <= found.value <= found.upper <= 1


@given(st.lists(st.floats(0, 3), min_size=FEWEST, max_size=60))
def test_what_it_says_of_itself_is_what_leaving_each_out_gives(growth: list[float]) -> None:
    then, final = np.zeros(len(growth)), np.array(growth)
    found = forecast(0.0, then, final)
    assert found is not None
    inside = 0
    for place in range(len(growth)):
        others = np.sort(np.delete(final, place))
        rank = int((len(others) + 1) * 0.05 + 1e-9)
        inside += bool(others[rank - 1] <= final[place] <= others[len(others) - rank])
    assert found.covered == pytest.approx(inside / len(growth))
    assert found.earlier == len(growth)


def test_a_class_weighs_its_messages_by_their_people() -> None:
    young = Forecast(0.6, 0.5, 0.7, earlier=30, covered=0.9)
    other = Forecast(0.6, 0.5, 0.7, earlier=25, covered=0.88)
    whole = pooled((100, 0.8), [(300, young), (100, other)])
    assert whole is not None
    assert (whole.value, whole.lower, whole.upper) == pytest.approx((0.64, 0.56, 0.72))
    assert (whole.earlier, whole.covered) == (25, 0.88)
    assert pooled((100, 0.8), []) is None


def test_of_messages_nobody_can_foretell_anything_is_possible() -> None:
    young = Forecast(0.6, 0.5, 0.7, earlier=30, covered=0.9)
    whole = pooled((400, 0.8), [(500, young), (100, None)])
    assert whole is not None
    assert (whole.lower, whole.upper) == pytest.approx((0.57, 0.77))
    assert pooled((400, 0.8), [(499, young), (101, None)]) is None, "more than a tenth of the people"
    assert pooled((400, 0.8), [(10, None)]) is None
