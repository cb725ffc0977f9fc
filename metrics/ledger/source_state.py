"""Which sources are paused, and why, until somebody resumes them. When a source pauses is left to `collectors.stop_rule`."""

from typing import NamedTuple

from sqlalchemy import Connection, delete, select

from metrics.ledger.tables import source_state
from metrics.ledger.upsert import insert_new


class Paused(NamedTuple):
    reason: str
    paused_at: int


def pause(connection: Connection, source: str, reason: str, at: int) -> None:
    """Pause a source at a moment (microseconds since 1970 UTC); one that is paused keeps its first reason."""
    insert_new(connection, source_state, [{"source": source, "reason": reason, "paused_at": at}])


def resume(connection: Connection, source: str) -> bool:
    """Let a source go on; whether it was paused."""
    return bool(connection.execute(delete(source_state).where(source_state.c.source == source)).rowcount)


def is_paused(connection: Connection, source: str) -> bool:
    return source in list_paused(connection)


def list_paused(connection: Connection) -> dict[str, Paused]:
    """The paused sources by name."""
    rows = connection.execute(select(source_state.c.source, source_state.c.reason, source_state.c.paused_at))
    return {source: Paused(reason, at) for source, reason, at in rows}
