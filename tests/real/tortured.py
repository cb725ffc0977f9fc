"""A stream of which every event is a fact of its own, workers that read it into PostgreSQL, and the count of what is there: what was lost,
and what was too much. What is done to them is left to `torture`."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sqlalchemy import select

from metrics.ledger.database import open_database
from metrics.ledger.deltas import unpack_delta
from metrics.ledger.door import LedgerError
from metrics.ledger.intervals import read_gaps
from metrics.ledger.tables import delta
from tests.ports import free_port
from tests.real.cluster import count_read
from tests.real.postgresql import Server
from tests.real.proxy import Proxy
from tests.real.topics import Topics, new_name

ROOT = Path(__file__).parents[2]
SESSION_SECONDS = 6
PEOPLE = 5_000
DATABASE = "earshot"


def event_of(number: int) -> dict[str, object]:
    """The read of person n on message n // PEOPLE: of every number another fact."""
    message, person = divmod(number, PEOPLE)
    return {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": "/torture",
        "type": "earshot.read",
        "subject": f"m{message}",
        "time": "2026-11-02T08:15:00Z",
        "data": {"address": f"p{person}@example.org", "channel": "intranet"},
    }


class Tortured:
    """`write` adds events, `start` workers, which talk to the database through the proxy if there is one; `count` says (written, lost,
    excess). `longest_write`: the most seconds in which the brokers took nothing; `ports`: of a worker's series and probes, by its pid."""

    def __init__(
        self, folder: Path, topics: Topics, server: Server, proxy: Proxy | None = None, *, partitions: int = 4
    ):
        self.folder, self.topics, self.server = folder, topics, server
        self.partitions = partitions
        self.topic = topics.create(new_name("torture"), partitions=partitions)
        self.group = f"{self.topic}-all"  # as the broker knows it: beside the source's name
        self.written = 0
        self.sent_again = 0
        self.longest_write = 0.0
        self.workers: list[subprocess.Popen[bytes]] = []
        self.ports: dict[int, int] = {}
        source = {"name": "all", "decoder": "cloudevents", "from": {"topics": [self.topic]}, "channel": "intranet"}
        kafka = {"brokers": topics.address.split(","), "security": "plaintext", "session": str(SESSION_SECONDS)}
        written = {
            "data": "data",
            "store": (proxy or server).url(DATABASE),
            "sources": [source],
            "kafka": {**kafka, "group": self.topic},
        }
        self.file = folder / "earshot.yaml"
        self.file.write_text(yaml.safe_dump(written), encoding="utf-8")
        server.create(DATABASE)

    def write(self, count: int) -> None:
        """Events that nobody has written before."""
        waiting = list(range(self.written, self.written + count))
        while waiting := [number for number, sent in self._send(waiting) if not sent.succeeded()]:
            self.sent_again += len(waiting)
        self.written += count

    def _send(self, numbers: Iterable[int]) -> list[tuple[int, Any]]:
        """Each with what became of it: the client gives up some that the broker did not take."""
        producer, sent = self.topics.producer, []
        for number in numbers:
            partition = number // 50 % len(producer.partitions_for(self.topic))
            sent.append((number, producer.send(self.topic, json.dumps(event_of(number)).encode(), partition=partition)))
        producer.flush()
        return sent

    def count_unread(self) -> int:
        """Offsets that the broker holds and the database does not know as read."""
        ends = sum(self.topics.end(self.topic, partition) for partition in range(self.partitions))
        return ends - self.count_offsets()

    def add_partition(self) -> None:
        self.partitions += 1
        self.topics.add_partitions(self.topic, self.partitions)

    def write_on(self, stop: threading.Event, a_second: int) -> None:
        """Until `stop`. What the broker did not take while it was away is sent again."""
        while not stop.wait(0.1):
            began = time.monotonic()
            self.write(a_second // 10)
            self.longest_write = max(self.longest_write, time.monotonic() - began)

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        """A worker; `more`: what `worker_main` is told."""
        port = free_port()
        with self._log_of(len(self.workers)).open("wb") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.real.worker_main", "--config", str(self.file), *more, "collect"],
                stdout=log,
                stderr=log,
                cwd=ROOT,
                env={**os.environ, "EARSHOT_WORKER__PORT": str(port)},
            )
        self.ports[worker.pid] = port
        self.workers.append(worker)
        return worker

    def told_by(self, worker: subprocess.Popen[bytes]) -> str:
        """What it said, the beginning."""
        return self._log_of(self.workers.index(worker)).read_text(errors="replace")[:12_000]

    def _log_of(self, number: int) -> Path:
        return self.folder / f"worker-{number}.log"

    def count(self) -> tuple[int, int, int]:
        """Events written, those that are not in the database, and facts there that nobody wrote."""
        found: set[tuple[str, int]] = set()
        engine = open_database(self.server.url(DATABASE))
        with engine.connect() as connection:
            for payload in connection.execute(select(delta.c.payload)).scalars():
                for reference, *_, codes in unpack_delta(payload).sets:
                    persons = np.frombuffer(codes, "<u8") & np.uint64(0xFFFFFFFF)
                    found.update((reference, person) for person in persons.tolist())
            assert not read_gaps(connection), "nothing was lost at the broker, so nothing may be called a gap"
        engine.dispose()
        return self.written, max(0, self.written - len(found)), max(0, len(found) - self.written)

    def count_offsets(self) -> int:
        """Offsets that the database knows as read. LedgerError while it is away."""
        return count_read(self.server.url(DATABASE), "all")

    def wait_for_offsets(self, count: int, seconds: float = 180.0) -> None:
        """Until the database knows so many as read."""
        late = time.monotonic() + seconds
        while True:
            with suppress(LedgerError):  # it may have no tables yet
                if self.count_offsets() >= count:
                    return
            assert time.monotonic() < late, "it never came to that"
            time.sleep(0.2)

    def wait_until_read(self, seconds: float = 180.0) -> tuple[int, int, int]:
        """The count, once nothing is lost or the time is over."""
        late = time.monotonic() + seconds
        while time.monotonic() < late:
            with suppress(LedgerError):  # it may have no tables yet
                if self.count()[1] == 0:
                    break
            time.sleep(0.5)
        return self.count()

    def end(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()


def some_seconds(rng: random.Random, most: float) -> float:
    """Mostly short: what goes wrong goes wrong at the beginning."""
    return most * rng.random() ** 2
