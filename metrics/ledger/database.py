"""Opening the ledger's database and bringing its tables up to date: the one place that knows what is particular to SQLite.
What the tables are is left to `tables`, how they changed over time to `migrations`."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

__all__ = ["Connection", "Engine", "compact", "migrate", "open_database", "open_readonly"]

_MIGRATIONS = Path(__file__).parent / "migrations"

# NORMAL: a power cut may undo the last commits but never damages; the intervals then make us read those records again.
# secure_delete: what was forgotten is overwritten, not merely unlinked.
_PRAGMAS = (
    "PRAGMA busy_timeout = 30000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA secure_delete = ON",
)


def open_database(store: str | Path) -> Engine:
    """An engine for reading and writing. `store`: a database's URL, or the path of a SQLite file, which is created if absent
    (its folder is not).

    On SQLite each transaction takes the write lock when it begins: a transaction that reads first and writes later
    could otherwise fail halfway. Raises sqlalchemy's OperationalError at the first connection where the database is away.
    """
    return _open(_url(store), setup=("PRAGMA journal_mode = WAL", *_PRAGMAS), begin="BEGIN IMMEDIATE")


def open_readonly(store: str | Path) -> Engine:
    """An engine that can only read, beside a running writer: each transaction sees one state of everything, however long it takes. An
    absent SQLite file is an OperationalError, not created."""
    url = _url(store)
    if url.get_backend_name() != "sqlite":
        return _create(url).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    address = Path(url.database or "").absolute().as_uri()
    url = url.set(database=address, query={"mode": "ro", "uri": "true"})
    return _open(url, setup=("PRAGMA query_only = ON", *_PRAGMAS[:1]), begin="BEGIN")


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version, in one transaction; nothing happens where they are. Safe to call always,
    by several processes too."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def compact(engine: Engine) -> bool:
    """Write the whole database anew, without what was deleted, and empty its log. Takes as much room again for a while.
    False where a reader kept the log busy for longer than the busy timeout."""
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM FULL")
        return True
    with closing(engine.raw_connection()) as raw:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        (busy, *_), *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return not busy


def _url(store: str | Path) -> URL:
    return URL.create("sqlite", database=str(store)) if isinstance(store, Path) else make_url(store)


def _create(url: URL) -> Engine:
    # Parameters hold pseudonyms and answers: errors end up in logs.
    return create_engine(url, hide_parameters=True)


def _open(url: URL, *, setup: tuple[str, ...], begin: str) -> Engine:
    engine = _create(url)
    if engine.dialect.name != "sqlite":
        return engine

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
