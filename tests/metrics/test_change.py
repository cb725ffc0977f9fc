"""The chart of changes: how often it cries where nothing changed, how soon it finds what did, and many of them at once."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from metrics.change import EARLIEST, FALSE_DISCOVERIES, LIMIT, find_fallen, moving_average, score

Draw = Callable[[np.random.Generator], NDArray[np.float64]]
STATED = 370  # messages between two false alarms, at the least


def scores_of(series: NDArray[np.float64]) -> list[float]:
    found = (score(value, series[:place]) for place, value in enumerate(series.tolist()))
    return [each for each in found if each is not None]


def alarms(series: NDArray[np.float64]) -> int | None:
    """After how many messages that could be judged the chart first cries."""
    scores = scores_of(series)
    return next(
        (end for end in range(1, len(scores) + 1) if moving_average(scores[max(0, end - 40) : end]) < -LIMIT), None
    )


def run_length(draws: list[NDArray[np.float64]]) -> float:
    """Messages watched for each false alarm; series without one count whole."""
    found = [alarms(series) for series in draws]
    watched = sum(len(series) - EARLIEST if at is None else at for series, at in zip(draws, found, strict=True))
    return watched / max(1, sum(at is not None for at in found))


def normal(chance: np.random.Generator) -> NDArray[np.float64]:
    return chance.normal(0.8, 0.4, 160)


def people(chance: np.random.Generator) -> NDArray[np.float64]:
    """Shares of audiences from fifty to some thousands, with spread between the messages."""
    sizes = np.clip(np.exp(chance.normal(5.7, 1.2, 160)), 50, 50_000).astype(int)
    reached = chance.binomial(sizes, chance.beta(22, 9, 160))
    odds: NDArray[np.float64] = np.log(reached + 0.5) - np.log(sizes - reached + 0.5)
    return odds


def heavy_tailed(chance: np.random.Generator) -> NDArray[np.float64]:
    return 0.8 + 0.3 * chance.standard_t(4, 160)


@pytest.mark.parametrize("draw", [normal, people, heavy_tailed], ids=["normal", "shares of people", "heavy tails"])
def test_where_nothing_changed_it_cries_less_often_than_stated(draw: Draw) -> None:
    chance = np.random.default_rng(20_261_122)
    assert run_length([draw(chance) for _ in range(250)]) >= STATED


@pytest.mark.parametrize(("spreads", "messages"), [(1.0, 30), (2.0, 8), (3.0, 5)])
def test_a_lasting_fall_is_found_soon(spreads: float, messages: int) -> None:
    chance = np.random.default_rng(7)
    found = 0
    for _ in range(60):
        series = normal(chance)[: 40 + messages]
        series[40:] -= spreads * 0.4
        found += moving_average(scores_of(series)) < -LIMIT or alarms(series) is not None
    assert found / 60 >= 0.6 if spreads == 1.0 else found / 60 >= 0.85


def test_a_score_is_a_standard_normal_number() -> None:
    chance = np.random.default_rng(3)
    found = np.array([each for _ in range(150) for each in scores_of(normal(chance)[:40])])
    assert abs(found.mean()) < 0.05
    assert abs(found.std() - 1) < 0.05


def test_too_short_a_history_says_nothing() -> None:
    assert score(0.0, np.arange(EARLIEST - 1, dtype=np.float64)) is None
    assert score(0.0, np.arange(EARLIEST, dtype=np.float64)) is not None
    assert find_fallen([]) == []


def test_one_message_alone_however_bad_is_no_fall() -> None:
    series = normal(np.random.default_rng(4))[:60]
    series[-1] = -9.0
    assert moving_average(scores_of(series)) > -LIMIT
    series[-3:] = -9.0
    assert moving_average(scores_of(series)) < -LIMIT


def test_a_history_without_spread_does_not_cry_at_every_ripple() -> None:
    flat = score(-0.01, np.zeros(EARLIEST))
    assert flat is not None
    assert flat > -1


def test_the_order_of_numbers_in_a_sum_is_that_of_the_messages() -> None:
    assert moving_average([1.0, 0.0]) < moving_average([0.0, 1.0])
    assert moving_average([-1.0]) == pytest.approx(-1.0)


def test_of_many_charts_few_of_those_that_cry_are_false() -> None:
    chance = np.random.default_rng(11)
    false = cried = snapshots = 0
    for _ in range(2_000):
        averages = chance.normal(size=60)
        averages[:6] -= 6.0  # these have fallen
        fallen = find_fallen(averages.tolist())
        assert not any(at >= -LIMIT for at, found in zip(averages.tolist(), fallen, strict=True) if found)
        false, cried = false + sum(fallen[6:]), cried + sum(fallen)
        snapshots += any(find_fallen(chance.normal(size=60).tolist()))
    assert false / cried <= FALSE_DISCOVERIES
    assert snapshots / 2_000 <= FALSE_DISCOVERIES, "where none has fallen, hardly a moment at which one is said to have"
