"""What the tests on real servers share."""

from collections.abc import Iterator

import pytest

from tests.real.broker import shared_broker
from tests.real.topics import Topics


@pytest.fixture
def topics() -> Iterator[Topics]:
    topics = Topics(shared_broker().address)
    yield topics
    topics.close()
