"""How often a group's members were put together anew, as the broker itself records it: in the topic where it keeps its groups."""

import struct

from kafka import KafkaConsumer
from kafka.structs import TopicPartition

_GROUPS = "__consumer_offsets"
_IS_GROUP = 2  # the version of keys under which groups stand; offsets have smaller ones
_VERSION, _GENERATION = struct.Struct(">h"), struct.Struct(">i")


def count_rebalances(address: str, group: str) -> int:
    """The group's newest generation; 0 of one that the broker does not know."""
    consumer = KafkaConsumer(bootstrap_servers=address, exclude_internal_topics=False, enable_auto_commit=False)
    try:
        kept = [TopicPartition(_GROUPS, partition) for partition in consumer.partitions_for_topic(_GROUPS) or ()]
        consumer.assign(kept)
        ends = consumer.end_offsets(kept)
        consumer.seek_to_beginning(*kept)
        newest = 0
        while any(consumer.position(place) < end for place, end in ends.items()):
            for records in consumer.poll(500).values():
                newest = max([newest, *(_generation(each.key, each.value, group) for each in records)])
        return newest
    finally:
        consumer.close()


def _generation(key: bytes, value: bytes | None, group: str) -> int:
    """0 where a record tells of something else."""
    if value is None or _VERSION.unpack_from(key)[0] != _IS_GROUP or _text(key)[0] != group:
        return 0
    _, behind_protocol = _text(value)
    return int(_GENERATION.unpack_from(value, behind_protocol)[0])


def _text(data: bytes) -> tuple[str, int]:
    """The first text behind the version, and where it ends."""
    (length,) = _VERSION.unpack_from(data, 2)
    end = 4 + max(0, length)
    return data[4:end].decode(), end
