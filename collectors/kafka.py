"""A source over topics of Kafka: where each partition is begun, what was read of it, and what is gone.

The database's intervals say where to begin, by the topic's id and never by its name: a topic made again has offsets that look valid. The
group's committed offsets serve the tools that show lag, and nothing is taken from them. The client is left to `kafka_line` and
`kafka_consumer`, what a first hole is to `kafka_place`, watching over it to `kafka_watch`.
"""

import errno
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import chain

from kafka.errors import (
    IllegalStateError,
    KafkaError,
    LogTruncationError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
)
from kafka.structs import OffsetAndMetadata
from kafka.structs import TopicPartition as Partition

from collectors.events import Gap, Interval
from collectors.kafka_consumer import Consumer, close
from collectors.kafka_line import ASK_MS, Line
from collectors.kafka_place import Place, ended, find_place, note_beginnings, stream_of, topic_of
from collectors.source import Block, Poll, Position, Record
from config.kafka import KafkaSettings, Origin

REFRESH_SECONDS = 10.0
"""How soon new topics, new partitions and topics made again are noticed."""
_WAIT_SECONDS = 0.25
_JOIN_MS = 1_000
_COMMIT_SECONDS = 1.0
_DISPLACED = (OffsetOutOfRangeError, NoOffsetForPartitionError, LogTruncationError, IllegalStateError)


