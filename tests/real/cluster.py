"""A company whose streams stand in topics, and workers of their own processes that read them into one database."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import yaml
from kafka.structs import TopicPartition

from config.load import load
from metrics.ledger.database import open_readonly
from metrics.ledger.door import LedgerError
from metrics.ledger.intervals import Position, read_intervals
from tests.flow.company import Company
from tests.ports import free_port
from tests.real.topics import Topics, new_name

ROOT = Path(__file__).parents[2]
STREAM_OF = {"mail": "email", "news": "intranet"}
_SESSION = 8
_TELLING = ("earshot_lag_records", "earshot_stall", "earshot_rebalances", "earshot_consumers")


def ask(port: int, path: str) -> str:
    """What a worker answers, well or not."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return str(answer.read().decode())
    except HTTPError as error:
        return error.read().decode()


def count_read(url: str, *sources: str) -> int:
    """Offsets that a database knows as read. LedgerError while it is away."""
    engine = open_readonly(url)
    try:
        with engine.connect() as connection:
            found = [read_intervals(connection, source) for source in sources]
    finally:
        engine.dispose()
    return sum(each.end - each.start for read in found for intervals in read.values() for each in intervals)


class Worker:
    """`./earshot collect` in a process of its own."""

    def __init__(self, folder: Path, file: Path, more: dict[str, str]) -> None:
        self.port = free_port()
        self.log = folder / f"worker-{self.port}.log"
        environment = {**os.environ, "EARSHOT_WORKER__PORT": str(self.port), **more}
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "service.py"), "--config", str(file), "collect"],
                stdout=out,
                stderr=out,
                env=environment,
                cwd=ROOT,
            )

    def signal(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def ask(self, path: str) -> str:
        return ask(self.port, path)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self, seconds: float = 90.0) -> int:
        """The exit status after SIGTERM."""
        if self.process.poll() is None:
            self.signal(signal.SIGCONT)
            self.process.terminate()
        return self.process.wait(seconds)


class Cluster:
    """The company of `files`, read from topics instead; with its key, so that who is drawn is the same. `store`: the database's URL."""

    def __init__(self, folder: Path, files: Path, topics: Topics, *, store: str | None = None, partitions: int = 3):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.topics, self.partitions = folder, topics, partitions
        self.prefix = new_name("company")
        self.streams = files / "company" / "streams"
        written = yaml.load((files / "earshot.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
        self.topic_of = {
            source["name"]: f"{self.prefix}.{STREAM_OF.get(source['name'], source['name'])}"
            for source in written["sources"]
        }
        for source in written["sources"]:
            source["from"] = {"topics": [self.topic_of[source["name"]]]}
        written.pop("sample", None)
        written["kafka"] = {
            "brokers": [topics.address],
            "security": "plaintext",
            "group": self.prefix,
            "session": str(_SESSION),
        }
        for part in ("catalogue", "directory"):
            written[part]["files"] = [str(files / path) for path in written[part]["files"]]
        if store is not None:
            written["store"] = store
        self.file = folder / "earshot.yaml"
        self.file.write_text(yaml.safe_dump(written), encoding="utf-8")
        (folder / "data").mkdir()
        for key in ("earshot.key", "erasure.key"):
            shutil.copy(files / "data" / key, folder / "data" / key)
        loaded = load(self.file, {})
        assert loaded.settings is not None, loaded.problems
        self.settings = loaded.settings
        self.url = store or f"sqlite:///{folder / 'data' / 'earshot.db'}"
        self._workers: list[Worker] = []

    def company(self, until_us: int) -> Company:
        return Company(self.settings, until_us)

    def start(self, **more: Any) -> Worker:
        worker = Worker(self.folder, self.file, {key: str(value) for key, value in more.items()})
        self._workers.append(worker)
        return worker

    def lacking(self) -> dict[TopicPartition, int]:
        """Records that the database does not know as read, by partition."""
        waiting: dict[TopicPartition, int] = {}
        with open_readonly(self.url).connect() as connection:
            for source, topic in self.topic_of.items():
                read = read_intervals(connection, source)
                stream = f"{topic}:{self.topics.identity(topic)}"
                for partition in range(self.partitions):
                    position: Position = (stream, partition)
                    seen = sum(interval.end - interval.start for interval in read.get(position, ()))
                    left = self.topics.end(topic, partition) - seen
                    if left:
                        waiting[TopicPartition(topic, partition)] = left
        return waiting

    def count_read(self) -> int:
        return count_read(self.url, *self.topic_of)

    def wait_until_read(self, seconds: float = 180.0) -> None:
        self.wait_for(lambda: not self.lacking(), seconds)

    def wait_for(self, holds: Callable[[], bool], seconds: float = 180.0) -> None:
        late = time.monotonic() + seconds
        while True:
            # The database may not be there yet, or not any more; a worker may not listen yet.
            with suppress(LedgerError, OSError):
                if holds():
                    return
            if time.monotonic() > late:
                logs = "".join(worker.log.read_text(errors="replace")[-1500:] for worker in self._workers)
                raise AssertionError(f"it never came to that; {self.lacking()}\n{self._lags()}\n{logs}")
            time.sleep(0.1)

    def _lags(self) -> list[str]:
        """What the workers themselves say of it."""
        said = []
        for worker in self._workers:
            with suppress(OSError):
                said += [line for line in worker.ask("/metrics").splitlines() if line.startswith(_TELLING)]
                said.append(worker.ask("/-/ready"))
        return said

    def end(self) -> None:
        for worker in self._workers:
            if worker.process.poll() is None:
                worker.kill()
