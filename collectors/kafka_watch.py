"""Watching over sources of Kafka from outside their poll loop, which may stand still without a word: how far behind each partition is, and
whether it moves. What follows from that is told to the source and to whoever asks; reading is left to `kafka`."""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress

from kafka import KafkaAdminClient
from kafka.errors import KafkaError
from kafka.protocol.consumer import IsolationLevel, OffsetSpec
from kafka.structs import TopicPartition as Partition

from collectors.kafka import KafkaSource
from collectors.kafka_consumer import administer, group_of
from config.kafka import KafkaSettings

TOLD_SECONDS = 30.0
RENEWED_SECONDS = 60.0
FAILED_SECONDS = 120.0
_EVERY_SECONDS = 5.0
_ASK_MS = 5_000
_NOBODYS = -2

Ends = Callable[[Sequence[Partition]], Mapping[Partition, int]]
"""Behind the last record that may be read, by partition. OSError where nobody answers."""


class SourceWatch:
    """One source. `lags`: (records, seconds or None) by topic and partition; `stalled`: seconds that the slowest partition has stood still
    although records wait, or has been nobody's; `stalls`: how often that came to half a minute."""

    def __init__(self, source: KafkaSource) -> None:
        self.source = source
        self.lags: dict[tuple[str, int], tuple[int, float | None]] = {}
        self.stalled = 0.0
        self.stalls = 0
        self._moved: dict[Partition, tuple[int, float]] = {}
        self._told: set[Partition] = set()
        self._renewed_at = float("-inf")

    def look(self, ends: Ends, now: float, wall: int, nobodys: Collection[Partition] = ()) -> None:
        """`now`: seconds that only grow; `wall`: microseconds since 1970 UTC, for the age of records alone; `nobodys`: partitions that none
        of the group was given."""
        places = self.source.places()
        found = ends(list(places)) if places else {}
        held = self.source.is_held
        lags: dict[tuple[str, int], tuple[int, float | None]] = {}
        moved: dict[Partition, tuple[int, float]] = {}
        for partition, place in places.items():
            waiting = max(0, found.get(partition, place.next) - place.next)
            age = max(0.0, (wall - place.last) / 1_000_000) if place.last else None
            lags[partition.topic, partition.partition] = (waiting, 0.0 if not waiting else age)
            reached, since = self._moved.get(partition, (-1, now))
            stands = waiting and not held and reached == place.next
            moved[partition] = (place.next, since if stands else now)
        for partition in nobodys:
            reached, since = self._moved.get(partition, (_NOBODYS, now))
            moved[partition] = (_NOBODYS, since if reached == _NOBODYS else now)
        longest = max((now - since for _, since in moved.values()), default=0.0)
        self.lags, self._moved, self.stalled = lags, moved, longest
        self._tell(now)

    def _tell(self, now: float) -> None:
        slow = {partition for partition, (_, since) in self._moved.items() if now - since >= TOLD_SECONDS}
        self.stalls += len(slow - self._told)
        self._told = slow
        # A group at rest that leaves a partition to nobody for so long does not know of it.
        forgotten = any(reached == _NOBODYS for partition, (reached, _) in self._moved.items() if partition in slow)
        if (forgotten or self.stalled >= RENEWED_SECONDS) and now - self._renewed_at >= RENEWED_SECONDS:
            self._renewed_at = now
            self.source.renew("a partition stands still although records wait, or is nobody's")


class Watch:
    """All sources of a process, in a thread of its own with a connection of its own. `report` is called after each look."""

    def __init__(
        self,
        sources: Sequence[KafkaSource],
        settings: KafkaSettings,
        wall: Callable[[], int],
        report: Callable[[], None],
    ) -> None:
        self.watches = [SourceWatch(source) for source in sources]
        self._settings = settings
        self._wall = wall
        self._report = report
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()

    def failed(self) -> str:
        """ "" where every source moves or has nothing to do, else which does not."""
        slow = [watch for watch in self.watches if watch.stalled >= FAILED_SECONDS]
        return "; ".join(
            f"source {watch.source.name} has stood still for {watch.stalled:.0f} seconds" for watch in slow
        )

    def _run(self) -> None:
        admin = None
        while not self._stopping.wait(_EVERY_SECONDS):
            try:
                admin = admin or administer(self._settings)

                def ends(partitions: Sequence[Partition], admin: object = admin) -> Mapping[Partition, int]:
                    asked = dict.fromkeys(partitions, OffsetSpec.LATEST)
                    told = admin.list_partition_offsets(  # type: ignore[attr-defined]
                        asked, isolation_level=IsolationLevel.READ_COMMITTED, timeout_ms=_ASK_MS
                    )
                    return {partition: each.offset for partition, each in told.items()}

                for watch in self.watches:
                    nobodys = find_nobodys(admin, group_of(self._settings, watch.source.name))
                    watch.look(ends, time.monotonic(), self._wall(), nobodys)
                self._report()
            except Exception:  # noqa: BLE001 # the client's failures are of many kinds, and nobody would begin to watch again
                # Nobody answers: then nothing is known to wait, and the sources say themselves that they are cut off.
                if admin is not None:
                    with suppress(Exception):
                        admin.close()
                admin = None
        if admin is not None:
            admin.close()


def find_nobodys(admin: KafkaAdminClient, group: str) -> set[Partition]:
    """Partitions of the group's topics that none of its members was given, while it is at rest: the member that hands them out may have
    missed that a topic was made again."""
    try:
        found = admin.describe_groups([group])[group]
        if found["group_state"] != "Stable":
            return set()
        given = {
            Partition(each["topic"], number)
            for member in found["members"]
            for each in member["member_assignment"]["assigned_partitions"]
            for number in each["partitions"]
        }
        topics = sorted({topic for member in found["members"] for topic in member["member_metadata"]["topics"]})
        described = admin.describe_topics(topics) if topics else []
    except KafkaError:
        return set()  # a group may be hidden from its members
    there = {Partition(topic["name"], each["partition_index"]) for topic in described for each in topic["partitions"]}
    return there - given
