"""What the tests on real servers share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real.broker import shared_broker
from tests.real.poison import Poisoned
from tests.real.postgresql import Server, running_server
from tests.real.topics import Topics
from tests.real.tortured import Tortured


@pytest.fixture
def topics() -> Iterator[Topics]:
    topics = Topics(shared_broker().address)
    yield topics
    topics.close()


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL of the test's own, which it may stop, fill and cut off."""
    with running_server() as server:
        yield server


@pytest.fixture
def partitions() -> int:
    """Of the topic that is poisoned."""
    return 2


@pytest.fixture
def poisoned(tmp_path: Path, topics: Topics, server: Server, partitions: int) -> Iterator[Poisoned]:
    poisoned = Poisoned(Tortured(tmp_path, topics, server, partitions=partitions), shared_broker())
    yield poisoned
    poisoned.tortured.end()
