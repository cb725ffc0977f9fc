"""What holds for every test: where nobody watches, a test that is skipped is one that fails. And the real servers that tests share: one
a run, started when the first asks."""

import os
from collections.abc import Iterator
from itertools import count

import pytest

from metrics.ledger.database import migrate, open_database
from tests.real.postgresql import Server, empty, find_programs

_numbers = count()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real PostgreSQL."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not here (Debian's package postgresql)")
    server = Server(programs)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def shared_database(postgresql: Server) -> str:
    """The URL of the database `ledger` with its tables, which tests use in turn: empty it first."""
    postgresql.create("ledger")
    url = postgresql.url("ledger")
    engine = open_database(url)
    migrate(engine)
    engine.dispose()
    return url


@pytest.fixture
def postgresql_url(postgresql: Server, shared_database: str) -> str:
    """A database with the ledger's tables, empty."""
    empty(postgresql.conninfo("ledger"))
    return shared_database


@pytest.fixture
def own_postgresql_url(postgresql: Server) -> Iterator[str]:
    """An empty database without any tables, which nobody else uses."""
    name = f"own_{next(_numbers)}"
    postgresql.create(name)
    yield postgresql.url(name)
    postgresql.drop(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """On a laptop what cannot be had is skipped by name; in CI nothing may be."""
    if os.environ.get("CI") == "true" and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("CI=true: skipped tests count as failed", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        os.environ.get("CI") == "true"
        and isinstance(reporter, pytest.TerminalReporter)
        and reporter.stats.get("skipped")
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
