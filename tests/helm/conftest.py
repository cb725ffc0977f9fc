"""The real servers that the chart's processes are run on, and where volumes stand."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.conftest import topics as topics
from tests.sandbox import needs_sandbox


@pytest.fixture
def volume() -> Iterator[Path]:
    """A folder that processes that are shut in may look into."""
    needs_sandbox()
    folder = tempfile.TemporaryDirectory(prefix="earshot-volume-")
    path = Path(folder.name)
    path.chmod(0o755)
    yield path
    folder.cleanup()
