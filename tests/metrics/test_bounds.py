"""Intervals: known values, and what they promise when classes are drawn at random."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binomtest

from metrics.bounds import NOT_REACHED, kaplan_meier, over_classes, over_messages, wilson


def array(*values: int) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize(
    ("count", "people", "low", "high"),
    [
        # Newcombe 1998, table I, method 3 (Wilson without continuity correction).
        pytest.param(81, 263, 0.2553, 0.3662, id="newcombe 81 of 263"),
        pytest.param(15, 148, 0.0624, 0.1605, id="newcombe 15 of 148"),
        pytest.param(0, 20, 0.0, 0.1611, id="newcombe 0 of 20"),
        pytest.param(1, 29, 0.0061, 0.1718, id="newcombe 1 of 29"),
    ],
)
def test_wilson_gives_the_published_table(count: int, people: int, low: float, high: float) -> None:
    assert wilson(count, people) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 200_000).flatmap(lambda people: st.tuples(st.integers(0, people), st.just(people))))
def test_wilson_is_that_of_scipy_to_the_last_bit(drawn: tuple[int, int]) -> None:
    count, people = drawn
    if people:
        ours, theirs = wilson(count, people), binomtest(count, people).proportion_ci(0.95, method="wilson")
        assert ours == (float(theirs.low), float(theirs.high))


@given(st.lists(st.lists(st.integers(0, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=5)))
def test_many_classes_have_the_interval_that_each_has_alone(classes: list[list[tuple[int, int]]]) -> None:
    pairs = np.array([pair for each in classes for pair in each], dtype=np.int64).reshape(-1, 2)
    bounds = np.cumsum([0, *map(len, classes)])
    together = zip(*over_classes(pairs[:, 0], pairs[:, 1], bounds), strict=True)
    alone = [over_messages(pairs[begin:end, 0], pairs[begin:end, 1]) for begin, end in pairwise(bounds)]
    assert list(together) == alone


def test_nobody_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert over_messages(array(), array()) == (0.0, 1.0)


def test_one_message_has_the_interval_of_wilson() -> None:
    assert over_messages(array(30), array(50)) == wilson(30, 50)


def test_messages_with_nobody_in_them_do_not_count() -> None:
    assert over_messages(array(30, 0, 20), array(50, 0, 40)) == over_messages(array(30, 20), array(50, 40))


def test_equal_messages_are_never_narrower_than_wilson_over_all() -> None:
    assert over_messages(array(30, 30, 30), array(50, 50, 50)) == wilson(90, 150)


def test_messages_that_differ_widen_the_interval_beyond_chance_between_people() -> None:
    low, high = over_messages(array(10, 40), array(50, 50))
    assert low < wilson(50, 100)[0]
    assert high > wilson(50, 100)[1]


def test_the_interval_does_not_depend_on_the_order_of_messages() -> None:
    counts, people = array(12, 33, 7, 41), array(50, 60, 30, 70)
    order = [2, 0, 3, 1]
    assert over_messages(counts, people) == over_messages(counts[order], people[order])


def test_the_jackknife_worked_by_hand_for_two_messages() -> None:
    # 10 of 50 and 40 of 50: left out one by one, logits of 40.5/10.5 and 10.5/40.5; m_eff = 2, so t with 1 degree.
    high_one = math.log(40.5 / 10.5)
    spread = math.sqrt(0.5 * (high_one**2 + high_one**2))
    reach = 12.706204736432095 * spread
    expected = 1 / (1 + math.exp(reach)), 1 / (1 + math.exp(-reach))
    assert over_messages(array(10, 40), array(50, 50)) == pytest.approx(expected)


def test_uneven_audiences_widen_it() -> None:
    # 50 of 100, 9 of 20, 8 of 20: left out one by one, logits of 17.5/23.5, 58.5/62.5, 59.5/61.5; m_eff = 140^2 / 10800 = 1.8148.
    left = [math.log(17.5 / 23.5), math.log(58.5 / 62.5), math.log(59.5 / 61.5)]
    mean = sum(left) / 3
    variance = 2 / 3 * sum((each - mean) ** 2 for each in left) * (1 + 10_800 / 140**2 - 1 / 3)
    reach, middle = 12.706204736432095 * math.sqrt(variance), math.log(67.5 / 73.5)
    expected = 1 / (1 + math.exp(reach - middle)), 1 / (1 + math.exp(-reach - middle))
    assert over_messages(array(50, 9, 8), array(100, 20, 20)) == pytest.approx(expected)


@pytest.mark.parametrize("messages", [2, 5, 20])
def test_classes_drawn_at_random_are_covered_in_94_of_100(messages: int) -> None:
    rng = np.random.default_rng(20261122 + messages)
    covered, draws = 0, 1500
    for _ in range(draws):
        people = rng.integers(30, 300, messages)
        rates = rng.beta(0.7 * 30, 0.3 * 30, messages)
        low, high = over_messages(rng.binomial(people, rates).astype(np.int64), people.astype(np.int64))
        covered += low <= 0.7 <= high
    # 1,500 draws tell a share of 0.94 from 0.92 with 99.9 % certainty.
    assert covered / draws >= 0.92


def test_a_median_is_the_first_time_at_which_half_are_reached() -> None:
    assert kaplan_meier(array(10, 20, 30, 40), array())[0] == 20
    assert kaplan_meier(array(10, 20), array(100, 100))[0] == 20
    assert kaplan_meier(array(10), array(100, 100))[0] == NOT_REACHED


def test_a_half_that_is_a_product_of_many_steps_is_still_a_half() -> None:
    for people in (10, 22, 46, 118, 1000):
        delays = np.arange(1, people // 2 + 1, dtype=np.int64)
        watched = np.full(people - people // 2, 10_000, dtype=np.int64)
        assert kaplan_meier(delays, watched)[0] == people // 2


def test_the_median_of_nobody_is_not_reached() -> None:
    assert kaplan_meier(array(), array(50, 50)) == (NOT_REACHED, (NOT_REACHED, NOT_REACHED))


def test_the_median_of_a_published_study_is_reproduced() -> None:
    # Freireich et al. 1963, 6-MP: remission in weeks, the textbook example; median 23, lower 95 % log-log bound 13.
    relapsed = array(6, 6, 6, 7, 10, 13, 16, 22, 23)
    censored = array(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    value, (low, high) = kaplan_meier(relapsed, censored)
    assert (value, low, high) == (23, 13, NOT_REACHED)


def test_everybody_reached_at_once_leaves_no_doubt_about_the_median() -> None:
    assert kaplan_meier(np.full(50, 300, dtype=np.int64), array()) == (300, (300, 300))
