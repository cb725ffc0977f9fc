"""Kafka's client as this house uses it: from settings to consumers, and from its failures to ours. Which records are read is left to
`kafka`; nothing else of ours but its neighbours may import the client."""

import errno
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.errors import KafkaError
from kafka.structs import TopicPartition as Partition

from collectors.kafka_fetched import Budget, Fetched
from config.kafka import KafkaSettings, Origin

logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what matters is told by us, and its texts may quote

BYTES_A_POLL = 16 * 1024 * 1024
"""Of records in hand at once, about."""
_READING: dict[str, Any] = {
    "enable_auto_commit": False,
    "auto_offset_reset": "none",
    "isolation_level": "read_committed",
    "fetch_max_bytes": 16 * 1024 * 1024,
    "allow_auto_create_topics": False,
    "metrics_enabled": False,
}
_BOOTSTRAP_MS = 8_000
_CLOSE_MS = 3_000
_SLACK_SECONDS = 15


class Unreachable(OSError):
    """No broker answers, or none lets us in."""

    def __init__(self, brokers: Sequence[str]) -> None:
        why = (
            f"no broker answers at {', '.join(brokers)}: it is away, or refuses the password, or shows a certificate that nobody here "
            "trusts, or speaks TLS on a port that was taken for plaintext (or the other way round)"
        )
        super().__init__(errno.ENOTCONN, why)


class Consumer(KafkaConsumer):  # type: ignore[misc]
    """The client's, with our own reading of what it fetches, and closed whole where it could not begin: its threads would go on. The only
    place that touches what the client keeps to itself: it has no public way to either."""

    def __init__(self, reading: Callable[..., Fetched], **configs: Any) -> None:
        try:
            super().__init__(**configs)
        except BaseException:
            if hasattr(self, "_client"):
                self._client.close()
            raise
        # Without these, records would be read by the client: unbounded, and raising.
        needed = (
            (self._fetcher, "PartitionRecords"),
            (self._cluster, "topic_id"),
            (self._coordinator, "_do_join_and_sync_async"),
        )
        if not all(hasattr(of, name) for of, name in needed):
            self.close(autocommit=False)
            raise ImportError(
                "this version of kafka-python hides its fetcher, its topic ids or its joins: install the one that is locked"
            )
        self._fetcher.PartitionRecords = reading
        self._keep_joins()

    def topic_id(self, topic: str) -> str | None:
        """As the client last heard it; None where the topic is gone, or the brokers are too old to give ids."""
        found = self._cluster.topic_id(topic)
        return None if found is None or found.int == 0 else str(found)

    def _keep_joins(self) -> None:
        """What came of joining its group between two polls, the client forgets: it takes itself for settled, reads on what it had before
        and is no member any more; or it begins again, and the whole group with it. Here it is kept until the next poll takes it up."""
        coordinator = self._coordinator
        join, complete, is_due = (
            coordinator._do_join_and_sync_async,
            coordinator._on_join_complete_async,
            coordinator.need_rejoin,
        )
        kept: list[tuple[Any, Any]] = []

        async def join_once() -> Any:
            if not kept or kept[-1][0] != coordinator._generation:
                given = await join()
                kept.append((coordinator._generation, given))
            return kept[-1][1]

        async def complete_once(*joined: Any, **more: Any) -> None:
            kept.clear()
            await complete(*joined, **more)

        coordinator._do_join_and_sync_async, coordinator._on_join_complete_async = join_once, complete_once
        coordinator.need_rejoin = lambda: coordinator.rejoining or is_due()


def group_of(settings: KafkaSettings, source: str) -> str:
    return f"{settings.group}-{source}"


