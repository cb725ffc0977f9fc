"""Whether two groups fare alike, held against a published example."""

import numpy as np
import pytest

from metrics.figures import NOTHING, Question
from metrics.parity import newcombe, parity
from metrics.reading import Found


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
