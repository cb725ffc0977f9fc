"""A source in memory: what tests, replays and the contract suite read from, with everything a broker's log can do
(holes in the offsets, headers, times of receipt, a log start that moves)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from collectors.events import BEFORE_START, Gap, Interval
from collectors.source import Block, Poll, Position, Record


@dataclass
class _Log:
    """`start`: the first offset still held; `end`: the next to be given; `next`: the next to be handed out."""

    records: list[Record] = field(default_factory=list)
    start: int = 0
    end: int = 0
    next: int = 0


class MemorySource:
    """Partitions of records. What was acknowledged stands in `acknowledged`, for tests to look at."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.acknowledged: list[Interval] = []
        self._logs: dict[Position, _Log] = {}
        self._gone: list[Gap] = []

    def append(
        self,
        body: bytes,
        *,
        stream: str = "memory",
        partition: int = 0,
        received_at: int | None = None,
        headers: dict[str, str] | None = None,
        refused: tuple[str, str] | None = None,
    ) -> int:
        """The record's offset."""
        log = self._logs.setdefault((stream, partition), _Log())
        log.records.append(Record(log.end, body, received_at, headers, refused))
        log.end += 1
        return log.end - 1

    def leave_hole(self, offsets: int, *, stream: str = "memory", partition: int = 0) -> None:
        """Offsets without a record, as compaction and control records leave them."""
        self._logs.setdefault((stream, partition), _Log()).end += offsets

    def lose(self, before: int, *, stream: str = "memory", partition: int = 0) -> None:
        """Offsets before this one are gone, as retention takes them."""
        log = self._logs[stream, partition]
        log.start = max(log.start, min(before, log.end))
        log.records = [record for record in log.records if record.offset >= log.start]

    def start(self, read: Mapping[Position, Sequence[Interval]]) -> None:
        self._gone = []
        for position, log in self._logs.items():
            intervals = read.get(position, ())
            log.next = intervals[0].end if intervals else log.start
            if log.start and not intervals:
                self._gone.append(Gap(*position, 0, log.start, BEFORE_START))

    def poll(self, limit: int) -> Poll:
        blocks: list[Block] = []
        gaps: list[Gap] = []
        if limit > 0:
            gaps, self._gone = self._gone, []
            for position, log in self._logs.items():
                if log.next < log.start:
                    gaps.append(Gap(*position, log.next, log.start, "retention"))
                    log.next = log.start
                taken = limit - sum(len(block.records) for block in blocks)
                if taken > 0 and log.next < log.end:
                    blocks.append(_take(position, log, taken))
        pending = sum(log.end - log.next for log in self._logs.values())
        return Poll(blocks, gaps, pending == 0, pending)

    def cut(self, block: Block, records: int) -> Interval:
        read = block.read
        end = block.records[records].offset if records < len(block.records) else read.end
        return Interval(read.stream, read.partition, read.start, end)

    def acknowledge(self, read: Sequence[Interval]) -> None:
        self.acknowledged += read

    def close(self) -> None:
        """Nothing to release."""


def _take(position: Position, log: _Log, limit: int) -> Block:
    waiting = [record for record in log.records if record.offset >= log.next]
    taken = waiting[:limit]
    end = waiting[limit].offset if len(waiting) > limit else log.end
    read = Interval(*position, log.next, end)
    log.next = end
    return Block(taken, read)
