"""What holds for every test: where nobody watches, a test that is skipped is one that fails; and examples are the same in every run. And
the real servers that tests share: one a process of a run, started when the first asks."""

import os
from collections.abc import Generator, Iterator
from itertools import count
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

from metrics.ledger.database import migrate, open_database
from tests.real.postgresql import Server, empty, running_server

# What chance finds is for those who ask for it (`make torture`), not for whoever has just changed something else. How long an example takes
# says nothing on a machine that does other things too.
_asked_for = int(os.environ.get("EARSHOT_TEST_EXAMPLES", "0"))
settings.register_profile(
    "earshot",
    derandomize=not _asked_for,
    max_examples=max(100, _asked_for // 10),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("earshot")

_numbers = count()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real PostgreSQL."""
    with running_server() as server:
        yield server


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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return _watched((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _watched((yield))


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def _watched(report: Report) -> Report:
    """On a laptop what cannot be had is skipped by name; in CI nothing may be. Said in the report itself: of a whole file that is skipped
    in one of several processes nobody else hears."""
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        why = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CI=true: a skipped test counts as failed: {why}"
    return report
