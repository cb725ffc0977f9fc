"""A fresh, migrated database for each test of the ledger that asks for one: every test runs on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from metrics.ledger.database import migrate, open_database
from tests.metrics.ledger.stores import OWN, STORES
from tests.real.postgresql import Server


@pytest.fixture(params=STORES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    return str(request.getfixturevalue("own_postgresql_url" if request.param == OWN else "postgresql_url"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def read_bytes(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> Callable[[], bytes]:
    """What stands in the database's files, its log on SQLite among them."""
    if url.startswith("sqlite"):
        return lambda: b"".join(path.read_bytes() for path in tmp_path.iterdir())
    server: Server = request.getfixturevalue("postgresql")
    return lambda: server.read_bytes(make_url(url).database or "")
