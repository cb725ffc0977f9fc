"""A source's line to the brokers: a consumer when there is one, a new one where it is given up, and patience in between. What is read over
it is left to `kafka`, the client's settings to `kafka_consumer`."""

import errno
import random
import time
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from typing import NoReturn

from kafka.structs import TopicPartition as Partition

from collectors.kafka_consumer import BYTES_A_POLL, Consumer, close, connect
from collectors.kafka_fetched import Budget, Enough
from collectors.kafka_place import Held, stream_of
from collectors.source import Position, Record
from config.kafka import KafkaSettings, Origin

ASK_MS = 5_000
_LONGEST_DELAY = 30.0


class Line:
    """`consumer`: None while there is none. `renewals`: consumers given up for new ones. `assigned`: told on the client's thread what it is
    given; `lost`: told where a consumer was given up."""

    def __init__(
        self,
        settings: KafkaSettings,
        source: str,
        origin: Origin,
        *,
        refresh_seconds: float,
        assigned: Callable[[Sequence[Partition]], None],
        lost: Callable[[], None],
    ) -> None:
        self.consumer: Consumer | None = None
        self._budget = Budget(BYTES_A_POLL)
        self.renewals = 0
        self._settings = settings
        self._source = source
        self._origin = origin
        self._refresh_seconds = refresh_seconds
        self._assigned = assigned
        self._lost = lost
        self._renewal = ""
        self._failures = 0
        self._retry_at = 0.0
        self._why = ""

    def renew(self, why: str) -> None:
        """Take a new consumer at the next poll. Callable from any thread."""
        self._renewal = why

    def connect(self) -> bool:
        """Whether there is a new consumer. OSError where there is none, and none can be had just now."""
        if self._renewal and self.consumer is not None:
            self.give_up()
        self._renewal = ""
        if self.consumer is not None:
            return False
        if time.monotonic() < self._retry_at:
            raise OSError(errno.EAGAIN, self._why)
        try:
            self.consumer = connect(
                self._settings,
                self._source,
                self._origin,
                budget=self._budget,
                assigned=self._assigned,
                refresh_seconds=self._refresh_seconds,
            )
        except OSError as error:
            self._back_off(error)
            raise
        return True

    def take(self, wait_ms: int, most: int) -> Mapping[Partition, Sequence[Record]]:
        """Records by partition, so many at most, and so many bytes."""
        assert self.consumer is not None
        self._budget.renew()
        try:
            taken: Mapping[Partition, Sequence[Record]] = self.consumer.poll(wait_ms, max_records=most)
        except Enough:
            return {}  # left over from the last poll, which took its share
        return taken

    def topic_id(self, topic: str) -> str:
        """OSError where there is none."""
        found = self.consumer.topic_id(topic) if self.consumer is not None else None
        if found is None:
            why = f"topic {topic}: gone, or on brokers older than Kafka 2.8, which give topics no ids"
            raise OSError(errno.ENOENT, why)
        return found

    def ask_held(self, assigned: Collection[Partition], known: Container[Position]) -> dict[Partition, Held]:
        """What the brokers hold of the partitions assigned, and of the others of their topics that nobody knows yet."""
        assert self.consumer is not None
        streams = {topic: stream_of(topic, self.topic_id(topic)) for topic, _ in assigned}
        there = {
            Partition(topic, each) for topic in streams for each in self.consumer.partitions_for_topic(topic) or ()
        }
        unseen = {each for each in there if (streams[each.topic], each.partition) not in known}
        asked = sorted(unseen.union(assigned))
        if not asked:
            return {}
        starts = self.consumer.beginning_offsets(asked, timeout_ms=ASK_MS)
        ends = self.consumer.end_offsets(asked, timeout_ms=ASK_MS)
        return {each: Held(streams[each.topic], each.partition, starts[each], ends[each]) for each in asked}

    def served(self) -> None:
        """The brokers did what was asked of them."""
        self._failures = 0

    def fail(self, error: Exception) -> NoReturn:
        """After anything but a failed connection the client may spin for ever: a new one is taken."""
        if isinstance(error, OSError):
            raise error
        topics = ", ".join(self._origin.topics) or self._origin.topic_pattern
        told = OSError(errno.EIO, f"{topics}: the brokers do not serve us ({type(error).__name__})")
        if not getattr(error, "retriable", False):
            self.give_up()
            self._back_off(told)
        raise told from error

    def give_up(self) -> None:
        consumer, self.consumer = self.consumer, None
        self._lost()
        self.renewals += 1
        if consumer is not None:
            close(consumer)

    def _back_off(self, why: OSError) -> None:
        self._why = why.strerror or type(why).__name__
        self._failures += 1
        most = min(_LONGEST_DELAY, 0.5 * 2 ** min(self._failures, 10))
        self._retry_at = time.monotonic() + random.uniform(most / 2, most)
