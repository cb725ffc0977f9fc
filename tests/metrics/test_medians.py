"""Medians from counts: those of the people who were counted, for a class as for any class drawn from its messages."""

import numpy as np
import pytest
from numpy.typing import NDArray

from metrics import medians
from metrics.bounds import NOT_REACHED, kaplan_meier, middle_of
from metrics.medians import make_steps, median_of, resampled_medians
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
@pytest.mark.parametrize("chunk", [1, 3, 512])
def test_the_median_of_counts_is_that_of_the_people_counted(
    unknown: str, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(medians, "_CHUNK", chunk)
    dice = np.random.default_rng(20261122)
    reached = 0
    for _ in range(400):
        times = some_messages(dice, int(dice.integers(1, 6)), longest=40)
        median = median_of(make_steps(times, unknown=unknown))
        assert median == kaplan_meier(*people_of(times, unknown))[0]
        reached += median != NOT_REACHED
    assert 50 < reached < 400, "both sides of the half are met"


@pytest.mark.parametrize("rows", [1, 2_000_000], ids=["class by class", "all at once"])
def test_a_class_drawn_from_messages_has_the_median_of_the_people_drawn(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(medians, "_ROWS", rows)
    dice = np.random.default_rng(7)
    times = some_messages(dice, 6, longest=60)
    draws = np.random.default_rng([3]).multinomial(6, np.full(6, 1 / 6), size=999)
    drawn = [[times[place] for place in np.repeat(np.arange(6), draw)] for draw in draws]
    expected = sorted(kaplan_meier(*people_of(each, "never"))[0] for each in drawn)
    assert resampled_medians(make_steps(times, unknown="never"), seed=[3]).tolist() == expected


def test_resampled_medians_are_the_same_for_one_seed_and_hold_the_pooled_one() -> None:
    times = some_messages(np.random.default_rng(5), 20, longest=500)
    steps = make_steps(times, unknown="at once")
    drawn = resampled_medians(steps, seed=[7])
    assert np.array_equal(drawn, resampled_medians(steps, seed=[7]))
    low, high = middle_of(drawn)
    assert low <= median_of(steps) <= high


def test_nobody_is_never_reached() -> None:
    nobody = Times(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), 0, 0, 100)
    assert median_of(make_steps([nobody, nobody], unknown="never")) == NOT_REACHED
    assert set(resampled_medians(make_steps([nobody, nobody], unknown="never"), seed=[1])) == {NOT_REACHED}
