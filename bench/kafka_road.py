"""How fast one worker turns records of Kafka into facts in PostgreSQL, beside the client's own bare poll loop over the same topic with the
same settings, in one run, turn by turn. Both servers are real ones, on this machine. `python -m bench.kafka_road PEOPLE CACHE RECORDS
ROUNDS` prints JSON."""

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from itertools import chain, islice
from pathlib import Path

from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import TopicPartition

from bench.crowd import NOW
from bench.evaluator_process import GC_THRESHOLD
from bench.ingestion import SHAPES
from bench.streams import make_streams
from bench.table import Figure
from bench.timing import take_turns
from collectors import build
from collectors.events import Collected
from collectors.kafka import KafkaSource
from config.progress import Progress
from config.schema import KafkaSettings, Origin, Settings, SourceSettings
from metrics.ledger.door import open_ledger
from metrics.ledger.writer import Writer
from sites import Site
from tests.real.broker import shared_broker, why_no_kafka
from tests.real.postgresql import Server, find_programs
from tests.real.topics import Topics

PARTITIONS = 6
RECORDS = 200_000
_A_POLL = 20_000
_FETCH_BYTES = 16 * 1024 * 1024


def measure_apart(people: int, cache: Path, *, records: int = RECORDS, rounds: int = 5) -> list[Figure]:
    """In a process of its own, as a worker is: what other measurements leave behind in memory would be counted against this one."""
    command = [sys.executable, "-m", "bench.kafka_road", str(people), str(cache), str(records), str(rounds)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [Figure(**figure) for figure in json.loads(told)]


def measure(people: int, cache: Path, progress: Progress, *, records: int = RECORDS, rounds: int = 5) -> list[Figure]:
    """`records` of a simulated company's CloudEvents, from one topic; nothing where the servers cannot be had."""
    with open_road(progress) as road:
        return [] if road is None else road.measure(people, cache, records, rounds)


@contextmanager
def open_road(progress: Progress) -> "Iterator[Road | None]":
    """Between servers of its own; None, with a word, where these cannot be had."""
    programs = find_programs()
    if programs is None or why_no_kafka():
        progress.report("no Kafka or no PostgreSQL here: make setup-dev", 1, 1)
        yield None
        return
    server = Server(programs, settings="")
    server.start()
    topics = Topics(shared_broker().address)
    try:
        yield Road(topics, server, progress)
    finally:
        topics.close()
        server.remove()


def read_bodies(people: int, cache: Path, records: int, progress: Progress) -> list[bytes]:
    """The lines of a simulated company's streams as CloudEvents, `records` at most."""
    streams = make_streams(people, cache, progress)["cloudevents"]
    lines = chain.from_iterable(file.read_bytes().splitlines() for stream in streams for file in stream.files)
    return list(islice((line for line in lines if line), records))


class Road:
    """A topic, and the way from there into a database of the server's."""

    def __init__(self, topics: Topics, server: Server, progress: Progress) -> None:
        self.address = topics.address
        self._topics = topics
        self._server = server
        self._progress = progress
        self.topic = topics.create(partitions=PARTITIONS)
        self._databases = 0
        self._bodies: list[bytes] = []

    def measure(self, people: int, cache: Path, records: int, rounds: int) -> list[Figure]:
        made = self.fill(people, cache, records)
        ways: dict[str, Callable[[], tuple[float, float]]] = {
            "bare": lambda: self._bare(made),
            "road": lambda: self.road(made),
            "decoding": lambda: self.road(made, record=False),
        }
        best: dict[str, tuple[float, float]] = {}
        for number in range(rounds):
            self._progress.report("from Kafka to PostgreSQL", number, rounds)
            for name, way in ways.items():
                gc.collect()  # what one way left in cycles, the next would pay for
                wall, cpu = way()
                before = best.get(name, (float("inf"), float("inf")))
                best[name] = (min(wall, before[0]), min(cpu, before[1]))
        (bare, bare_cpu), (road, road_cpu), (_, decoding_cpu) = (best[name] for name in ("bare", "road", "decoding"))
        parsing = take_turns({"parsing": self._parse}, rounds)["parsing"]
        name, what = (
            "kafka_to_postgresql_vs_bare_poll",
            f"one worker, {made:,} CloudEvents, commits that wait for the disk",
        )
        stem = "as kafka-python's bare poll loop"
        return [
            Figure(name, bare_cpu / road_cpu, "times as fast", f"{stem}, by CPU time; asked: 0.6"),
            Figure(name, bare / road, "times as fast", f"{stem}, by the clock, where whoever else is busy counts too"),
            Figure(
                name,
                (bare_cpu + parsing) / road_cpu,
                "times as fast",
                f"{stem} and parsing alone (msgspec, typed), by CPU time",
            ),
            Figure("kafka to postgresql", made / road_cpu, "events/s", f"{what}, CPU time of the worker"),
            Figure("kafka to events", made / decoding_cpu, "events/s", "CPU time, without the database"),
            Figure("kafka's bare poll", made / bare_cpu, "records/s", "CPU time, nothing done with the records"),
        ]

    def _parse(self) -> None:
        for body in self._bodies:
            with suppress(ValueError):
                SHAPES["cloudevents"].decode(body)

    def fill(self, people: int, cache: Path, records: int, *, key_of: Callable[[bytes], bytes] | None = None) -> int:
        """How many records there are now. `key_of`: their keys, by which they find their partitions."""
        self._bodies = read_bodies(people, cache, records, self._progress)
        producer = KafkaProducer(bootstrap_servers=self._topics.address, linger_ms=50, batch_size=131_072)
        for number, line in enumerate(self._bodies):
            place = {"key": key_of(line)} if key_of else {"partition": number // 500 % PARTITIONS}
            producer.send(self.topic, line, **place, timestamp_ms=NOW // 1000)
        producer.close()
        return len(self._bodies)

    def _bare(self, records: int) -> tuple[float, float]:
        """Seconds by the clock and of CPU, from the first records on."""
        consumer = KafkaConsumer(
            bootstrap_servers=self._topics.address,
            enable_auto_commit=False,
            isolation_level="read_committed",
            fetch_max_bytes=_FETCH_BYTES,
        )
        here = [TopicPartition(self.topic, partition) for partition in range(PARTITIONS)]
        consumer.assign(here)
        consumer.seek_to_beginning(*here)
        watch, read = _Watch(), 0
        while read < records:
            taken = consumer.poll(500, max_records=_a_poll(records))
            count = sum(map(len, taken.values()))
            watch.count(count)
            read += count
        spent = watch.scaled(records)
        consumer.close()
        return spent

    def road(self, records: int, *, record: bool = True) -> tuple[float, float]:
        """Seconds by the clock and of CPU from the topic to the database; without `record`, to events alone."""
        watch, read = _Watch(), 0
        with tempfile.TemporaryDirectory() as data:
            self._databases += 1
            database = f"bench_{self._databases}"
            self._server.create(database)
            site = Site(Settings(data=Path(data), store=self._server.url(database)))
            engine = open_ledger(site.url, site.secrets)
            writer = Writer(engine, tombstone=site.secrets.tombstone, seal=site.secrets.seal, now=lambda: NOW)
            settings = SourceSettings.model_validate(
                {"name": "all", "decoder": "cloudevents", "from": {"topics": [self.topic]}, "channel": "email"}
            )
            kafka = KafkaSettings(brokers=(self._topics.address,), security="plaintext", group=database)
            source = KafkaSource("all", kafka, Origin(topics=(self.topic,)), now=lambda: NOW)

            def take(collected: Collected) -> None:
                if record:
                    writer.record(collected)

            needs = build.Needs(site.pseudonym, take, lambda: NOW, kafka=kafka)
            intake = build.make_intake(settings, needs, source, paused=False)
            intake.start({})
            while read < records:
                step = intake.step(_a_poll(records))
                if step.begin_again:
                    intake.start({})
                watch.count(step.records)
                read += step.records
            spent = watch.scaled(records)
            intake.close()
            engine.dispose()
        return spent


def _a_poll(records: int) -> int:
    """So many that there are several polls."""
    return min(_A_POLL, records // 10)


class _Watch:
    """From the first records to the last; those that came first are not counted, since nobody saw how long they took."""

    def __init__(self) -> None:
        self._first = 0
        self._counted = 0
        self._began = (0.0, 0.0)
        self._ended = (0.0, 0.0)

    def count(self, records: int) -> None:
        if not records:
            return
        self._ended = (time.perf_counter(), time.process_time())
        if not self._first:
            self._first, self._began = records, self._ended
        else:
            self._counted += records

    def scaled(self, records: int) -> tuple[float, float]:
        """As if all had been counted."""
        wall, cpu = (end - begin for end, begin in zip(self._ended, self._began, strict=True))
        return wall * records / self._counted, cpu * records / self._counted


if __name__ == "__main__":
    gc.set_threshold(*GC_THRESHOLD)
    parser = argparse.ArgumentParser()
    parser.add_argument("people", type=int)
    parser.add_argument("cache", type=Path)
    parser.add_argument("records", type=int)
    parser.add_argument("rounds", type=int)
    asked = parser.parse_args()
    found = measure(asked.people, asked.cache, Progress(), records=asked.records, rounds=asked.rounds)
    print(json.dumps([asdict(figure) for figure in found]))
