"""Opening the ledger's database and bringing its tables up to date: the one place that knows what is particular to SQLite.
What the tables are is left to `tables`, how they changed over time to `migrations`."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

_MIGRATIONS = Path(__file__).parent / "migrations"

# NORMAL: a power cut may undo the last commits but never damages; the intervals then make us read those records again.
# secure_delete: what was forgotten is overwritten, not merely unlinked.
_PRAGMAS = (
    "PRAGMA busy_timeout = 30000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA secure_delete = ON",
)


def open_database(url: str) -> Engine:
    """An engine for reading and writing; the database of SQLite is created if absent (its folder is not).

    On SQLite each transaction takes the write lock when it begins: a transaction that reads first and writes later
    could otherwise fail halfway. Raises sqlalchemy's OperationalError at the first connection where the database is away.
    """
    return _open(make_url(url), setup=("PRAGMA journal_mode = WAL", *_PRAGMAS), begin="BEGIN IMMEDIATE")


def open_readonly(url: str) -> Engine:
    """An engine that can only read, beside a running writer. An absent SQLite file is an OperationalError, not created."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, execution_options={"postgresql_readonly": True})
    if parsed.database and not parsed.database.startswith("file:"):
        address = Path(parsed.database).absolute().as_uri()
        parsed = parsed.set(database=address, query={"mode": "ro", "uri": "true"})
    return _open(parsed, setup=("PRAGMA query_only = ON", *_PRAGMAS[:1]), begin="BEGIN")


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest version, in one transaction; nothing happens where they are. Safe to call always,
    by several processes too."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _open(url: URL, *, setup: tuple[str, ...], begin: str) -> Engine:
    engine = create_engine(url)
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
