"""What is hidden does not depend on the process that decides it, nor on the order in which it looks: whoever takes over from another hides
the same."""

import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from metrics.disclosing.atoms import cut
from metrics.disclosing.rows import Rows
from tests.metrics.disclosure.attack import choose, find_narrow, shoot
from tests.metrics.disclosure.attacker import Attacker, Question
from tests.metrics.disclosure.campaign import make_world
from tests.metrics.disclosure.tables import Tables
from tests.metrics.disclosure.test_optimum import made_up

_UNITS = ("one", "two", "three")


def decided() -> str:
    """How classes that overlap are cut, and what is hidden where any of many departments would do."""
    classes = {frozenset((name,) for name in names) for names in (_UNITS[:2], _UNITS[1:], _UNITS)}
    tables = Tables(**{unit: _all_alike() for unit in _UNITS})
    told = {
        group: range for units in ("one", "one two", "one two three") for group, range in tables.told(units).items()
    }
    hidden = tables.hide(told)
    kinds = (hidden.small, hidden.beside, hidden.waiting)
    groups = [sorted((each.place, sorted(each.units)) for each in kind) for kind in kinds]
    return str(([sorted(units) for units in cut(classes)], groups))


def _all_alike() -> dict[str, tuple[int, int]]:
    return {f"department={number}": (4, 9 if number < 2 else 20) for number in range(6)}


def attacked() -> str:
    """Whom the attacker asks for, and how closely they hold each, however wide that is."""
    world = make_world(7)
    shots = shoot(world, ticks=4)
    asked = [(target.subject, shot.now) for target, shot in choose(world, shots)]
    facts = [fact for shot in shots for fact in shot.facts]
    questions = [Question(subject, "did", now, 0) for subject, now in asked]
    ranges = Attacker(facts, world.public).ranges(questions, enough=[np.inf] * len(questions))
    chosen = [(subject[:2], sorted(subject.units), subject.place, now) for subject, now in asked]
    return str((chosen, [str(leak) for leak in find_narrow(world, shots)], ranges))


def in_process(hash_seed: int, what: Callable[[], str] = decided) -> str:
    name = what.__name__
    command = [sys.executable, "-c", f"from tests.metrics.disclosure import test_repeatable as t; print(t.{name}())"]
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": "."}
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def test_two_processes_hide_the_same() -> None:
    one, *others = (in_process(seed) for seed in (1, 2, 3))
    assert "department" in one
    assert all(other == one for other in others)


def test_the_attack_finds_the_same_in_every_process() -> None:
    one, other = (in_process(seed, attacked) for seed in (1, 2))
    assert "department" in one
    assert other == one


@pytest.mark.parametrize("seed", [52, 167, 1, 2])
def test_what_was_solved_before_does_not_decide_what_is_hidden(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    tables, told = made_up(np.random.default_rng(seed))
    hidden = tables.hide(told)
    assert hidden.beside
    # Each group by itself, as if nothing were looked at together.
    monkeypatch.setattr(Rows, "explore", lambda _self, groups: list(range(len(groups))))
    assert tables.hide(told) == hidden
