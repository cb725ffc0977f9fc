"""The attack: random organisations' snapshots in the hands of somebody with a solver. `make attack` runs a thousand of them."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from metrics.disclosing.groups import EVERYBODY
from metrics.disclosing.round import Case, Round
from metrics.disclosure import disclose
from metrics.publish import Publisher
from metrics.reading import State
from tests.metrics.disclosure.attack import attack, shoot
from tests.metrics.disclosure.organisation import World

ORGANISATIONS = int(os.environ.get("EARSHOT_TEST_ORGANISATIONS", "3"))
_SIZES = (50, 110, 230, 500, 1100, 2300, 5000)
Plant = Callable[[list[Case]], bool]


def make_world(seed: int) -> World:
    return World(seed, _SIZES[seed % len(_SIZES)])


@pytest.mark.parametrize("seed", range(1, ORGANISATIONS + 1))
def test_no_small_group_is_determined_or_narrowed(seed: int) -> None:
    world = make_world(seed)
    assert attack(world, shoot(world), pairs=4 if ORGANISATIONS < 100 else 8) == []


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


@pytest.mark.parametrize("plant", [show_itself, show_all_beside])
def test_a_planted_leak_is_found_every_time(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    planted: list[int] = []
    decide = Publisher._decide

    def forget(self: Publisher, *arguments: Any) -> Round:
        round = decide(self, *arguments)
        planted.extend([1] if plant(round.cases) else [])
        return round

    monkeypatch.setattr(Publisher, "_decide", forget)
    for seed in range(1_000_000, 1_000_000 + 12 * ORGANISATIONS):
        before, world = len(planted), make_world(seed)
        shots = shoot(world, ticks=1)
        if len(planted) > before:
            assert attack(world, shots, pairs=0), f"organisation {seed}"
    assert planted
