"""An office with an empty folder and a fresh database for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.metrics.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office")
    yield office
    office.engine.dispose()
