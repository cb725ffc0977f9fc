"""A record that kills the process would kill it again for ever: so what is in hand when work begins is noted first, and after deaths at the
same place records are handed out in pieces, then one by one, until the one that kills is found and set aside. Keeping the notes is left
to the caller."""

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from collectors.events import KILLS, Interval
from collectors.source import Block, Poll, Position, Record, Source

DEATHS = 3
"""A record is set aside after so many."""
PIECE = 50
"""Records that are handed out together after a death: few enough to try one by one after the next, and many enough to get on."""
LARGE_PIECE = 1000
"""Likewise, of a partition where nobody has died."""
_WHY = (KILLS, f"{DEATHS} processes ended without a word while it was in hand")


class Attempts(Protocol):
    """Notes that outlive the process."""

    def look(self, position: Position, offset: int) -> int:
        """How many other processes began at an offset and never ended."""

    def begin(self, position: Position, offset: int, at_least: int = 0) -> int:
        """Note, before anything else is done, that work begins at an offset; how many other processes began there and never ended,
        `at_least` as many as are known otherwise."""

    def end(self, position: Position) -> None:
        """The work that was begun is done."""


class Cautious:
    """`source`, with care. Only the first records after a start are noted: those that follow could not have been in hand before."""

    def __init__(self, source: Source, attempts: Attempts) -> None:
        self.name = source.name
        self._source = source
        self._attempts = attempts
        self._proven: set[Position] = set()
        self._begun: set[Position] = set()
        self._held: deque[tuple[Block, int]] = deque()

    def start(self, read: Mapping[Position, Sequence[Interval]]) -> None:
        self._source.start(read)
        self._proven.clear()
        self._held.clear()

    def poll(self, limit: int) -> Poll:
        if limit and self._held:
            return self._hand_out_one()
        poll = self._source.poll(limit)
        fresh: dict[Position, int] = {}
        for block in poll.blocks:
            position = (block.read.stream, block.read.partition)
            if block.records and position not in self._proven and position not in fresh:
                fresh[position] = block.records[0].offset
        deaths = {position: self._attempts.look(position, offset) for position, offset in fresh.items()}
        if not any(deaths.values()):
            for position, offset in fresh.items():
                self._begin(position, offset)
            return poll
        # From here on only what is handed out is in hand, or deaths of one partition's would count for another's.
        for block in poll.blocks:
            self._held += _split(block, deaths.get((block.read.stream, block.read.partition), 0))
        return Poll((), poll.gaps, caught_up=False, pending=poll.pending)

    def _begin(self, position: Position, offset: int, at_least: int = 0) -> int:
        self._begun.add(position)
        return self._attempts.begin(position, offset, at_least)

    def cut(self, block: Block, records: int) -> Interval:
        return self._source.cut(block, records)

    def acknowledge(self, read: Sequence[Interval]) -> None:
        self._source.acknowledge(read)
        held = {(block.read.stream, block.read.partition) for block, _ in self._held}
        for position in {(each.stream, each.partition) for each in read} & self._begun - held:
            self._attempts.end(position)
            self._begun.discard(position)
            self._proven.add(position)

    def close(self) -> None:
        self._source.close()

    def _hand_out_one(self) -> Poll:
        block, deaths = self._held.popleft()
        position = (block.read.stream, block.read.partition)
        if not block.records:
            return Poll([block], caught_up=False)
        deaths = self._begin(position, block.records[0].offset, deaths)
        if deaths >= DEATHS:
            block = Block([_set_aside(block.records[0]), *block.records[1:]], block.read)
        return Poll([block], caught_up=False)


def _split(block: Block, deaths: int) -> list[tuple[Block, int]]:
    """In pieces, each with how many may have died of it. Whoever died first had all of it in hand, whoever died next a piece, and then a
    record: so after three deaths it is known which."""
    count = len(block.records)
    if not count:
        return [(block, 0)]
    if deaths == 0:
        return [(piece, 0) for piece in _cut(block, range(0, count, LARGE_PIECE))]
    if deaths == 1:
        return [(piece, 1) for piece in _cut(block, range(0, count, PIECE))]
    if deaths == 2:
        singly = min(PIECE, count)
        *singles, rest = _cut(block, range(singly + 1 if singly < count else singly))
        return [*((single, 2) for single in singles), (rest, 0 if singly < count else 2)]
    first, *rest_of_it = _cut(block, range(min(2, count)))
    return [(first, deaths), *((piece, 0) for piece in rest_of_it)]


def _cut(block: Block, begins: Sequence[int]) -> list[Block]:
    """The block in pieces that begin at these records; the first begins with the block."""
    read, blocks = block.read, []
    for begin, end in zip(begins, [*begins[1:], len(block.records)], strict=True):
        records = block.records[begin:end]
        start = read.start if begin == 0 else records[0].offset
        whole = end == len(block.records)
        stop = read.end if whole else block.records[end].offset
        check = read.check if whole else str(records[-1].received_at or 0)
        blocks.append(Block(records, Interval(read.stream, read.partition, start, stop, check)))
    return blocks


def _set_aside(record: Record) -> Record:
    return msgspec.structs.replace(record, refused=record.refused or _WHY)