def connect(
    settings: KafkaSettings,
    source: str,
    origin: Origin,
    *,
    budget: Budget,
    assigned: Callable[[Sequence[Partition]], None],
    refresh_seconds: float,
) -> Consumer:
    """A consumer that has asked for its topics. `assigned`: called on the client's own thread with what it is given; it may only note and
    pause. Unreachable where no broker lets us in."""
    try:
        consumer = Consumer(
            partial(Fetched, budget=budget),
            **_connection(settings),
            **_READING,
            group_id=group_of(settings, source),
            group_instance_id=f"{settings.member}-{source}" if settings.member else None,
            session_timeout_ms=settings.session * 1000,
            heartbeat_interval_ms=settings.session * 1000 // 15,
            # Also how long a group waits for a member that died while it was being put together.
            max_poll_interval_ms=(settings.session + _SLACK_SECONDS) * 1000,
            partition_assignment_strategy=(RangePartitionAssignor,),
            metadata_max_age_ms=int(refresh_seconds * 1000),
        )
    except (KafkaError, OSError) as error:
        raise Unreachable(settings.brokers) from error
    listener = _Listener(assigned)
    if origin.topic_pattern is not None:
        consumer.subscribe(pattern=f"(?:{origin.topic_pattern})$", listener=listener)
    else:
        consumer.subscribe(topics=list(origin.topics), listener=listener)
    return consumer


def connect_alone(settings: KafkaSettings, *, budget: Budget) -> Consumer:
    """A consumer without a group, whose records have their keys. Unreachable where no broker lets us in."""
    try:
        return Consumer(partial(Fetched, budget=budget, keys=True), **_connection(settings), **_READING, group_id=None)
    except (KafkaError, OSError) as error:
        raise Unreachable(settings.brokers) from error


def administer(settings: KafkaSettings) -> KafkaAdminClient:
    """A second way to the brokers, for who watches over the first. Unreachable where no broker lets us in."""
    try:
        return KafkaAdminClient(**_connection(settings))
    except (KafkaError, OSError) as error:
        raise Unreachable(settings.brokers) from error


def produce(settings: KafkaSettings, *, patience_ms: int = 10_000) -> KafkaProducer:
    """A way to write. `patience_ms`: how long a topic that nobody knows is asked for. Unreachable where no broker lets us in."""
    try:
        return KafkaProducer(**_connection(settings), acks="all", linger_ms=20, max_block_ms=patience_ms)
    except (KafkaError, OSError) as error:
        raise Unreachable(settings.brokers) from error


def close(consumer: Consumer) -> None:
    """Leave the group, if there is a way to say so."""
    try:
        consumer.close(autocommit=False, timeout_ms=_CLOSE_MS)
    except Exception as error:  # noqa: BLE001 # it is given up whatever it says
        logging.getLogger(__name__).debug("a consumer did not close: %s", type(error).__name__)


def _connection(settings: KafkaSettings) -> dict[str, Any]:
    tls = settings.security == "tls"
    configs: dict[str, Any] = {
        "bootstrap_servers": list(settings.brokers),
        "client_id": "earshot",
        "bootstrap_timeout_ms": _BOOTSTRAP_MS,
        # A broker that comes back is found within a second, not half a minute.
        "reconnect_backoff_max_ms": 1000,
        "security_protocol": f"{'SASL_' if settings.user is not None else ''}{'SSL' if tls else 'PLAINTEXT'}",
    }
    if tls:
        files = {
            "ssl_cafile": settings.ca_file,
            "ssl_certfile": settings.certificate_file,
            "ssl_keyfile": settings.certificate_key_file,
        }
        configs |= {key: str(file) for key, file in files.items() if file is not None}
        configs["ssl_check_hostname"] = True
    if settings.user is not None and settings.password_file is not None:
        configs["sasl_mechanism"] = settings.mechanism.upper()
        configs["sasl_plain_username"] = settings.user
        configs["sasl_plain_password"] = settings.password_file.read_text(encoding="utf-8").strip()
    return configs


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """What the client tells of partitions given and taken, on its own thread."""

    def __init__(self, assigned: Callable[[Sequence[Partition]], None]) -> None:
        self._assigned = assigned

    def on_partitions_assigned(self, assigned: Sequence[Partition]) -> None:
        self._assigned(assigned)

    def on_partitions_revoked(self, revoked: Sequence[Partition]) -> None:
        """Nothing: what follows is another assignment."""
