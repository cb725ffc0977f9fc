"""A period over its people, worked by hand."""

import numpy as np

from config.schema import IndicatorSettings, Organisation
from metrics.clock import Clocks
from metrics.entries import read_entry
from metrics.era import Era, Footprint
from metrics.people import Coded
from metrics.reading import D, E, State
from metrics.rosters import Employed
from metrics.sight import Sight

PEOPLE = np.array([2, 3, 5, 8], dtype=np.int32)
SITE = Coded(("Graz", "Lyon"), np.array([1, 0, 1, -1], dtype=np.int16))


def footprint(person: list[int], exposure: list[int]) -> Footprint:
    marks = {"exposure": np.array(exposure, dtype=np.int32)}
    return Footprint(read_entry({"id": "m"}), np.array(person, dtype=np.int32), marks)


def era(*messages: Footprint) -> Era:
    return Era(
        begin=0,
        end=1,
        staff=Employed(PEOPLE, {"site": SITE}),
        messages=messages,
        young=(),
        around=(),
        raised=np.zeros(0, dtype=np.int32),
        items=0,
        settings=IndicatorSettings(),
        clocks=Clocks(Organisation()),
        sight=Sight({}, frozenset(), {}),
        wanted=("site",),
    )


def test_everybody_stands_in_their_best_state_and_whoever_was_meant_by_nothing_in_none() -> None:
    found = era(footprint([2, 4, 5], [State.U, State.H, State.NOT]), footprint([2, 9], [State.P, State.H]))
    assert found.best("exposure").tolist() == [State.P, State.NOT, State.NOT, State.NOT]


def test_people_are_counted_by_segment() -> None:
    states = np.array([State.H, State.H, State.NOT, State.OUT], dtype=np.uint8)
    cells = era().count(states)
    assert cells.counts[""][0, [State.H, State.NOT, State.OUT, E]].tolist() == [2, 1, 1, 4]
    assert cells.counts["site"][:, State.H].tolist() == [1, 1]


def test_deliveries_are_counted_beside_the_people_they_went_to() -> None:
    cells = era().count_deliveries(np.array([2, 0, 1, 0]), np.array([3, 0, 0, 4]))
    assert cells.counts[""][0, [State.H, State.NOT, E, D]].tolist() == [3, 7, 3, 3]
    assert cells.counts["site"][1, [State.H, State.NOT, E]].tolist() == [3, 3, 2]


def test_amounts_are_kept_as_a_distribution_without_people() -> None:
    times = era().distribute(np.array([0, 60, 60, 10])).times[""][0]
    assert (times.seconds.tolist(), times.reached.tolist()) == ([0, 10, 60], [1, 1, 2])