class KafkaSource:
    """`now`: microseconds since 1970 UTC; `neighbours`: how many other sources are polled in turn with this one. `rebalances`: how
    often partitions changed hands."""

    def __init__(
        self,
        name: str,
        settings: KafkaSettings,
        origin: Origin,
        *,
        now: Callable[[], int],
        refresh_seconds: float = REFRESH_SECONDS,
        neighbours: int = 0,
    ) -> None:
        self.name = name
        self.rebalances = 0
        self._line = Line(
            settings,
            name,
            origin,
            refresh_seconds=refresh_seconds,
            assigned=self._note_assigned,
            lost=self._forget,
        )
        self._origin = origin
        self._now = now
        self._refresh_seconds = refresh_seconds
        self._wait_ms = int(1000 * _WAIT_SECONDS / (1 + neighbours))
        self._asked_at = float("-inf")
        self._places: dict[Partition, Place] = {}
        self._gaps: list[Gap] = []
        self._begun: list[Interval] = []
        self._placed_for = self.rebalances
        self._joined = False
        self._paused = False
        self._unsafe = False  # what we have read is not what the database will be asked about
        self._diverged: dict[Partition, int] = {}
        self._commit: dict[Partition, OffsetAndMetadata] = {}
        self._committed_at = 0.0

    def start(self, read: Mapping[Position, Sequence[Interval]]) -> None:
        """Places are found for what is assigned now; whatever is assigned later asks for another start."""
        consumer, round_ = self._line.consumer, self.rebalances
        self._places, self._gaps, self._begun, self._commit = {}, [], [], {}
        if consumer is None:
            return
        try:
            assigned = consumer.assignment()
            held = self._line.ask_held(assigned, read)
            begun = note_beginnings(held.values(), read, self._now())
            self._begun = list(begun.values())
            for partition in assigned:
                found = held[partition]
                end = min(found.end, self._diverged.pop(partition, found.end))
                known = read.get(found.position) or [begun[found.position]]
                place = find_place(known, found.start, max(found.start, end))
                if partition.partition == 0:
                    self._gaps += ended(partition.topic, place.stream, read, self._now())
                consumer.seek(partition, place.next)
                self._places[partition] = place
            consumer.resume(*self._places)
        except Exception as error:  # noqa: BLE001 # the client's failures are of many kinds
            self._line.fail(error)
        self._paused, self._unsafe, self._placed_for = False, False, round_

    def poll(self, limit: int) -> Poll:
        if self._begun and limit:
            begun, self._begun = self._begun, []
            return Poll(caught_up=False, begun=begun)
        consumer = self._connect()
        if self._is_recreated(consumer):
            self._unsafe = True
        try:
            self._hold(consumer, hold=limit == 0)
            taken = self._take(limit)
            if self._unsafe or self._placed_for != self.rebalances:
                return Poll(caught_up=False, begin_again=True)
            blocks = list(self._blocks(consumer, taken))
            asked = not blocks and limit > 0 and self._look_for_more(consumer)
        except _DISPLACED as error:
            if isinstance(error, LogTruncationError):
                self._diverged |= {
                    partition: found.offset if found else 0 for partition, found in error.divergent_offsets.items()
                }
            # Retention or an election has moved the log away under us, or a partition went while we looked: the places are found anew.
            self._unsafe = True
            return Poll(caught_up=False, begin_again=True)
        except Exception as error:  # noqa: BLE001 # the client's failures are of many kinds
            self._line.fail(error)
        self._line.served()
        pending = sum(max(0, place.end - place.next) for place in self._places.values())
        caught_up = self._joined and asked and pending == 0
        return Poll(blocks, self._take_gaps(blocks) if limit else (), caught_up, pending)

    def cut(self, block: Block, records: int) -> Interval:
        read = block.read
        if records >= len(block.records):
            return read
        check = str(block.records[records - 1].received_at or 0)
        return Interval(read.stream, read.partition, read.start, block.records[records].offset, check)

    def acknowledge(self, read: Sequence[Interval]) -> None:
        """Tell the broker now and then; it proves nothing, and nobody of ours asks it."""
        for interval in read:
            partition = Partition(topic_of(interval.stream), interval.partition)
            place = self._places.get(partition)
            if place is not None and place.stream == interval.stream:
                self._commit[partition] = OffsetAndMetadata(interval.end, "", -1)
        now = time.monotonic()
        if self._line.consumer is not None and self._commit and now - self._committed_at >= _COMMIT_SECONDS:
            self._committed_at = now
            with suppress(KafkaError):
                self._line.consumer.commit_async(self._commit, callback=lambda *_: None)
            self._commit = {}

    def close(self) -> None:
        consumer, self._line.consumer = self._line.consumer, None
        if consumer is not None:
            with suppress(KafkaError):
                if self._commit:
                    consumer.commit(self._commit, timeout_ms=2_000)
            close(consumer)
        self._places, self._commit = {}, {}

    def renew(self, why: str) -> None:
        """Take a new consumer at the next poll. Callable from any thread."""
        self._line.renew(why)

    @property
    def renewals(self) -> int:
        """Consumers given up for new ones."""
        return self._line.renewals

    def places(self) -> dict[Partition, Place]:
        """Where each partition is read. Callable from any thread."""
        return dict(self._places)

    @property
    def is_held(self) -> bool:
        """Whether reading is paused, and standing still is no stall."""
        return self._paused

    def _connect(self) -> Consumer:
        if self._line.connect():
            self._placed_for, self._joined = self.rebalances, False
        assert self._line.consumer is not None
        return self._line.consumer

    def _forget(self) -> None:
        """What was known of a consumer that is no more."""
        self._places, self._commit, self._unsafe = {}, {}, True

    def _note_assigned(self, assigned: Sequence[Partition]) -> None:
        """On the client's thread: nothing is read, and no offset of the group asked for, before the main thread has found the places."""
        consumer = self._line.consumer
        if consumer is not None and assigned:
            for partition in assigned:
                consumer.seek(partition, 0)
            consumer.pause(*assigned)
        self._joined = True
        self.rebalances += 1

    def _is_recreated(self, consumer: Consumer) -> bool:
        now = {topic: consumer.topic_id(topic) for topic, _ in self._places}
        found = ((place.stream, topic, now[topic]) for (topic, _), place in self._places.items())
        return any(identity is not None and stream != stream_of(topic, identity) for stream, topic, identity in found)

    def _hold(self, consumer: Consumer, *, hold: bool) -> None:
        if hold and not self._paused:
            consumer.pause(*consumer.assignment())
        elif not hold and self._paused and self._placed_for == self.rebalances:
            consumer.resume(*self._places)
        self._paused = hold

    def _take(self, limit: int) -> Mapping[Partition, Sequence[Record]]:
        # The client forgets that it has joined its group where that came to pass between two polls, and begins again.
        return self._line.take(_JOIN_MS if not self._joined else self._wait_ms if limit else 0, max(1, limit))

    def _blocks(self, consumer: Consumer, taken: Mapping[Partition, Sequence[Record]]) -> Sequence[Block]:
        """From where a partition was before the poll to where it is now: control records and compaction leave offsets without a record."""
        blocks = []
        for partition, place in self._places.items():
            records, reached = taken.get(partition, ()), consumer.position(partition, timeout_ms=0)
            if reached is not None and reached > place.next:
                if records:
                    place.last = records[-1].received_at or place.last
                read = Interval(place.stream, partition.partition, place.next, reached, str(place.last))
                blocks.append(Block(records, read))
                place.next = reached
                place.end = max(place.end, reached)
        return sorted(blocks, key=lambda block: block.read.stream)

    def _look_for_more(self, consumer: Consumer) -> bool:
        """Ask how far the partitions reach; False where that was done a moment ago."""
        if time.monotonic() - self._asked_at < self._refresh_seconds / 10:
            return False
        self._asked_at = time.monotonic()
        if self._places:
            for partition, end in consumer.end_offsets(list(self._places), timeout_ms=ASK_MS).items():
                if partition in self._places:
                    self._places[partition].end = end
        elif self._origin.topics and not any(map(consumer.partitions_for_topic, self._origin.topics)):
            raise OSError(errno.ENOENT, f"no topic is called {', '.join(self._origin.topics)}")
        return True

    def _take_gaps(self, blocks: Sequence[Block]) -> list[Gap]:
        """Those that are known whole: a gap ends with the first record behind it, or now where there is none."""
        first = {(block.read.stream, block.read.partition): block.records[0] for block in blocks if block.records}
        gaps, self._gaps = self._gaps, []
        known = (place.end_gaps(first.get(place.position), self._now()) for place in self._places.values())
        return [*gaps, *chain.from_iterable(known)]
