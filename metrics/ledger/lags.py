"""How much was still to be read of each partition when whoever reads it looked last: for those who evaluate and read no source themselves.
How that is found out is left to the sources."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, func, select

from metrics.ledger.tables import lag
from metrics.ledger.upsert import insert_or_replace

Waiting = Mapping[tuple[str, int], int]
"""(topic, partition) to records."""

_SECOND = 1_000_000
_FRESH = 60 * _SECOND
# Of a partition that nobody has looked at for so long, nobody will: its topic is gone, or nobody reads at all.
_GONE = 3600 * _SECOND


def note_lags(connection: Connection, source: str, waiting: Waiting, now: int) -> None:
    """What one of those who read a source knows of its partitions at `now` (microseconds since 1970 UTC)."""
    rows = [
        {"source": source, "topic": topic, "partition": partition, "waiting": records, "at": now}
        for (topic, partition), records in waiting.items()
    ]
    insert_or_replace(connection, lag, rows, wins=lambda new: new["at"] >= lag.c.at)
    connection.execute(delete(lag).where(lag.c.source == source, lag.c.at < now - _GONE))


def read_waiting(connection: Connection) -> dict[str, int]:
    """How many records waited at the last look, by source; sources that nobody looked at are left out."""
    rows = connection.execute(select(lag.c.source, func.sum(lag.c.waiting)).group_by(lag.c.source))
    return {source: int(waiting) for source, waiting in rows}


def has_read_all(connection: Connection, sources: Iterable[str], now: int) -> bool:
    """Whether somebody looked at every known partition of each source within the last minute, and nothing waited."""
    worst = (func.max(lag.c.waiting), func.min(lag.c.at))
    rows = connection.execute(select(lag.c.source, *worst).where(lag.c.at >= now - _GONE).group_by(lag.c.source))
    read = {source for source, waiting, at in rows if waiting == 0 and at >= now - _FRESH}
    return read.issuperset(sources)
