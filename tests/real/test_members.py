"""Eight members of one group that all start anew at once: as one does after the other's place was kept, few rebalances and nothing lost."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from collectors.events import Interval
from collectors.source import Position
from tests.real.groups import count_rebalances
from tests.real.reader import Reading, open_source
from tests.real.topics import Topics, new_name, wait_for

MEMBERS, PARTITIONS = 8, 16
_SESSION = 120  # nobody's runs out, however busy the machine is


class Member(threading.Thread):
    """One that reads until it is told to end, with a name that stays."""

    def __init__(self, number: int, address: str, topic: str, group: str, read: dict[Position, list[Interval]]) -> None:
        super().__init__(daemon=True)
        self.reading = Reading(
            open_source(address, topic, group=group, member=f"member-{number}", session=_SESSION), read
        )
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.is_set():
            self.reading.step()
        self.reading.source.close()

    def end(self) -> None:
        self._over.set()


@contextmanager
def members(address: str, topic: str, group: str, read: dict[Position, list[Interval]]) -> Iterator[Sequence[Reading]]:
    started = [Member(number, address, topic, group, read) for number in range(MEMBERS)]
    for member in started:
        member.start()
    try:
        yield [member.reading for member in started]
    finally:
        for member in started:
            member.end()
        for member in started:
            member.join()


def write(topics: Topics, topic: str, what: str) -> set[bytes]:
    bodies = {b"%s %d" % (what.encode(), number) for number in range(20 * PARTITIONS)}
    for number, body in enumerate(sorted(bodies)):
        topics.producer.send(topic, body, partition=number % PARTITIONS)
    topics.producer.flush()
    return bodies


def have_read(readings: Sequence[Reading], bodies: set[bytes]) -> bool:
    """All of it, and every member has its share."""
    found = {body for reading in readings for body in reading.bodies()}
    return bodies <= found and all(len(reading.source.places()) == PARTITIONS // MEMBERS for reading in readings)


def test_eight_members_with_names_that_all_start_anew_at_once_are_put_together_twice_at_most(topics: Topics) -> None:
    topic, group = topics.create(partitions=PARTITIONS), new_name("group")
    read: dict[Position, list[Interval]] = {}
    first = write(topics, topic, "first")
    with members(topics.address, topic, group, read) as readings:
        wait_for(lambda: have_read(readings, first))
    before = count_rebalances(topics.address, f"{group}-source")
    second = write(topics, topic, "second")
    with members(topics.address, topic, group, read) as readings:
        wait_for(lambda: have_read(readings, second))
    assert before >= 1
    assert count_rebalances(topics.address, f"{group}-source") - before <= 2
