"""Leaks planted on purpose: the disclosure forgets something, once, and whether the attacker finds it."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np

from config.schema import Target
from metrics.disclosing.cases import Case
from metrics.disclosing.groups import EVERYBODY
from metrics.disclosing.round import Round
from metrics.disclosure import disclose
from metrics.publish import Publisher
from metrics.reading import State
from tests.metrics.disclosure.attack import Leak, attack, shoot
from tests.metrics.disclosure.organisation import World

Plant = Callable[[list[Case]], bool]
"""Whether it found a place for itself among what is about to be published."""


def show_itself(cases: list[Case]) -> bool:
    """The suppressor forgets one small group; of those held out that is another plant's (`test_effects`)."""
    for case in (case for case in cases if not case.reading.compared):
        did, n = int(case.reading.totals[State.H]), int(case.reading.totals[: State.OUT].sum())
        if case.standing == "hidden" and case.disclosed.hidden and 3 <= did <= n - 3:
            case.disclosed, case.standing = disclose(case.reading, k=1), "shown"
            return True
    return False


def show_all_beside(cases: list[Case]) -> bool:
    """The suppressor forgets one small group's siblings, where every segment that there is has a figure of the same units: else nobody
    is told whose the rest is."""
    places = {case.group.place for case in cases}
    own = [case for case in cases if not case.reading.compared]
    for small in (case for case in own if case.standing == "hidden" and case.disclosed.hidden):
        group = small.group
        alike = [case for case in cases if (case.group.measure, case.group.units) == (group.measure, group.units)]
        wholes = [case for case in alike if case.group.place == EVERYBODY and case.standing == "shown"]
        segments = [case for case in alike if case.group.place[0] == group.place[0] != ""]
        people = sum(int(case.reading.totals[: State.OUT].sum()) for case in segments)
        others = [case for case in segments if case.group != group]
        hidden = [case for case in others if case.standing == "hidden"]
        everybody = wholes and people == int(wholes[0].reading.totals[: State.OUT].sum())
        told_of = {case.group.place for case in segments}
        is_of_all = all(place in told_of for place in places if place[0] == group.place[0])
        vague = any(case.standing == "held" or case.disclosed.hidden or case.disclosed.coarse for case in others)
        if everybody and is_of_all and hidden and not vague:
            for case in hidden:
                case.standing = "shown"
            return True
    return False


def hide_each_apart(cases: list[Case]) -> bool:
    """The suppressor treats two indicators as if they had nothing to do with each other: beside a small group each has another segment
    hidden, as neither alone would mind. Where whoever was reached opened it, what the one hides is what the other shows."""
    for small in (case for case in cases if case.disclosed.hidden and case.group.place != EVERYBODY):
        reach, opened = (_beside(cases, small, indicator) for indicator in ("reach", "opened"))
        if len(reach) == len(opened) > 1:
            for family, hidden in ((reach, reach[0]), (opened, opened[1])):
                for case in family:
                    case.standing = "hidden" if case is hidden else "shown"
            return True
    return False


def _beside(cases: list[Case], small: Case, indicator: str) -> list[Case]:
    """Of the same units all segments but this one, where all of them have figures, and exact ones; else none."""
    alike = [
        case
        for case in cases
        if case.group.measure.startswith(f"{indicator}|")
        and case.group.units == small.group.units
        and len(case.reading.units)
    ]
    wholes = [case for case in alike if case.group.place == EVERYBODY and case.standing == "shown"]
    segments = [case for case in alike if case.group.place[0] == small.group.place[0]]
    others = [case for case in segments if case.group.place != small.group.place]
    told = [case for case in (*wholes, *others) if not (case.disclosed.hidden or case.disclosed.coarse)]
    people = sum(case.reading.people for case in segments)
    is_whole = bool(wholes) and people == wholes[0].reading.people
    return others if is_whole and len(others) < len(segments) and len(told) == len(wholes) + len(others) else []


@contextmanager
def past_apart() -> Iterator[None]:
    """What has become past is decided on without today's figures, and target by target."""
    decide = Publisher._decide

    def forget(self: Publisher, asked: Any, count: Any, last: Any, as_of: Any, became: Any = ()) -> Round:
        round = decide(self, asked, count, last, as_of)
        for _, some in groupby(became, key=lambda each: (each[0].name, each[1].period)):
            round.cases += decide(self, [], count, last, as_of, list(some)).cases
        return round

    Publisher._decide = forget  # type: ignore[method-assign]
    try:
        yield
    finally:
        Publisher._decide = decide  # type: ignore[method-assign]


PLANTS: tuple[Plant, ...] = (show_itself, show_all_beside)
BETWEEN = (
    Target(name="reach_message", indicator="reach", window="24 hours", by="department", period="message"),
    Target(name="opened_message", indicator="opened", window="24 hours", by="department", period="message"),
)


def is_found(world: World, plant: Plant) -> bool | None:
    """Of the first snapshot of a world; None where there is no place for the plant."""
    found = found_by(world, plant)
    return None if found is None else bool(found)


def is_found_between(seed: int) -> bool | None:
    """A leak that neither of two indicators has by itself."""
    return is_found(make_open(seed), hide_each_apart)


def make_open(seed: int) -> World:
    """An organisation of three large departments and a small one, in which whoever was reached has opened it."""
    world = World(seed, 500, BETWEEN)
    codes = world.rng.integers(1, 4, world.size).astype(np.int16)
    codes[: world.rng.integers(2, 2 * world.settings.disclosure.k)] = 0
    world.codes["department"] = codes
    for sent in world.sent:
        sent.attributes["department"] = replace(sent.attributes["department"], codes=codes[sent.person])
        sent.did["opened"] = sent.did["reach"]
        sent.delivered[:], sent.unseen[:] = True, False
    return world


def found_by(world: World, plant: Plant, indicators: Collection[str] = ()) -> list[Leak] | None:
    """What the attacker finds, from the figures of some indicators alone or from all."""
    # Where some have no value, these may be in every whole for all that anybody knows: nothing is left over that is small for sure.
    with _planted(plant, {"", *world.public.complete}) as planted:
        shots = shoot(world, ticks=1)
    if indicators:
        shots = [
            replace(shot, facts=tuple(fact for fact in shot.facts if fact.subject.indicator in indicators))
            for shot in shots
        ]
    return attack(world, shots) if planted else None


@contextmanager
def _planted(plant: Plant, attributes: Collection[str]) -> Iterator[list[int]]:
    """One entry for each time that it found a place, among cases of these attributes."""
    planted: list[int] = []
    decide = Publisher._decide

    def forget(self: Publisher, *arguments: Any) -> Round:
        round = decide(self, *arguments)
        planted.extend([1] if plant([case for case in round.cases if case.group.place[0] in attributes]) else [])
        return round

    Publisher._decide = forget  # type: ignore[assignment, method-assign]
    try:
        yield planted
    finally:
        Publisher._decide = decide  # type: ignore[method-assign]
