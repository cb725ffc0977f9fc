"""What is particular to PostgreSQL: drivers, time-outs, encryption of the connection. Which store a URL means is left to `database`, the
locks that processes share to `latches`."""

import re
from ipaddress import ip_address
from typing import Any, Final

from psycopg import Connection as DriverConnection
from psycopg.errors import LockNotAvailable
from sqlalchemy import URL, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

NAME = "postgresql"

_CONNECT_SECONDS: Final = 10
# A statement that hangs, a lock that never comes, a process asleep in its transaction: each fails, is done again, and holds nobody up for
# longer. What is silent for two minutes on a broken network is found out by the server too, which then lets go of what it held.
_TIMEOUTS: Final = {
    "statement_timeout": "60s",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "6",
}
# One evaluator counts for minutes within a transaction, and rewrites tables.
_PATIENT: Final = {"statement_timeout": "30min", "lock_timeout": "2min", "idle_in_transaction_session_timeout": "30min"}
# Where a pseudonym or an identifier may have stood: after an erasure these are written anew.
_NUMBER: Final = re.compile(r"\d+")
_NAMING: Final = ("person", "directory_row", "entry", "audience", "dead_letter", "request", "answer", "reaction")


def for_writing(url: URL) -> Engine:
    return _open(url, _TIMEOUTS)


def for_evaluating(url: URL) -> Engine:
    """Statements may take long."""
    return _open(url, _TIMEOUTS | _PATIENT)


def for_reading(url: URL) -> Engine:
    """Each transaction sees one state of everything, however long it takes."""
    engine = _open(url, _TIMEOUTS | _PATIENT)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def compact(engine: Engine) -> bool:
    """Write the tables that may name people anew; whoever records waits as long. False where somebody still looks at what was deleted, or
    does not let go of a table for as long as a lock is waited for."""
    kept: list[str] = []
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        driver = connection.connection.driver_connection
        assert isinstance(driver, DriverConnection)
        driver.add_notice_handler(lambda notice: kept.append(notice.message_detail or ""))
        try:
            for table in _NAMING:
                connection.execute(text(f"VACUUM (FULL, VERBOSE) {table}"))
        except OperationalError as error:
            if isinstance(error.orig, LockNotAvailable):
                return False
            raise
        finally:
            # With its handler.
            connection.invalidate()
    # "DETAIL: 0 dead row versions cannot be removed yet.", in whatever language the server speaks.
    return not any(int(found.group()) for found in map(_NUMBER.match, kept) if found)


def _open(url: URL, settings: dict[str, str]) -> Engine:
    # Parameters hold pseudonyms and answers: errors end up in logs. `pre_ping`: of a connection that was lost while nobody used it nobody
    # need hear.
    engine = create_engine(
        secured(url), hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_SECONDS}
    )

    def prepare(connection: DriverConnection[Any], _: ConnectionPoolEntry) -> None:
        with connection.cursor() as cursor:
            for name, value in settings.items():
                cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
        connection.commit()

    event.listen(engine, "connect", prepare)
    return engine


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
