"""All sources, turn by turn: who is behind, who is paused, who fails. One source in trouble never holds up another."""

import logging
from collections.abc import Callable, Mapping, Sequence

import msgspec

from collectors.events import Interval
from collectors.loop import Intake
from collectors.source import Position

_LOG = logging.getLogger(__name__)
RECORDS_A_TURN = 20_000

ReadSoFar = Callable[[str], Mapping[Position, Sequence[Interval]]]
"""A source's name to what the ledger says was read of it."""


class Turn(msgspec.Struct, frozen=True):
    """What one turn of all sources brought. `pending`: bytes or records known to wait, of those that can tell; `tripped`: sources
    that were paused just now, and why."""

    records: int
    caught_up: bool
    pending: int
    tripped: dict[str, str]


class Rounds:
    """`failing`: why a source's last turn failed, by name; empty where none did. `behind`: the sources that were not read to their end
    in the last turn, the failing ones and the paused ones included."""

    def __init__(self, intakes: Sequence[Intake], read_so_far: ReadSoFar) -> None:
        self._intakes = {intake.name: intake for intake in intakes}
        self._read_so_far = read_so_far
        self._started: set[str] = set()
        self.failing: dict[str, str] = {}
        self.behind: set[str] = set()
        self.pending: dict[str, int | None] = {}

    def turn(self) -> Turn:
        """Let each source bring in what it has, up to a limit. Raises what handing over raises (the database is away): then
        every source begins at its first hole again."""
        records, caught_up, tripped = 0, True, {}
        self.behind = set(self._intakes)
        for name, intake in self._intakes.items():
            try:
                if name not in self._started:
                    intake.start(self._read_so_far(name))
                    self._started.add(name)
                step = intake.step(RECORDS_A_TURN)
                if step.begin_again:
                    self._started.discard(name)
            except OSError as error:
                self._fail(name, error)
                continue
            self.failing.pop(name, None)
            self.pending[name] = step.pending
            records += step.records
            caught_up = caught_up and (step.caught_up or intake.paused)
            if step.caught_up:
                self.behind.discard(name)
            if step.tripped is not None:
                tripped[name] = step.tripped
        return Turn(records, caught_up, sum(pending or 0 for pending in self.pending.values()), tripped)

    def _fail(self, name: str, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        if self.failing.get(name) != reason:
            _LOG.warning("source %s: %s", name, reason)
        self.failing[name] = reason

    def restart(self) -> None:
        """The database connection was lost: ask it again what was read."""
        self._started.clear()

    def hold(self) -> None:
        """Read nothing, and stay in touch with those one reads from: so while the database is away."""
        for name, intake in self._intakes.items():
            try:
                intake.hold()
            except OSError as error:
                self._fail(name, error)

    def pause(self, name: str) -> None:
        self._intakes[name].paused = True

    def resume(self, name: str) -> None:
        self._intakes[name].resume()

    def is_paused(self, name: str) -> bool:
        return self._intakes[name].paused

    def close(self) -> None:
        """Let go of every source; what was not recorded is read again by the next process."""
        for intake in self._intakes.values():
            intake.close()
