"""Locks by which processes that share one PostgreSQL keep out of each other's way. They end with the transaction, or with the connection,
that took them. On SQLite, where one writer comes after the other, they do nothing.

Whoever records holds the latch of recording together with everybody else who does; whoever takes something away (a person, times, sets)
holds it alone, until COMMIT. So what was looked up while recording (is this person erased? is this reference closed?) still holds when it
is written. Whoever changes the sets holds the latch of folding alone, on the very connection that reads and writes them.
"""

from typing import Final

from sqlalchemy import Connection, text

# Any numbers, the same in every version. Advisory locks belong to one database: two services on one server do not meet.
_MIGRATING: Final = 0x6561727368_01
_RECORDING: Final = 0x6561727368_02
_FOLDING: Final = 0x6561727368_03
EVALUATING: Final = 0x6561727368_04
"""Held by a connection for as long as it lives: that of the one who evaluates (`postgresql.for_evaluating`)."""


def share_recording(connection: Connection) -> None:
    """Until this transaction ends, nothing is taken away."""
    _take(connection, "pg_advisory_xact_lock_shared", _RECORDING)


def bar_recording(connection: Connection) -> None:
    """From now until this transaction ends, nobody records; waits for those who do. To be called before anything that recording writes
    is locked, or the two wait for each other."""
    _take(connection, "pg_advisory_xact_lock", _RECORDING)


def bar_folding(connection: Connection) -> None:
    """From now until this transaction ends, nobody else changes the sets."""
    _take(connection, "pg_advisory_xact_lock", _FOLDING)


def bar_migrating(connection: Connection) -> None:
    """From now until this transaction ends, nobody else changes the tables; waits for many who start at once."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '2min'"))
    _take(connection, "pg_advisory_xact_lock", _MIGRATING)


def _take(connection: Connection, function: str, key: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT {function}(:key)"), {"key": key})
