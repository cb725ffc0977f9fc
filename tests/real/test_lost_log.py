"""A broker that comes back without the end of its log, and gives the same offsets to other records."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.real.broker import Broker, needs_kafka
from tests.real.reader import Reading, open_source
from tests.real.topics import Topics

OLD, NEW = [b"old %d" % number for number in range(20)], [b"new %d" % number for number in range(20)]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    needs_kafka()
    broker = Broker(tmp_path).start()
    yield broker
    broker.stop()


def come_back_without(broker: Broker, name: str, before: int, then: list[bytes]) -> None:
    broker.kill()
    broker.lose(name, before)
    topics = Topics(broker.start().address)
    assert topics.end(name) == before
    topics.write(name, then)
    topics.close()


def test_what_was_read_and_is_lost_again_is_a_gap_and_what_takes_its_offsets_is_read(broker: Broker) -> None:
    topics = Topics(broker.address)
    name = topics.create()
    for body in OLD:
        topics.write(name, [body])
    topics.close()
    reading = Reading(open_source(broker.address, name))
    reading.until(lambda: len(reading.bodies()) == 20)
    come_back_without(broker, name, 12, NEW[:4])
    reading.until(lambda: NEW[3] in reading.bodies())
    with suppress(OSError):
        reading.source.close()
    assert set(reading.bodies()) == {*OLD, *NEW[:4]}
    assert [(gap.reason, gap.start) for gap in reading.gaps] == [("truncated", 12)]
