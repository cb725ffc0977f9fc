"""What a second worker costs, and brings: real workers of their own processes beside one another on one topic, into one PostgreSQL. On two
cores that brokers and database share, CPU time an event says more than the clock."""

import os
import signal
import tempfile
import time
from pathlib import Path

import yaml
from kafka import KafkaProducer

from bench.crowd import NOW
from bench.kafka_road import PARTITIONS, read_bodies
from bench.table import Figure
from config.progress import Progress
from tests.real.broker import shared_broker, why_no_kafka
from tests.real.cluster import Worker, ask, count_read
from tests.real.postgresql import Server, find_programs
from tests.real.topics import Topics, wait_for

RECORDS = 150_000
_PATIENCE_SECONDS = 300.0


def measure(people: int, cache: Path, progress: Progress, *, records: int = RECORDS, rounds: int = 2) -> list[Figure]:
    """`records` of a simulated company's CloudEvents, by one worker and by two; nothing where the servers cannot be had."""
    programs = find_programs()
    if programs is None or why_no_kafka():
        return []
    bodies = read_bodies(people, cache, records, progress)
    server = Server(programs, settings="")
    server.start()
    topics = Topics(shared_broker().address)
    best: dict[int, tuple[float, float]] = {}
    try:
        for number in range(rounds):
            for workers in (1, 2):
                progress.report(f"{workers} workers", number, rounds)
                found = _run(topics, server, bodies, workers, f"scaling_{number}_{workers}")
                before = best.get(workers, found)
                best[workers] = (min(found[0], before[0]), min(found[1], before[1]))
    finally:
        topics.close()
        server.remove()
    (wall, cpu), (wall_of_two, cpu_of_two) = best[1], best[2]
    what = f"{len(bodies):,} CloudEvents, {PARTITIONS} partitions"
    return [
        Figure(
            "a second worker", cpu / cpu_of_two, "times the work", f"an event takes two as one, by CPU time; {what}"
        ),
        Figure(
            "a second worker", wall / wall_of_two, "times as fast", "as one by the clock, beside broker and database"
        ),
    ]


def _run(topics: Topics, server: Server, bodies: list[bytes], count: int, name: str) -> tuple[float, float]:
    """Seconds by the clock, and of the workers' CPU: from the moment that all may begin until everything is in the database."""
    topic = topics.create(partitions=PARTITIONS)
    server.create(name)
    with tempfile.TemporaryDirectory() as folder:
        file = _configure(Path(folder), topics.address, topic, server.url(name))
        workers = [Worker(Path(folder), file, {}) for _ in range(count)]
        try:
            for worker in workers:
                _wait_for_share(worker, PARTITIONS // count)
            for worker in workers:
                worker.signal(signal.SIGSTOP)  # they have joined, and begin at once and together
            _fill(topics.address, topic, bodies)
            began, before = time.perf_counter(), sum(map(_cpu_seconds, workers))
            for worker in workers:
                worker.signal(signal.SIGCONT)
            wait_for(lambda: count_read(server.url(name), "all") >= len(bodies), _PATIENCE_SECONDS)
            spent = time.perf_counter() - began, sum(map(_cpu_seconds, workers)) - before
        finally:
            for worker in workers:
                worker.kill()
        return spent


def _wait_for_share(worker: Worker, partitions: int) -> None:
    """Until it has joined the group, and has its share."""
    wait_for(lambda: ask(worker.port, "/metrics").count("\nearshot_lag_records{") == partitions, _PATIENCE_SECONDS)


def _configure(folder: Path, address: str, topic: str, store: str) -> Path:
    source = {"name": "all", "decoder": "cloudevents", "from": {"topics": [topic]}, "channel": "email"}
    kafka = {"brokers": [address], "security": "plaintext", "group": topic, "session": "60"}
    written = {"data": "data", "store": store, "sources": [source], "kafka": kafka}
    file = folder / "earshot.yaml"
    file.write_text(yaml.safe_dump(written), encoding="utf-8")
    return file


def _fill(address: str, topic: str, bodies: list[bytes]) -> None:
    producer = KafkaProducer(bootstrap_servers=address, linger_ms=50, batch_size=131_072)
    for number, body in enumerate(bodies):
        producer.send(topic, body, partition=number // 500 % PARTITIONS, timestamp_ms=NOW // 1000)
    producer.close()


def _cpu_seconds(worker: Worker) -> float:
    # pid (name) state ppid ... utime stime, as in proc(5)
    fields = Path(f"/proc/{worker.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
