"""A source of Kafka, read as the loop reads it, with the intervals that a database would keep."""

import time
from collections.abc import Callable
from typing import Any

from collectors.events import Gap, Interval
from collectors.kafka import KafkaSource
from collectors.source import Poll, Position, Record
from config.schema import KafkaSettings, Origin
from metrics.ledger.intervals import merge
from tests.real.topics import new_name


def system_now() -> int:
    return time.time_ns() // 1000


def open_source(address: str, *topics: str, group: str = "", pattern: str | None = None, **more: Any) -> KafkaSource:
    group = group or new_name("group")
    member, session = more.pop("member", None), more.pop("session", 6)
    settings = KafkaSettings(brokers=(address,), security="plaintext", group=group, session=session, member=member)
    more = {"refresh_seconds": 1.0, **more}
    return KafkaSource("source", settings, Origin(topics=topics, topic_pattern=pattern), now=system_now, **more)


class Reading:
    """`records`: all that were handed out, with their partition; `read`: what is safe, by position."""

    def __init__(self, source: KafkaSource, read: dict[Position, list[Interval]] | None = None) -> None:
        self.source = source
        self.read: dict[Position, list[Interval]] = read if read is not None else {}
        self.records: list[tuple[Position, Record]] = []
        self.gaps: list[Gap] = []
        self.failures: list[OSError] = []

    def step(self, limit: int = 1000) -> Poll:
        """One poll, and what it brought acknowledged."""
        try:
            poll = self.source.poll(limit)
            if poll.begin_again:
                self.source.start(self.read)
        except OSError as failure:
            self.failures.append(failure)
            return Poll(caught_up=False)
        self.gaps += poll.gaps
        for gap in (gap for gap in poll.gaps if gap.is_loss):
            self._add(Interval(gap.stream, gap.partition, gap.start, gap.end))
        for begun in poll.begun:
            self._add(begun)
        for block in poll.blocks:
            self.records += [((block.read.stream, block.read.partition), record) for record in block.records]
            self._add(block.read)
        self.source.acknowledge([block.read for block in poll.blocks])
        return poll

    def until(self, holds: Callable[[], bool], seconds: float = 120.0) -> None:
        late = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < late, f"it never came to that; failures: {self.failures[-3:]}"
            self.step()

    def finish(self, seconds: float = 120.0) -> None:
        late = time.monotonic() + seconds
        while not self.step().caught_up:
            assert time.monotonic() < late, f"never caught up; failures: {self.failures[-3:]}"

    def bodies(self) -> list[bytes]:
        return [record.body for _, record in self.records]

    def _add(self, read: Interval) -> None:
        position = (read.stream, read.partition)
        self.read[position] = merge([*self.read.get(position, ()), read])
