"""Leaks planted on purpose: the disclosure forgets something, once, and whether the attacker finds it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from metrics.disclosing.groups import EVERYBODY
from metrics.disclosing.round import Case, Round
from metrics.disclosure import disclose
from metrics.publish import Publisher
from metrics.reading import State
from tests.metrics.disclosure.attack import attack, shoot
from tests.metrics.disclosure.organisation import World

Plant = Callable[[list[Case]], bool]
"""Whether it found a place for itself among what is about to be published."""


def show_itself(cases: list[Case]) -> bool:
    """The suppressor forgets one small group."""
    for case in cases:
        did, n = int(case.reading.totals[State.H]), int(case.reading.totals[: State.OUT].sum())
        if case.standing == "hidden" and case.disclosed.hidden and 3 <= did <= n - 3:
            case.disclosed, case.standing = disclose(case.reading, k=1), "shown"
            return True
    return False


def show_all_beside(cases: list[Case]) -> bool:
    """The suppressor forgets one small group's siblings."""
    for small in (case for case in cases if case.standing == "hidden" and case.disclosed.hidden):
        group = small.group
        alike = [case for case in cases if (case.group.measure, case.group.units) == (group.measure, group.units)]
        wholes = [case for case in alike if case.group.place == EVERYBODY and case.standing == "shown"]
        segments = [case for case in alike if case.group.place[0] == group.place[0] != ""]
        people = sum(int(case.reading.totals[: State.OUT].sum()) for case in segments)
        others = [case for case in segments if case.group != group]
        hidden = [case for case in others if case.standing == "hidden"]
        everybody = wholes and people == int(wholes[0].reading.totals[: State.OUT].sum())
        vague = any(case.standing == "held" or case.disclosed.hidden or case.disclosed.coarse for case in others)
        if everybody and hidden and not vague:
            for case in hidden:
                case.standing = "shown"
            return True
    return False


PLANTS: tuple[Plant, ...] = (show_itself, show_all_beside)


def is_found(world: World, plant: Plant) -> bool | None:
    """Of the first snapshot of a world; None where there is no place for the plant."""
    with _planted(plant) as planted:
        shots = shoot(world, ticks=1)
    return bool(attack(world, shots)) if planted else None


@contextmanager
def _planted(plant: Plant) -> Iterator[list[int]]:
    """One entry for each time that it found a place."""
    planted: list[int] = []
    decide = Publisher._decide

    def forget(self: Publisher, *arguments: Any) -> Round:
        round = decide(self, *arguments)
        planted.extend([1] if plant(round.cases) else [])
        return round

    Publisher._decide = forget  # type: ignore[assignment, method-assign]
    try:
        yield planted
    finally:
        Publisher._decide = decide  # type: ignore[method-assign]
