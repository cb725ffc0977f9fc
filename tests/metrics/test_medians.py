"""Medians from counts: those of the people who were counted; of several messages with what chance does between them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from metrics import medians
from metrics.bounds import NOT_REACHED, kaplan_meier, over_messages
from metrics.medians import between_messages, make_steps, median_of
from metrics.reading import Times


def some_messages(dice: np.random.Generator, messages: int, *, longest: int) -> list[Times]:
    found = []
    for _ in range(messages):
        window = int(dice.integers(1, longest))
        seconds = np.unique(dice.integers(0, window + 1, dice.integers(0, 15)))
        reached = dice.integers(1, 9, len(seconds))
        found.append(Times(seconds, reached, int(dice.integers(0, 30)), int(dice.integers(0, 9)), window))
    return found


def people_of(times: list[Times], unknown: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One entry a person: when they were reached, or how long they were watched."""
    reached = [np.repeat(unit.seconds, unit.reached) for unit in times]
    watched = [np.full(unit.open + (unit.unknown if unknown == "never" else 0), unit.window) for unit in times]
    if unknown == "at once":
        reached += [np.zeros(unit.unknown, dtype=np.int64) for unit in times]
    return np.concatenate(reached), np.concatenate(watched)


@pytest.mark.parametrize("unknown", ["at once", "never", "left out"])
def test_the_median_of_counts_is_that_of_the_people_counted(unknown: str) -> None:
    dice = np.random.default_rng(20261122)
    reached = 0
    for _ in range(400):
        times = some_messages(dice, int(dice.integers(1, 6)), longest=40)
        median = median_of(make_steps(times, unknown=unknown))
        assert median == kaplan_meier(*people_of(times, unknown))[0]
        reached += median != NOT_REACHED
    assert 50 < reached < 400, "both sides of the half are met"


def a_message(*slots: int, left: int = 0, window: int = 3000) -> Times:
    """So many people are reached in each five minutes from the beginning on, halfway through them."""
    seconds = np.array([150 + 300 * slot for slot, people in enumerate(slots) if people], dtype=np.int64)
    return Times(seconds, np.array([people for people in slots if people], dtype=np.int64), left, 0, window)


def bounds(*times: Times) -> tuple[float, float]:
    return between_messages(make_steps(times, unknown="never"))


@pytest.mark.parametrize("together", [1, 2, 512])
def test_a_half_may_and_surely_has_been_reached_by_the_interval_of_shares(
    together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(medians, "_SLOTS", together)
    slots = np.array([(2, 10, 8, 25, 30, 10), (0, 14, 10, 18, 31, 14), (4, 6, 12, 22, 34, 12)])
    people = slots.sum(axis=1) + 10
    shares = [over_messages(reached, people) for reached in np.cumsum(slots, axis=1).T]
    # By the end of the third slot it is surely fewer than half, by the end of the fourth perhaps, and of the fifth surely more.
    assert [(low > 0.5, high >= 0.5) for low, high in shares[2:5]] == [(False, False), (False, True), (True, True)]
    assert bounds(*(a_message(*row, left=10) for row in slots.tolist())) == (900, 1500)


def test_the_interval_holds_the_median_of_all_people() -> None:
    dice = np.random.default_rng(5)
    for _ in range(200):
        times = [a_message(*dice.integers(0, 9, 8).tolist(), left=int(dice.integers(0, 25))) for _ in range(5)]
        low, high = bounds(*times)
        assert low <= median_of(make_steps(times, unknown="never")) <= high


def test_a_half_that_is_surely_not_reached_is_not_reached() -> None:
    assert bounds(a_message(1, 2, left=50), a_message(2, 1, left=50)) == (NOT_REACHED, NOT_REACHED)
    assert bounds(a_message(left=50), a_message(left=50)) == (NOT_REACHED, NOT_REACHED)


def test_two_messages_that_differ_widely_say_nothing() -> None:
    assert bounds(a_message(40, 10), a_message(0, 0, 0, 5, left=45)) == (0, NOT_REACHED)


def test_nothing_is_said_of_what_came_after_the_shortest_window() -> None:
    quick = a_message(10, 10, left=30, window=900)
    late = a_message(10, 10, 0, 0, 0, 0, 30, window=3000)
    assert bounds(*[late] * 4) == (1800, 2100)
    assert bounds(*[quick] * 2, *[late] * 2) == (900, NOT_REACHED)


def test_windows_that_end_in_neighbouring_slots_are_alike() -> None:
    late = [a_message(10, 10, 0, 0, 30, window=window) for window in (1500, 1500, 1800, 1800)]
    assert bounds(*late) == (1200, 1500)


def test_nobody_is_never_reached() -> None:
    nobody = Times(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0, 0, 100)
    assert median_of(make_steps([nobody, nobody], unknown="never")) == NOT_REACHED
