"""Where a partition is begun, by the intervals that the database has of it: the first hole that the broker still holds, and the gaps that
it does not. Asking the broker is left to `kafka`."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from collectors.events import Gap, Interval
from collectors.source import Position, Record


def stream_of(topic: str, topic_id: str) -> str:
    """A topic's name is given again, its id never."""
    return f"{topic}:{topic_id}"


def topic_of(stream: str) -> str:
    return stream.rpartition(":")[0]


class Place(msgspec.Struct):
    """A partition as it is read. `next`: the next offset; `end`: behind the last that may be read, when it was last asked for; `last`: when
    the last record read was received (microseconds since 1970 UTC), 0 where nobody knows; `gaps`: found, and not told yet."""

    stream: str
    partition: int
    next: int
    end: int
    last: int = 0
    gaps: list[Gap] = msgspec.field(default_factory=list)

    @property
    def position(self) -> Position:
        return (self.stream, self.partition)

    def end_gaps(self, first: Record | None, now: int) -> list[Gap]:
        """The gaps, once it is known when they end: at the first record read behind them, or now where there is none."""
        if not self.gaps or (first is None and self.next < self.end):
            return []
        before = first.received_at if first is not None else now
        gaps = [msgspec.structs.replace(gap, before=before) for gap in self.gaps]
        self.gaps = []
        return gaps


def find_place(stream: str, partition: int, read: Mapping[Position, Sequence[Interval]], start: int, end: int) -> Place:
    """`start`, `end`: of what the broker holds. What was never seen is begun where it begins."""
    intervals = read.get((stream, partition), ())
    if not intervals:
        return Place(stream, partition, start, end)
    first = intervals[0]
    place = Place(stream, partition, first.end, end, _moment(first))
    after = place.last or None
    if place.next < start:
        reached = place.next
        for interval in [*intervals[1:], Interval(stream, partition, start, start)]:
            if interval.start > reached:
                place.gaps.append(Gap(stream, partition, reached, min(interval.start, start), "retention", after))
            if interval.start >= start:
                break
            reached, after = interval.end, _moment(interval) or None
        place.next = max(start, reached)
    elif place.next > end:
        # An election has given up what we had read: its offsets are given again, to other records.
        place.gaps.append(Gap(stream, partition, end, end, "truncated", after))
        place.next = end
    return place


def ended(topic: str, stream: str, read: Mapping[Position, Sequence[Interval]], now: int) -> Iterator[Gap]:
    """Topics of this name that are no more, told once: what they still held is gone, and nobody knows how much that was. An interval that a
    gap ended has no check any more."""
    for (other, partition), intervals in sorted(read.items(), key=lambda item: item[0]):
        if other != stream and topic_of(other) == topic and intervals and intervals[-1].check:
            last = intervals[-1]
            yield Gap(other, partition, intervals[0].end, last.end + 1, "recreated", _moment(last) or None, now)


def _moment(interval: Interval) -> int:
    return int(interval.check) if interval.check.isdecimal() else 0
