"""What is particular to SQLite, the embedded store: one file, one writer at a time. Which store a URL means is left to `database`."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

NAME = "sqlite"

# NORMAL: a power cut may undo the last commits but never damages; the intervals then make us read those records again.
# secure_delete: what was forgotten is overwritten, not merely unlinked.
_PRAGMAS = (
    "PRAGMA busy_timeout = 30000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA secure_delete = ON",
)


def for_writing(url: URL) -> Engine:
    """Each transaction takes the write lock when it begins: one that reads first and writes later could otherwise fail halfway."""
    return _open(url, setup=("PRAGMA journal_mode = WAL", *_PRAGMAS), begin="BEGIN IMMEDIATE")


def for_reading(url: URL) -> Engine:
    """An absent file is an OperationalError, not created."""
    address = Path(url.database or "").absolute().as_uri()
    url = url.set(database=address, query={"mode": "ro", "uri": "true"})
    return _open(url, setup=("PRAGMA query_only = ON", *_PRAGMAS[:1]), begin="BEGIN")


def compact(engine: Engine) -> bool:
    """False where a reader kept the log busy for longer than the busy timeout."""
    with closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        (busy, *_), *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return not busy


def _open(url: URL, *, setup: tuple[str, ...], begin: str) -> Engine:
    # Parameters hold pseudonyms and answers: errors end up in logs.
    engine = create_engine(url, hide_parameters=True)

    def prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # The driver must not begin transactions by its own rules; `start` below does.
        connection.isolation_level = None
        for statement in setup:
            connection.execute(statement)

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", start)
    return engine
