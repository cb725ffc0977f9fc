"""A record that kills every process which has it in hand is set aside after the third, and nothing else is; a process that is killed for
another reason changes nothing."""

import pytest

from collectors.cautious import DEATHS, PIECE, Cautious
from collectors.events import Interval
from collectors.memory import MemorySource
from collectors.source import Position
from metrics.ledger.intervals import merge

BODIES = [b"record %d" % number for number in range(3 * PIECE + 7)]


class Notes:
    """What outlives the processes; `process`: which of them is at work."""

    def __init__(self) -> None:
        self.notes: dict[Position, tuple[int, int, int]] = {}
        self.process = 0

    def look(self, position: Position, offset: int) -> int:
        noted = self.notes.get(position)
        return noted[1] - (noted[2] == self.process) if noted is not None and noted[0] == offset else 0

    def begin(self, position: Position, offset: int, at_least: int = 0) -> int:
        others = max(at_least, self.look(position, offset))
        self.notes[position] = (offset, others + 1, self.process)
        return others

    def end(self, position: Position) -> None:
        self.notes.pop(position, None)


class Life:
    """Processes that come one after another, each reading on where the last had recorded."""

    def __init__(self, *deadly: bytes) -> None:
        self.notes, self.deadly = Notes(), deadly
        self.read: dict[Position, list[Interval]] = {}
        self.recorded: list[bytes] = []
        self.aside: list[bytes] = []

    def live(self, *, polls: int = 500, limit: int = 5) -> bool:
        """Whether the process came through."""
        self.notes.process += 1
        memory = MemorySource("source")
        for body in BODIES:
            memory.append(body)
        source = Cautious(memory, self.notes)
        source.start(self.read)
        for _ in range(polls):
            poll = source.poll(limit)
            for block in poll.blocks:
                if any(record.body in self.deadly and record.refused is None for record in block.records):
                    return False
            for block in poll.blocks:
                self.recorded += [record.body for record in block.records if record.refused is None]
                self.aside += [record.body for record in block.records if record.refused is not None]
                position = (block.read.stream, block.read.partition)
                self.read[position] = merge([*self.read.get(position, ()), block.read])
            source.acknowledge([block.read for block in poll.blocks])
        return True


def test_nobody_who_lives_notices_anything() -> None:
    life = Life()
    assert life.live()
    assert (life.recorded, life.aside) == (BODIES, [])
    assert life.notes.notes == {}


@pytest.mark.parametrize("at", [0, 1, 3, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 5, len(BODIES) - 1])
@pytest.mark.parametrize("limit", [1, 2, 5, PIECE, 1000])
def test_a_record_that_kills_is_set_aside_after_the_third_death_that_was_noted_and_its_neighbours_are_read(
    at: int, limit: int
) -> None:
    life = Life(BODIES[at])
    deaths = 0
    while not life.live(limit=limit):
        deaths += 1
    # The first is not noted where it came to pass in the middle of a process's life.
    assert deaths == (DEATHS if at < limit else DEATHS + 1)
    assert life.aside == [BODIES[at]]
    assert life.recorded == BODIES[:at] + BODIES[at + 1 :]


def test_two_records_that_kill_are_both_set_aside() -> None:
    life = Life(BODIES[4], BODIES[PIECE + 4])
    assert [life.live(limit=1000) for _ in range(2 * DEATHS + 2)][-1]
    assert life.aside == [BODIES[4], BODIES[PIECE + 4]]
    assert len(life.recorded) == len(BODIES) - 2


def test_a_process_killed_in_between_for_another_reason_sets_nothing_aside() -> None:
    life = Life()
    for _ in range(20):
        life.live(polls=1, limit=1)
    assert life.live()
    assert (life.recorded, life.aside) == (BODIES, [])


def test_a_process_that_tries_again_after_the_database_was_away_has_not_died_of_it() -> None:
    notes = Notes()
    for _ in range(10):
        assert notes.begin(("stream", 0), 7) == 0


def test_deaths_over_one_partition_set_nothing_of_another_aside() -> None:
    notes, aside = Notes(), []
    for _ in range(3 * DEATHS):
        notes.process += 1
        memory = MemorySource("source")
        for partition in range(3):
            memory.append(b"good", partition=partition)
        source = Cautious(memory, notes)
        source.start({})
        # It dies with the first that it is handed: nothing is ever recorded.
        while not (poll := source.poll(10)).blocks:
            pass
        aside += [block.read.partition for block in poll.blocks for record in block.records if record.refused]
    assert set(aside) == {0}
