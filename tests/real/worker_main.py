"""`./earshot collect` with a fault of our own: it ends at a named point, without a word, or it is a mutant that a torture must catch."""

import argparse
import faulthandler
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kafka.structs import OffsetAndMetadata
from kafka.structs import TopicPartition as Partition

import service
from collectors.cautious import Cautious
from collectors.events import Interval
from collectors.harvest import Harvest
from collectors.kafka import KafkaSource
from collectors.kafka_place import topic_of
from collectors.loop import Intake
from collectors.rounds import Rounds
from collectors.source import Poll, Position
from metrics.intake_record import IntakeRecord
from metrics.ledger import writer
from metrics.ledger.writer import Writer

CRASH_STATUS = 77


def crash_at(owner: Any, name: str, *, before: bool, passing: int) -> None:
    """End the process the nth time that a function is come to, or left."""
    original: Callable[..., Any] = getattr(owner, name)
    seen = 0

    def crashing(*given: Any, **named: Any) -> Any:
        nonlocal seen
        seen += 1
        if before and seen == passing:
            os._exit(CRASH_STATUS)
        done = original(*given, **named)
        if seen == passing:
            os._exit(CRASH_STATUS)
        return done

    setattr(owner, name, crashing)


POINTS: dict[str, tuple[Any, str, bool]] = {
    "before the places are found": (KafkaSource, "start", True),
    "after the places are found": (KafkaSource, "start", False),
    "before a batch is decoded": (Intake, "_bring_in", True),
    "after a batch is decoded": (Intake, "_bring_in", False),
    "before the transaction": (Writer, "record", True),
    "after the facts, before the intervals": (writer, "record_read", True),
    "after the intervals, before COMMIT": (writer, "record_read", False),
    "after COMMIT": (Writer, "record", False),
    "before the broker is told": (KafkaSource, "acknowledge", True),
    "after the broker was told": (KafkaSource, "acknowledge", False),
    "while surveying": (IntakeRecord, "survey", True),
    "while leaving": (Rounds, "close", True),
}

ONCE = {point for point in POINTS if point.endswith(("places are found", "leaving"))}
"""Come to but once in a process."""


def commit_to_the_broker_first() -> None:
    """The mutant: the broker is told before the database, and believed at the next start."""
    begin = KafkaSource.start

    def deliver(intake: Intake, poll: Poll, work: Harvest) -> None:
        source = intake._source._source if isinstance(intake._source, Cautious) else None
        if work.read and isinstance(source, KafkaSource) and source._line.consumer is not None:
            offsets = {
                Partition(topic_of(read.stream), read.partition): OffsetAndMetadata(read.end, "", -1)
                for read in work.read
            }
            source._line.consumer.commit(offsets)
        honest(intake, poll, work)

    def start(source: KafkaSource, read: Mapping[Position, Sequence[Interval]]) -> None:
        begin(source, read)
        consumer = source._line.consumer
        for partition, place in source._places.items():
            committed = consumer.committed(partition) if consumer is not None else None
            if consumer is not None and committed is not None:
                place.next = committed
                consumer.seek(partition, committed)

    honest = Intake._deliver
    Intake._deliver = deliver  # type: ignore[method-assign, assignment]
    KafkaSource.start = start  # type: ignore[method-assign, assignment]


def set_clock_off(seconds: int) -> None:
    """As on a machine whose clock is wrong; monotonic time is not."""
    time_ns, time_s = time.time_ns, time.time
    time.time_ns = lambda: time_ns() + seconds * 1_000_000_000
    time.time = lambda: time_s() + seconds


def main() -> int:
    faulthandler.enable()  # at SIGABRT it tells where it stands
    parser = argparse.ArgumentParser()
    parser.add_argument("--crash", choices=sorted(POINTS))
    parser.add_argument("--passing", type=int, default=1)
    parser.add_argument("--clock-off", type=int, default=0)
    parser.add_argument("--mutant", action="store_true")
    asked, rest = parser.parse_known_args()
    if asked.clock_off:
        set_clock_off(asked.clock_off)
    if asked.mutant:
        commit_to_the_broker_first()
    if asked.crash is not None:
        owner, name, before = POINTS[asked.crash]
        crash_at(owner, name, before=before, passing=asked.passing)
    return service.main(rest)


if __name__ == "__main__":
    sys.exit(main())
