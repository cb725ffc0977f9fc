"""Means and points of a distribution, worked by hand."""

import numpy as np
import pytest

from metrics.bounds import NOT_REACHED, over_messages, wilson
from metrics.figures import Question
from metrics.means import SCORE, mean, percentile
from metrics.reading import Found, State, Times
from tests.metrics.make import row

COUNT, PROCESS = Question("count"), Question("process")
shares = mean()


def found(*units: tuple[int, float, int]) -> Found:
    """Units as (people, the sum of their shares, people who cannot be seen)."""
    counts = np.array([row({State.H: people, State.U: unseen}) for people, _, unseen in units])
    return Found(counts, extra=np.array([(people, round(total * SCORE)) for people, total, _ in units]))


def test_a_mean_pools_the_people_of_all_messages() -> None:
    figures = shares(found((10, 5.0, 0), (30, 21.0, 0)), COUNT)
    assert figures.value == pytest.approx(26 / 40)
    assert (figures.lower, figures.upper) == (figures.value, figures.value)


def test_whoever_cannot_be_seen_may_have_come_to_nothing_or_to_everything() -> None:
    figures = shares(found((40, 20.0, 10)), COUNT)
    assert figures.value == 0.5
    assert (figures.lower, figures.upper) == (20 / 50, 30 / 50)


def test_a_mean_has_no_value_where_more_than_half_cannot_be_seen() -> None:
    figures = shares(found((10, 5.0, 11)), COUNT)
    assert figures.value is None
    assert figures.lower == pytest.approx(5 / 21)


def test_chance_in_the_mean_of_one_message_is_that_of_as_many_people_saying_yes_or_no() -> None:
    figures = shares(found((20, 10.5, 0)), PROCESS)
    assert (figures.lower, figures.upper) == (wilson(10, 20)[0], wilson(11, 20)[1])


def test_chance_in_a_class_is_that_between_messages() -> None:
    figures = shares(found((50, 10.0, 0), (50, 40.0, 0), (50, 25.0, 0)), PROCESS)
    jackknife = over_messages(np.array([10.0, 40.0, 25.0]), np.array([50, 50, 50]))
    assert (figures.lower, figures.upper) == pytest.approx(jackknife)


def test_scores_below_nothing_are_published_as_nothing() -> None:
    guessing = mean(lowest=-1)
    figures = guessing(found((10, -3.0, 0)), COUNT)
    assert figures.value == 0.0
    assert guessing(found((10, 5.0, 0)), COUNT).value == pytest.approx(0.5)


def test_a_percentile_lies_between_neighbours_as_numpy_puts_it() -> None:
    times = (Times(np.array([0, 100, 200]), np.array([5, 4, 2]), open=0, unknown=0, window=0),)
    figures = percentile(0.9)(Found(np.zeros((1, 9), dtype=np.int64), times), COUNT)
    assert figures.value == np.quantile([0] * 5 + [100] * 4 + [200] * 2, 0.9)


def test_chance_in_a_percentile_lies_between_ranks() -> None:
    times = (Times(np.arange(100), np.ones(100, dtype=np.int64), open=0, unknown=0, window=0),)
    figures = percentile(0.9)(Found(np.zeros((1, 9), dtype=np.int64), times), PROCESS)
    # Of 100 people 84 to 95 lie below it, 19 times of 20.
    assert (figures.lower, figures.upper) == (83.0, 95.0)


def test_a_percentile_of_few_people_may_lie_beyond_them_all() -> None:
    for people, highest in ((35, NOT_REACHED), (36, 35.0)):
        times = (Times(np.arange(people), np.ones(people, dtype=np.int64), open=0, unknown=0, window=0),)
        assert percentile(0.9)(Found(np.zeros((1, 9), dtype=np.int64), times), PROCESS).upper == highest
