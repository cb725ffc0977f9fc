"""Whether two groups fare alike, held against a published example."""

import math

import numpy as np
import pytest

from metrics.bounds import over_messages
from metrics.figures import NOTHING, Question
from metrics.parity import effect, newcombe, parity
from metrics.reading import Found, State


def figures(first: tuple[int, int], second: tuple[int, int], question: str = "count") -> tuple[float | None, ...]:
    found = Found(np.zeros((1, 9), dtype=np.int64), extra=np.array([[*first, *second]], dtype=np.int64))
    made = parity(found, Question("count" if question == "count" else "process"))
    return made.value, made.lower, made.upper


def test_the_interval_is_that_of_newcombe_1998() -> None:
    # Table II, method 10: 56 of 70 beside 48 of 80, and nobody of 10 beside nobody of 20.
    assert newcombe((56, 70), (48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert newcombe((0, 10), (0, 20)) == pytest.approx((-0.1611, 0.2775), abs=5e-5)


def test_one_half_is_equal_and_less_is_worse_for_the_first() -> None:
    assert figures((3, 6), (10, 20)) == (0.5, 0.5, 0.5)
    assert figures((0, 6), (20, 20))[0] == 0.0
    assert figures((3, 6), (15, 20))[0] == pytest.approx((0.5 - 0.75 + 1) / 2)


def test_chance_is_counted_where_asked_for() -> None:
    value, lower, upper = figures((56, 70), (48, 80), "process")
    assert value == pytest.approx(0.6)
    assert (lower, upper) == pytest.approx(((1 + 0.0524) / 2, (1 + 0.3339) / 2), abs=5e-5)


def test_without_one_of_the_two_there_is_nothing_to_compare() -> None:
    empty = Found(np.zeros((1, 9), dtype=np.int64), extra=np.array([[0, 0, 2, 3]], dtype=np.int64))
    assert parity(empty, Question("process")) == NOTHING


def sides(*units: tuple[tuple[int, int, int], tuple[int, int, int]]) -> Found:
    """Of each unit (did it, could not be seen, did not) of the audience and of those held out."""
    counts = np.zeros((len(units), 9), dtype=np.int64)
    held = np.zeros((len(units), 6), dtype=np.int64)
    for table, side in ((counts, 0), (held, 1)):
        table[:, [State.H, State.U, State.NOT]] = [unit[side] for unit in units]
    return Found(counts, extra=held)


def test_an_effect_is_the_difference_from_those_held_out_with_newcombes_interval() -> None:
    made = effect(sides(((56, 0, 14), (48, 0, 32))), Question("process"))
    assert made.value == pytest.approx((1 + 0.8 - 0.6) / 2)
    assert (made.lower, made.upper) == pytest.approx(((1 + 0.0524) / 2, (1 + 0.3339) / 2), abs=5e-5)
    assert made.measured == pytest.approx((0.6, 0.6))


def test_whoever_could_not_be_seen_on_either_side_widens_an_effect() -> None:
    # 20 of 90 known less 5 of 45 known; at the least 20/100 - 10/50 = 0, at the most 30/100 - 5/50 = 0.2.
    made = effect(sides(((20, 10, 70), (5, 5, 40))), Question("count"))
    assert made.value == pytest.approx((1 + 20 / 90 - 5 / 45) / 2)
    assert (made.lower, made.upper) == pytest.approx((0.5, 0.6))
    assert made.measured == (made.lower, made.upper)


def test_assuming_that_the_unseen_did_as_the_others_an_effect_has_the_interval_of_the_known() -> None:
    made = effect(sides(((56, 30, 14), (48, 20, 32))), Question("process", missing_at_random=True))
    assert (made.lower, made.upper) == pytest.approx(((1 + 0.0524) / 2, (1 + 0.3339) / 2), abs=5e-5)


def test_over_messages_each_side_has_the_chance_of_its_messages() -> None:
    units = (((30, 0, 70), (5, 0, 45)), ((60, 0, 40), (6, 0, 44)), ((50, 0, 50), (0, 0, 0)))
    made = effect(sides(*units), Question("process"))
    assert made.value is not None
    assert made.value == pytest.approx((1 + 140 / 300 - 11 / 100) / 2)
    (low, high), (held_low, held_high) = (
        over_messages(np.array([30, 60, 50]), np.array([100, 100, 100])),
        over_messages(np.array([5, 6]), np.array([50, 50])),
    )
    down = math.hypot(140 / 300 - low, held_high - 0.11)
    up = math.hypot(high - 140 / 300, 0.11 - held_low)
    assert (made.lower, made.upper) == pytest.approx(((2 * made.value - down) / 2, (2 * made.value + up) / 2))


def test_without_anybody_held_out_there_is_no_effect_to_tell() -> None:
    assert effect(sides(((20, 0, 30), (0, 0, 0))), Question("process")) == NOTHING


def test_where_most_of_one_side_could_not_be_seen_there_is_a_range_and_no_value() -> None:
    made = effect(sides(((20, 0, 30), (2, 30, 18))), Question("count"))
    assert made.value is None
    assert made.measured == pytest.approx(((1 + 0.4 - 32 / 50) / 2, (1 + 0.4 - 2 / 50) / 2))
