"""What a topic holds now, as one list: the newest record of each key, from its beginning to the end that it has when it is asked. Following
a topic is left to `kafka`, what the rows say to whoever asked."""

import errno
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from kafka.errors import KafkaError
from kafka.structs import TopicPartition as Partition

from collectors.decoder import Decoded, Skipped
from collectors.events import Undecodable
from collectors.kafka_consumer import BYTES_A_POLL, Consumer, close, connect_alone
from collectors.kafka_fetched import Budget, Enough
from collectors.source import Record
from collectors.unwrap import decode_all
from config.kafka import KafkaSettings

_ASK_MS = 10_000
_POLL_MS = 500
_STILL_SECONDS = 30.0

Newest = dict[object, tuple[Partition, Record]]


class Unfit(Exception):
    """A record that is no row: where, and why."""


def read_held(settings: KafkaSettings, topic: str) -> bytes:
    """A JSON array of objects, in the order of partition and offset. A record without a body takes its key's away; one without a key stands
    for itself. Unfit where any record is none; OSError where Kafka or the topic is away."""
    budget = Budget(BYTES_A_POLL)
    consumer = connect_alone(settings, budget=budget)
    try:
        held = _read_all(consumer, topic, budget)
    except KafkaError as error:
        raise OSError(errno.EIO, f"topic {topic}: the brokers do not serve us ({type(error).__name__})") from error
    finally:
        close(consumer)
    rows = [row for partition, record in held for row in _rows_of(partition, record)]
    return msgspec.json.encode(rows)


def _read_all(consumer: Consumer, topic: str, budget: Budget) -> Sequence[tuple[Partition, Record]]:
    numbers = consumer.partitions_for_topic(topic)
    if not numbers:
        raise OSError(errno.ENOENT, f"no topic is called {topic}")
    partitions = [Partition(topic, number) for number in sorted(numbers)]
    consumer.assign(partitions)
    starts = consumer.beginning_offsets(partitions, timeout_ms=_ASK_MS)
    ends = consumer.end_offsets(partitions, timeout_ms=_ASK_MS)
    for partition in partitions:
        consumer.seek(partition, starts[partition])
    newest: dict[Partition, Newest] = {partition: {} for partition in partitions}
    moved = time.monotonic()
    while any(consumer.position(partition, timeout_ms=_ASK_MS) < ends[partition] for partition in partitions):
        budget.renew()
        try:
            taken: Mapping[Partition, Sequence[Record]] = consumer.poll(_POLL_MS)
        except Enough:
            continue
        for partition, records in taken.items():
            _note(newest[partition], partition, [record for record in records if record.offset < ends[partition]])
        if taken:
            moved = time.monotonic()
        elif time.monotonic() - moved > _STILL_SECONDS:
            raise OSError(errno.ETIMEDOUT, f"topic {topic}: nothing more comes, and its end is not reached")
    return _merge(newest)


def _note(newest: Newest, partition: Partition, records: Sequence[Record]) -> None:
    for record in records:
        if record.refused is not None:
            raise Unfit(f"{_place(partition, record)}: {record.refused[1]}")
        newest[record.key or (partition, record.offset)] = (partition, record)


def _merge(newest: Mapping[Partition, Newest]) -> list[tuple[Partition, Record]]:
    """A key stands in several partitions where some were added later: then the younger record holds."""
    merged: Newest = {}
    for found in newest.values():
        for key, (partition, record) in found.items():
            other = merged.get(key)
            if other is None or (record.received_at or 0) >= (other[1].received_at or 0):
                merged[key] = (partition, record)
    held = [(partition, record) for partition, record in merged.values() if record.body]
    return sorted(held, key=lambda each: (each[0].partition, each[1].offset))


def _rows_of(partition: Partition, record: Record) -> list[dict[str, Any]]:
    """Taken out of what Connect and others wrap around them."""
    rows: list[dict[str, Any]] = []

    def understand(row: dict[str, Any]) -> Decoded:
        rows.append(row)
        return Decoded(Skipped("row"))

    try:
        for each in decode_all(record.body, understand):
            if isinstance(each.outcome, Undecodable):
                raise each.outcome
    except Undecodable as why:
        raise Unfit(f"{_place(partition, record)}: {why.detail}") from None
    return rows


def _place(partition: Partition, record: Record) -> str:
    return f"topic {partition.topic}, partition {partition.partition}, offset {record.offset}"
