"""From people to counts: segments, and campaigns in which each person counts once."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import metrics.cells
from metrics.cells import Classed, Segments, count, merge
from metrics.counting import Segmented
from metrics.reading import Cells, D, Delays, E, State
from metrics.rosters import Coded

people = st.dictionaries(st.integers(0, 30), st.sampled_from(list(State)), min_size=1)


def classed(states: dict[int, State], segments: dict[int, str] | None = None, delays: Delays | None = None) -> Classed:
    person = np.array(sorted(states), dtype=np.int32)
    values = tuple(sorted(set((segments or {}).values())))
    codes = [values.index(segments[one]) if segments and one in segments else -1 for one in person.tolist()]
    return Classed(
        person=person,
        attributes={"site": Coded(values, np.array(codes, dtype=np.int16))},
        states=np.array([states[one] for one in person.tolist()], dtype=np.uint8),
        delivered=np.array([states[one] != State.OUT for one in person.tolist()]),
        delays=delays,
    )


def counted(classed: Classed, attributes: list[str]) -> Cells:
    return count(classed, Segments(classed.attributes, attributes, len(classed.person)))


def test_segments_are_made_once_for_messages_to_the_same_people_and_anew_for_others() -> None:
    segmented, staff, others = (
        Segmented(["site"]),
        classed({1: State.H}, {1: "Lyon"}),
        classed({1: State.H}, {1: "Graz"}),
    )
    first = segmented.of(staff.attributes, 1)
    assert segmented.of(staff.attributes, 1) is first
    assert segmented.of(others.attributes, 1).values["site"] == ("Graz",)
    assert segmented.of(staff.attributes, 1).values["site"] == ("Lyon",)


def test_every_person_stands_in_one_state_and_in_one_segment() -> None:
    one = classed({1: State.H, 2: State.U, 3: State.OUT, 4: State.H}, {1: "Lyon", 2: "Lyon", 3: "Graz"})
    cells = counted(one, ["site"])
    assert cells.values["site"] == ("Graz", "Lyon")
    lyon = cells.counts["site"][1]
    assert (lyon[State.H], lyon[State.U], lyon[E], lyon[D]) == (1, 1, 2, 2)
    whole = cells.counts[""][0]
    assert (whole[State.H], whole[State.U], whole[State.OUT], whole[E], whole[D]) == (2, 1, 1, 4, 3)


@given(st.lists(people, min_size=1, max_size=4))
def test_in_a_campaign_each_person_counts_once_by_the_best_that_is_known(messages: list[dict[int, State]]) -> None:
    merged = merge([classed(states) for states in messages])
    everybody = sorted({person for states in messages for person in states})
    best = [min(states[person] for states in messages if person in states) for person in everybody]
    assert merged.person.tolist() == everybody
    assert merged.states.tolist() == best


def test_the_segment_is_that_of_the_first_message_meant_for_a_person() -> None:
    first = classed({1: State.NOT}, {1: "Lyon"})
    reminder = classed({1: State.H, 2: State.H}, {1: "Graz", 2: "Turku"})
    cells = counted(merge([first, reminder]), ["site"])
    human = dict(zip(cells.values["site"], cells.counts["site"][:, State.H].tolist(), strict=True))
    assert {value: number for value, number in human.items() if number} == {"Lyon": 1, "Turku": 1}


def test_a_delay_is_that_of_the_first_message_that_reached_the_person() -> None:
    def delays(seconds: list[int], reached: list[bool], unknown: list[bool], window: int) -> Delays:
        return Delays(np.array(seconds), np.array(reached), np.array(unknown), window)

    first = classed(
        {1: State.H, 2: State.NOT, 3: State.U},
        delays=delays([300, 0, 0], [True, False, False], [False, False, True], 900),
    )
    later = classed({1: State.H, 2: State.H, 3: State.H}, delays=delays([600, 600, 900], [True] * 3, [False] * 3, 1200))
    (times,) = counted(merge([first, later]), []).times[""]
    assert dict(zip(times.seconds.tolist(), times.reached.tolist(), strict=True)) == {300: 1, 600: 1, 900: 1}
    assert (times.open, times.unknown, times.window) == (0, 0, 1200)


@pytest.mark.parametrize("most", [1, 40, 10_000], ids=["each attribute apart", "two together", "all together"])
def test_each_attribute_is_counted_as_if_it_were_the_only_one(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics.cells, "_MOST_COMBINATIONS", most)
    dice = np.random.default_rng(1)
    codes = {"site": dice.integers(-1, 4, 500), "grade": dice.integers(-1, 7, 500), "team": dice.integers(-1, 40, 500)}
    attributes = {
        name: Coded(tuple(map(str, range(each.max() + 1))), each.astype(np.int16)) for name, each in codes.items()
    }
    states, delivered = dice.integers(0, 7, 500).astype(np.uint8), dice.random(500) < 0.5
    reached = states == State.H
    seconds = np.where(reached, dice.integers(0, 9, 500) * 300, 0)
    delays = Delays(seconds, reached, states == State.U, window=2400)
    cells = counted(Classed(np.arange(500, dtype=np.int32), attributes, states, delivered, delays), [*codes, "unknown"])
    assert list(cells.values) == ["", *codes]
    for name, rows in cells.counts.items():
        for row, counts in enumerate(rows):
            inside = codes[name] == row if name else np.full(500, True)
            expected = [int((inside & (states == state)).sum()) for state in State]
            assert counts.tolist() == [*expected, int(inside.sum()), int((inside & delivered).sum())]
            times = cells.times[name][row]
            assert dict(zip(times.seconds.tolist(), times.reached.tolist(), strict=True)) == Counter(
                seconds[inside & reached].tolist()
            )
            assert (times.unknown, times.people) == (expected[State.U], inside.sum())
