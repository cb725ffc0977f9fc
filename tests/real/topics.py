"""Topics of a real Kafka, as tests fill, cut and remove them. The broker itself is left to `broker`."""

import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError
from kafka.protocol.consumer import OffsetSpec
from kafka.structs import TopicPartition

from metrics.ledger.door import LedgerError

_PATIENCE_SECONDS = 180.0


def new_name(stem: str = "t") -> str:
    return f"{stem}-{uuid.uuid4().hex[:10]}"


def wait_for(holds: Callable[[], bool], seconds: float = _PATIENCE_SECONDS) -> None:
    """What does not answer yet does not hold yet."""
    late = time.monotonic() + seconds
    while True:
        with suppress(OSError, LedgerError, KafkaError):
            if holds():
                return
        assert time.monotonic() < late, "it never came to that"
        time.sleep(0.02)


class Topics:
    """A broker's topics, or those of several. `replicas`: how many hold each partition. Close it: it holds connections."""

    def __init__(self, address: str, *, replicas: int = 1) -> None:
        self.address, self._replicas = address, replicas
        self.admin = KafkaAdminClient(bootstrap_servers=address)
        more = {"max_request_size": 20_000_000, "metadata_max_age_ms": 2_000}
        self.producer = KafkaProducer(bootstrap_servers=address, acks="all", linger_ms=5, **more)

    def create(self, name: str | None = None, *, partitions: int = 1, **configs: str) -> str:
        name = name or new_name()
        settings = {key.replace("_", "."): value for key, value in configs.items()}
        made = {"num_partitions": partitions, "replication_factor": self._replicas, "configs": settings}
        self.admin.create_topics({name: made}, wait_for_metadata=True)
        return name

    def write(
        self,
        topic: str,
        bodies: Iterable[bytes | None],
        *,
        partition: int = 0,
        headers: Sequence[tuple[str, bytes]] = (),
        at_ms: int | None = None,
    ) -> None:
        """Back when the broker holds them all."""
        sent = [
            self.producer.send(topic, body, partition=partition, headers=list(headers), timestamp_ms=at_ms)
            for body in bodies
        ]
        self.producer.flush()
        for each in sent:
            each.get(10)

    def end(self, topic: str, partition: int = 0) -> int:
        return self._offset(topic, partition, OffsetSpec.LATEST)

    def log_start(self, topic: str, partition: int = 0) -> int:
        return self._offset(topic, partition, OffsetSpec.EARLIEST)

    def _offset(self, topic: str, partition: int, which: int) -> int:
        """Once the partition has a leader: a broker that is too busy for its own controller is none for a moment."""
        here, found = TopicPartition(topic, partition), -1

        def answers() -> bool:
            nonlocal found
            found = self.admin.list_partition_offsets({here: which})[here].offset
            return True

        wait_for(answers)
        return found

    def truncate(self, topic: str, before: int, partition: int = 0) -> None:
        """Records before this offset are gone, as retention takes them."""
        self.admin.delete_records({TopicPartition(topic, partition): before})
        wait_for(lambda: self.log_start(topic, partition) == before)

    def remove(self, topic: str) -> None:
        self.admin.delete_topics([topic])
        wait_for(lambda: topic not in self.admin.list_topics())

    def add_partitions(self, topic: str, total: int) -> None:
        """Whoever writes there before they stand would be told that there is no such partition, by the broker or by what the client
        remembers."""

        def stand() -> bool:
            if len(self.admin.describe_topics([topic])[0]["partitions"]) != total:
                self.admin.create_partitions({topic: total})
            return len(self.admin.describe_topics([topic])[0]["partitions"]) == total

        wait_for(stand)
        wait_for(lambda: len(self.producer.partitions_for(topic)) == total)

    def identity(self, topic: str) -> str:
        return str(self.admin.describe_topics([topic])[0]["topic_id"])

    def committed(self, group: str) -> dict[TopicPartition, int]:
        offsets = self.admin.list_group_offsets({group: None})[group]
        return {partition: found.offset for partition, found in offsets.items()}

    def close(self) -> None:
        self.producer.close()
        self.admin.close()
