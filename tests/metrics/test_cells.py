"""From people to counts: segments, and campaigns in which each person counts once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from metrics.cells import Classed, count, merge
from metrics.reading import D, Delays, E, State
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


def test_every_person_stands_in_one_state_and_in_one_segment() -> None:
    one = classed({1: State.H, 2: State.U, 3: State.OUT, 4: State.H}, {1: "Lyon", 2: "Lyon", 3: "Graz"})
    cells = count(one, ["site"])
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
    cells = count(merge([first, reminder]), ["site"])
    counted = dict(zip(cells.values["site"], cells.counts["site"][:, State.H].tolist(), strict=True))
    assert {value: number for value, number in counted.items() if number} == {"Lyon": 1, "Turku": 1}


def test_a_delay_is_that_of_the_first_message_that_reached_the_person() -> None:
    def delays(seconds: list[int], reached: list[bool], unknown: list[bool], window: int) -> Delays:
        return Delays(np.array(seconds), np.array(reached), np.array(unknown), window)

    first = classed(
        {1: State.H, 2: State.NOT, 3: State.U},
        delays=delays([300, 0, 0], [True, False, False], [False, False, True], 900),
    )
    later = classed({1: State.H, 2: State.H, 3: State.H}, delays=delays([600, 600, 900], [True] * 3, [False] * 3, 1200))
    (times,) = count(merge([first, later]), []).times[""]
    assert dict(zip(times.seconds.tolist(), times.reached.tolist(), strict=True)) == {300: 1, 600: 1, 900: 1}
    assert (times.open, times.unknown, times.window) == (0, 0, 1200)
