"""Where a partition is begun, by the intervals that the database has of it: the first hole that the broker still holds, and the gaps that
it does not; and what is noted of one where nothing was read yet. Asking the broker is left to `kafka`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from collectors.events import BEFORE_START, Gap, Interval
from collectors.source import Position, Record


def stream_of(topic: str, topic_id: str) -> str:
    """A topic's name is given again, its id never."""
    return f"{topic}:{topic_id}"


def topic_of(stream: str) -> str:
    return stream.rpartition(":")[0]


class Held(msgspec.Struct, frozen=True):
    """From where to where the brokers hold records of a partition."""

    stream: str
    partition: int
    start: int
    end: int

    @property
    def position(self) -> Position:
        return (self.stream, self.partition)


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
        """The gaps, once it is known when they end: at the first record read behind them, or now where there is none. What was gone before
        we looked ended by now at the latest, and is told with whatever is read first: the next start would not know of it any more."""
        known = first is not None or self.next >= self.end
        told = [gap for gap in self.gaps if known or (not gap.is_loss and self.next > gap.end)]
        self.gaps = [gap for gap in self.gaps if gap not in told]
        before = first.received_at if first is not None else now
        return [_end(gap, before) if gap.is_loss else _end_before_start(gap, before or now, now) for gap in told]


def note_beginnings(
    held: Iterable[Held], read: Mapping[Position, Sequence[Interval]], now: int
) -> dict[Position, Interval]:
    """An empty interval where each partition begins of which nothing was read, so that what is gone before anybody reads it is missed. Its
    check is the moment up to which nothing was there. None of those that the database knows, unless that moment has moved.

    All partitions of a topic are noted together, when it is first seen. So one that was not there then, or is of a topic made again, began
    at 0, whatever retention has left of it."""
    noted = {}
    for each in held:
        there, topic = read.get(each.position, ()), topic_of(each.stream)
        seen = [one for (stream, _), intervals in read.items() if topic_of(stream) == topic for one in intervals]
        begin = there[0].start if there else 0 if seen else each.start
        if not there or max(there[-1].end, each.end) == begin:
            empty_at = now if each.end == begin else max(map(_moment, seen), default=0)
            noted[each.position] = Interval(each.stream, each.partition, begin, begin, str(empty_at))
    return noted


def find_place(intervals: Sequence[Interval], start: int, end: int) -> Place:
    """`intervals`: of this partition, one at least; `start`, `end`: of what the broker holds."""
    first = intervals[0]
    stream, partition = first.stream, first.partition
    place = Place(stream, partition, first.end, end, _moment(first))
    after = place.last or None
    if len(intervals) == 1 and 0 < first.start == first.end:
        # Nothing was read of it yet, and it did not begin at 0.
        place.gaps.append(Gap(stream, partition, 0, first.start, BEFORE_START, None, after))
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


def _end(gap: Gap, before: int | None) -> Gap:
    """Where the records behind it are older than what came before, nobody knows since when they are missing."""
    after = None if gap.after is not None and before is not None and gap.after > before else gap.after
    return msgspec.structs.replace(gap, after=after, before=before)


def _end_before_start(gap: Gap, before: int, now: int) -> Gap:
    """At the moment at which the partition was seen empty, if it was."""
    return msgspec.structs.replace(gap, before=min(before, now) if gap.before is None else gap.before)


def _moment(interval: Interval) -> int:
    return int(interval.check) if interval.check.isdecimal() else 0
