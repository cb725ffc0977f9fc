"""Value and bounds from counts, worked by hand."""

from dataclasses import replace

import numpy as np
import pytest

from metrics.bounds import NOT_REACHED, over_messages, wilson
from metrics.figures import NOTHING, Question, Rows, median, ratio, ratios
from metrics.reading import COLUMNS, State, Times
from tests.metrics.make import row

COUNT, PROCESS = Question("count"), Question("process")


def test_the_unseen_widen_the_bounds_and_are_left_out_of_the_value() -> None:
    # 100 people: 50 did, 10 behind a proxy, 10 unseen, 5 scanned perhaps, 5 scanned surely, 20 did not.
    counts = np.array([row({State.H: 50, State.P: 10, State.U: 10, State.S_LIKELY: 5, State.S: 5, State.NOT: 20})])
    figures = ratio(counts, COUNT)
    assert figures.value == 50 / 80
    assert (figures.lower, figures.upper) == (0.50, 0.75)
    assert figures.raw == 0.70


def test_where_more_than_half_cannot_be_measured_there_are_bounds_and_no_value() -> None:
    figures = ratio(np.array([row({State.H: 30, State.U: 60, State.NOT: 10})]), COUNT)
    assert figures.value is None
    assert (figures.lower, figures.upper) == (0.30, 0.90)


def test_a_message_that_shows_only_those_who_did_has_a_part_in_the_range_and_none_in_the_value() -> None:
    # Of the first nobody is known not to have: its 60 of 100 are no 100 %. The second shows both.
    counts = np.array([row({State.H: 60, State.U: 40}), row({State.H: 120, State.NOT: 80})])
    figures = ratio(counts, COUNT, np.array([False, True]))
    assert figures.value == 120 / 200
    assert (figures.lower, figures.upper) == (180 / 300, 220 / 300)
    assert ratio(counts[:1], COUNT, np.array([False])).value is None


def test_people_outside_the_denominator_do_not_count() -> None:
    assert ratio(np.array([row({State.H: 3, State.NOT: 1, State.OUT: 96})]), COUNT).value == 0.75


def test_nobody_has_no_value_and_no_bounds() -> None:
    assert ratio(np.zeros((0, 9), dtype=np.int64), COUNT).lower is None
    assert ratio(np.array([row({State.OUT: 5})]), COUNT).value is None


@pytest.mark.parametrize("question", [COUNT, PROCESS, Question("process", missing_at_random=True)])
def test_many_shares_are_what_each_is_alone(question: Question) -> None:
    dice = np.random.default_rng(20261122)
    bounds = np.cumsum([0, *dice.integers(0, 5, 60)])
    counts = np.zeros((bounds[-1], COLUMNS), dtype=np.int64)
    counts[:, : State.OUT] = dice.integers(0, 30, (bounds[-1], State.OUT)) * (
        dice.random((bounds[-1], State.OUT)) < 0.6
    )
    telling, blind = dice.random(bounds[-1]) < 0.8, dice.choice([0.0, 0.1, 0.6], 60)
    together = ratios(Rows(counts, telling, bounds), question, blind)
    for found, begin, end, blind_share in zip(together, bounds, bounds[1:], blind.tolist(), strict=False):
        alone = replace(question, blind_share=blind_share)
        assert found == ratio(counts[begin:end], alone, telling[begin:end])
    assert NOTHING in together


def test_process_takes_its_lower_bound_from_those_seen_and_its_upper_from_those_possible() -> None:
    counts = np.array([row({State.H: 50, State.U: 10, State.NOT: 40}), row({State.H: 30, State.NOT: 20})])
    figures = ratio(counts, PROCESS)
    n = np.array([100, 50])
    assert figures.lower == over_messages(np.array([50, 30]), n)[0]
    assert figures.upper == over_messages(np.array([60, 30]), n)[1]
    assert figures.measured == (80 / 150, 90 / 150)


def test_missing_at_random_puts_the_interval_around_the_value() -> None:
    counts = np.array([row({State.H: 50, State.U: 20, State.NOT: 30})])
    figures = ratio(counts, Question("process", missing_at_random=True))
    assert (figures.lower, figures.upper) == wilson(50, 80)
    figures = ratio(counts, Question("count", missing_at_random=True))
    assert (figures.lower, figures.upper) == (50 / 80, 50 / 80)


def test_a_blind_share_widens_the_upper_bound_alone() -> None:
    figures = ratio(np.array([row({State.H: 50, State.NOT: 50})]), Question("count", blind_share=0.2))
    assert (figures.lower, figures.upper) == (0.5, 0.5 / 0.8)


def times(reached: dict[int, int], *, left: int = 0, unknown: int = 0) -> Times:
    seconds = np.array(sorted(reached), dtype=np.int64)
    return Times(seconds, np.array([reached[at] for at in sorted(reached)], dtype=np.int64), left, unknown, window=9000)


def test_a_median_counts_the_unknown_as_reached_at_once_and_as_never_for_its_bounds() -> None:
    figures = median([times({300: 3, 600: 3, 900: 3}, left=1, unknown=4)], COUNT)
    assert figures.value == 600
    assert (figures.lower, figures.upper) == (300, 900)


def test_beside_a_median_stands_what_it_would_be_were_every_machine_a_person() -> None:
    told = replace(times({900: 4, 1200: 2}, left=4), raw=times({300: 6, 900: 2}, left=2))
    assert (median([told], COUNT).value, median([told], COUNT).raw) == (1200, 300)
    assert median([told, times({300: 1})], COUNT).raw is None, "of some nobody knows it"


def test_a_median_beyond_the_window_is_not_reached() -> None:
    assert median([times({300: 3}, left=10)], COUNT).value == NOT_REACHED


def test_the_median_of_several_messages_pools_their_people() -> None:
    assert median([times({300: 1, 900: 1}), times({300: 2, 600: 4})], COUNT).value == 600


@pytest.mark.parametrize("judge", [COUNT, PROCESS], ids=["what happened", "how we communicate"])
def test_nobody_has_no_median(judge: Question) -> None:
    assert median([], judge).value is None
    assert median([times({})], judge).lower is None


def test_chance_between_messages_widens_the_bounds_of_a_median() -> None:
    quick, slow = times({300: 40, 600: 10}), times({3000: 40, 6000: 10})
    figures = median([quick, slow, quick, slow], PROCESS)
    assert figures.lower is not None
    assert figures.upper is not None
    assert figures.lower <= 300 < 3000 <= figures.upper
