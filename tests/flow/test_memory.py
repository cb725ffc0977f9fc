"""Whoever evaluates for hours keeps nothing of its ticks: neither for good, nor in cycles until Python comes to them. How much memory
processes have is left to `make soak`."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.load import load
from roles import WHOLE_EVERY, Service
from sites import Site
from tests.flow.office import DAY, SENT, Office

# Blocks of Python's memory. The statements of one tick are over five hundred; kept are days and positions, and in between small
# objects that Python sets aside for the next ones until it collects everything.
_MOST_KEPT, _MOST_BETWEEN = 500, 12_000


@pytest.fixture
def never_collecting() -> Iterator[None]:
    """As where so much that it would collect by itself has not gathered yet."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("never_collecting")
def test_ticks_leave_nothing_in_memory(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=["delivered", "opened", "rated"])
    office.send("m")
    office.tell("opened", range(40))
    office.publish([{"indicator": name, "window": "48 hours"} for name in ("opened", "reach", "usefulness")])
    settings = load(tmp_path / "earshot.yaml", {}).settings
    assert settings is not None
    now, held = SENT + 15 * DAY, []
    with Service(Site(settings), lambda: now * 1_000_000) as service:
        for number in range(3 * WHOLE_EVERY):
            now += 5
            # The newest word counts: each of them is something to count anew.
            office.tell("rated", [number % 40], at=SENT + DAY + number, value=1 + number % 5)
            service.turn()
            service.tick()
            held.append(sys.getallocatedblocks())
    whole = held[WHOLE_EVERY - 1 :: WHOLE_EVERY]
    assert whole[2] - whole[1] < _MOST_KEPT
    assert max(held[WHOLE_EVERY:]) - whole[0] < _MOST_BETWEEN
