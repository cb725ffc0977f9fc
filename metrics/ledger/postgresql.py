"""What is particular to PostgreSQL: drivers, time-outs, encryption of the connection. Which store a URL means is left to `database`, the
locks that processes share to `latches`."""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any, Final

from psycopg import Connection as DriverConnection
from psycopg.errors import Diagnostic, LockNotAvailable
from sqlalchemy import URL, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from metrics.ledger.latches import EVALUATING
from metrics.ledger.lock import AlreadyRunning

NAME = "postgresql"

_CONNECT_SECONDS: Final = 10
_POOL_SECONDS: Final = 5
# A statement that hangs, a lock that never comes, a process asleep in its transaction: each fails, is done again, and holds nobody up for
# longer. What is silent for a minute and a half on a broken network is found out by the server too, which then lets go of what it held.
_TIMEOUTS: Final = {
    "statement_timeout": "60s",
    "lock_timeout": "10s",  # who waits for one cannot end, and has 20 s for that
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "6",
}
# The one who evaluates counts for minutes within a transaction, and rewrites tables; outside of one it asks something every second.
_PATIENT: Final = {
    "statement_timeout": "30min",
    "lock_timeout": "2min",
    "idle_in_transaction_session_timeout": "10min",
    "idle_session_timeout": "2min",
}
# Where a pseudonym or an identifier may have stood: after an erasure these are written anew.
_NAMING: Final = ("person", "directory_row", "entry", "audience", "dead_letter", "request", "answer", "reaction")
_NUMBER: Final = re.compile(r"\d+")

Driver = DriverConnection[Any]


class LockLost(SQLAlchemyError):
    """The connection that held the lock of the one who evaluates is gone, and whatever was remembered along with it may be outdated."""


def for_writing(url: URL) -> Engine:
    return _create(url, lambda connection: _set(connection, _TIMEOUTS))


def for_reading(url: URL) -> Engine:
    """Each transaction sees one state of everything, however long it takes."""
    engine = _create(url, lambda connection: _set(connection, _TIMEOUTS | _PATIENT | {"idle_session_timeout": "0"}))
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def for_evaluating(url: URL) -> Engine:
    """An engine of one connection, which holds the lock of the one who evaluates for as long as it lives: AlreadyRunning at its beginning
    where somebody else has that lock. There is no second connection: LockLost after the first one was lost."""
    begun: list[bool] = []

    def begin(connection: Driver) -> None:
        if begun:
            raise LockLost("the connection that held the lock was lost")
        _set(connection, _TIMEOUTS | _PATIENT)
        (taken,) = connection.execute("SELECT pg_try_advisory_lock(%s)", (EVALUATING,)).fetchone() or (False,)
        if not taken:
            raise AlreadyRunning("another process", "evaluates on this database")
        begun.append(True)

    return _create(url, begin, pool_size=1, max_overflow=0, pool_timeout=_POOL_SECONDS)


def _create(url: URL, begin: Callable[[Driver], None], **pool: Any) -> Engine:
    # Parameters hold pseudonyms and answers: errors end up in logs. A connection that was lost is an error, even if nobody used it then:
    # whoever remembers anything of the database (numbers, positions) has to hear of it, another may answer in its place.
    engine = create_engine(
        secured(url), hide_parameters=True, connect_args={"connect_timeout": _CONNECT_SECONDS}, **pool
    )

    def prepare(connection: Driver, _: ConnectionPoolEntry) -> None:
        try:
            begin(connection)
            connection.commit()
        except BaseException:
            connection.close()
            raise

    event.listen(engine, "connect", prepare)
    return engine


def _set(connection: Driver, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        # Those that this version of the server knows.
        connection.execute("SELECT set_config(name, %s, false) FROM pg_settings WHERE name = %s", (value, name))


def compact(engine: Engine) -> bool:
    """Write the tables that may name people anew; whoever records waits as long. False where somebody still looks at what was deleted, or
    does not let go of a table for as long as a lock is waited for."""
    kept: list[str] = []
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        driver = connection.connection.driver_connection
        assert isinstance(driver, DriverConnection)

        def note(notice: Diagnostic) -> None:
            kept.append(notice.message_detail or "")

        driver.add_notice_handler(note)
        try:
            for table in _NAMING:
                connection.execute(text(f"VACUUM (FULL, VERBOSE) {table}"))
        except OperationalError as error:
            if isinstance(error.orig, LockNotAvailable):
                return False
            raise
        finally:
            driver.remove_notice_handler(note)
    # "DETAIL: 0 dead row versions cannot be removed yet.", in whatever language the server speaks.
    return not any(int(found.group()) for found in map(_NUMBER.match, kept) if found)


def secured(url: URL) -> URL:
    """The URL for the driver we have. Beyond this machine, where it does not say otherwise, the server must prove by a certificate that it
    is the one that was meant."""
    url = url.set(drivername="postgresql+psycopg")
    if "sslmode" in url.query or is_here(url):
        return url
    return url.update_query_dict(
        {"sslmode": "verify-full"} | ({} if "sslrootcert" in url.query else {"sslrootcert": "system"})
    )


def is_here(url: URL) -> bool:
    """Whether the server is on this machine: a socket, or loopback."""
    hosts = url.query.get("host", url.host or "")
    return all(_is_loopback(host) for host in ([hosts] if isinstance(hosts, str) else hosts))


def _is_loopback(host: str) -> bool:
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
