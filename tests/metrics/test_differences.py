"""Differences between segments beyond chance, worked by hand."""

import numpy as np
import pytest

from metrics.differences import spread
from metrics.figures import Question
from metrics.reading import Found


def deviation(*segments: tuple[int, int]) -> float | None:
    extra = np.array([[number for pair in segments for number in pair]], dtype=np.int64)
    return spread(Found(np.zeros((1, 9), dtype=np.int64), extra=extra), Question("count")).value


def test_segments_that_differ_no_more_than_chance_would_have_it_do_not_differ() -> None:
    # 50 of 100 and 55 of 100: two draws of one coin differ as much.
    assert deviation((50, 100), (55, 100)) == 0.0


def test_what_chance_adds_is_taken_off() -> None:
    # p = 0.5; sum n (p_j - p)^2 = 2 * 100 * 0.09 = 18; by chance 1 * 0.25; over 200 - 20000 / 200 = 100.
    assert deviation((20, 100), (80, 100)) == pytest.approx(((18 - 0.25) / 100) ** 0.5)


def test_one_segment_differs_from_nothing_and_small_ones_say_nothing() -> None:
    assert deviation((20, 100)) is None
    assert deviation((20, 100), (9, 9)) is None
