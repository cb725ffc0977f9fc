"""What was read, as a set too: intervals of positions by source, stream and partition, and the gaps in them. Reading what
is missing is left to the sources."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from collectors.events import Gap, Interval
from metrics.ledger import tables
from metrics.ledger.chunks import cut
from metrics.ledger.upsert import insert_new, insert_or_replace

Position = tuple[str, int]
"""(stream, partition)"""


class RecordedGap(msgspec.Struct, frozen=True):
    source: str
    gap: Gap
    recorded_at: int


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """The union of intervals of one position: sorted, no two touching. Of those that became one, the check of the farthest
    end stands. An empty one that touches no other says where reading begins; one that ends before it starts is a ValueError."""
    merged: list[Interval] = []
    for each in sorted(intervals, key=lambda interval: (interval.start, interval.end, interval.check)):
        if each.start > each.end:
            raise ValueError(f"an interval that ends at {each.end}, before its start at {each.start}")
        if merged and each.start <= merged[-1].end:
            last = merged[-1]
            farthest = max(
                last, each, key=lambda interval: (interval.end, interval.start < interval.end, interval.check)
            )
            merged[-1] = msgspec.structs.replace(last, end=farthest.end, check=farthest.check)
        else:
            merged.append(each)
    return merged


def read_intervals(connection: Connection, source: str) -> dict[Position, list[Interval]]:
    """Everything read from a source so far, merged, by stream and partition."""
    rows = connection.execute(select(tables.interval).where(tables.interval.c.source == source))
    return _by_position(Interval(row.stream, row.partition, row.start, row.end, row.check) for row in rows)


def count_read(connection: Connection, source: str) -> int:
    """Positions of a source that were read, gaps not among them."""
    read = sum(each.end - each.start for intervals in read_intervals(connection, source).values() for each in intervals)
    lost = [found.gap for found in read_gaps(connection) if found.source == source and found.gap.is_loss]
    gone = sum(gap.end - gap.start for gap in lost)
    return max(0, read - gone)


def record_read(connection: Connection, source: str, read: Sequence[Interval]) -> None:
    """Add intervals to those that stand. Two workers that do so at once can leave rows that overlap, never one too few;
    `read_intervals` merges them."""
    for some in cut(chain.from_iterable(_by_position(read).values()), 100):
        _absorb(connection, source, some)


def record_gaps(connection: Connection, source: str, gaps: Sequence[Gap], *, now: int) -> None:
    """Note what is gone for good, once each. What was lost counts as read, so that nobody seeks it again; behind where a log was cut off
    nothing does: those positions are given to other records. What was gone before reading began is sought by nobody."""
    for gap in gaps:
        row = {"source": source, "recorded_at": now, **msgspec.structs.asdict(gap)}
        if insert_new(connection, tables.gap, [row]) and gap.reason == "truncated":
            _cut_off(connection, source, gap)
    lost = [Interval(gap.stream, gap.partition, gap.start, gap.end) for gap in gaps if gap.is_loss]
    record_read(connection, source, lost)


def _cut_off(connection: Connection, source: str, gap: Gap) -> None:
    table = tables.interval
    here = and_(table.c.source == source, table.c.stream == gap.stream, table.c.partition == gap.partition)
    connection.execute(delete(table).where(here, table.c.start >= gap.start))
    connection.execute(update(table).where(here, table.c.end > gap.start).values(end=gap.start))


def read_gaps(connection: Connection) -> list[RecordedGap]:
    """Every gap ever recorded, in order of source, stream, partition and position."""
    rows = connection.execute(select(tables.gap).order_by(*tables.gap.primary_key))
    return [
        RecordedGap(
            row.source,
            Gap(row.stream, row.partition, row.start, row.end, row.reason, row.after, row.before),
            row.recorded_at,
        )
        for row in rows
    ]


def _by_position(intervals: Iterable[Interval]) -> dict[Position, list[Interval]]:
    grouped: dict[Position, list[Interval]] = defaultdict(list)
    for interval in intervals:
        grouped[interval.stream, interval.partition].append(interval)
    return {position: merged for position, each in grouped.items() if (merged := merge(each))}


def _absorb(connection: Connection, source: str, brought: Sequence[Interval]) -> None:
    table = tables.interval
    ours = table.c.source == source
    touching = (and_(*_at(each), table.c.start <= each.end, table.c.end >= each.start) for each in brought)
    rows = connection.execute(select(table).where(ours, or_(*touching)))
    standing = {Interval(row.stream, row.partition, row.start, row.end, row.check) for row in rows}
    united = set(chain.from_iterable(_by_position([*standing, *brought]).values()))
    starts = {(each.stream, each.partition, each.start) for each in united}
    # Exactly the rows that were seen: another worker's may have come between.
    gone = [each for each in standing if (each.stream, each.partition, each.start) not in starts]
    for some in cut(gone, 100):
        exactly = (and_(*_at(each), table.c.start == each.start, table.c.end == each.end) for each in some)
        connection.execute(delete(table).where(ours, or_(*exactly)))
    added = [{"source": source, **msgspec.structs.asdict(each)} for each in united - standing]
    insert_or_replace(connection, table, added, wins=lambda new: new["end"] >= table.c.end)


def _at(interval: Interval) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return tables.interval.c.stream == interval.stream, tables.interval.c.partition == interval.partition
