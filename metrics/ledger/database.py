"""Opening the ledger's database, of whichever kind. What is particular to one kind is left to `sqlite` and `postgresql`, what the tables
are to `tables`, bringing them up to date to `migrating`."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy import Connection as Connection
from sqlalchemy import Engine as Engine

from metrics.ledger import postgresql, sqlite
from metrics.ledger.migrating import WrongLedger as WrongLedger
from metrics.ledger.migrating import migrate as migrate


def open_database(store: str | Path) -> Engine:
    """An engine for reading and writing. `store`: a database's URL, or the path of a SQLite file, which is created if absent
    (its folder is not). Raises sqlalchemy's OperationalError at the first connection where the database is away."""
    url = _url(store)
    return sqlite.for_writing(url) if is_embedded(store) else postgresql.for_writing(url)


def open_evaluating(store: str) -> Engine:
    """Of a database on a server: an engine whose only connection holds the lock of the one who evaluates. AlreadyRunning at the first
    connection where somebody else has it; once that connection is lost the engine is of no use any more."""
    return postgresql.for_evaluating(_url(store))


def is_embedded(store: str | Path) -> bool:
    """Whether it is a file, which one process has to itself."""
    return _url(store).get_backend_name() == sqlite.NAME


def open_readonly(store: str | Path) -> Engine:
    """An engine that can only read, beside a running writer: each transaction sees one state of everything, however long it takes. An
    absent SQLite file is an OperationalError, not created."""
    url = _url(store)
    return sqlite.for_reading(url) if is_embedded(store) else postgresql.for_reading(url)


def compact(engine: Engine) -> bool:
    """Leave nothing of what was deleted: write the database anew (of one on a server, the tables that name people), and empty its log.
    Takes as much room again for a while. False where somebody was in the way for too long."""
    return sqlite.compact(engine) if engine.dialect.name == sqlite.NAME else postgresql.compact(engine)


def _url(store: str | Path) -> URL:
    return URL.create("sqlite", database=str(store)) if isinstance(store, Path) else make_url(store)
