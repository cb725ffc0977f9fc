"""How long it takes from an event in a topic of Kafka to the page of whoever evaluates: everything runs as for an organisation, in
processes of its own, at a steady load."""

import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import yaml

from bench.table import Figure
from config.progress import Progress
from metrics.moments import write_moment
from tests.ports import free_port
from tests.real.broker import shared_broker, why_no_kafka
from tests.real.cluster import ROOT, ask
from tests.real.postgresql import Server, find_programs
from tests.real.topics import Topics, wait_for

LOADS = (1_000, 10_000)
"""Events a second: three times what 100,000 people make in their busiest hour, and a tenth of what a worker can do."""
SECONDS = 40
_PEOPLE, _OTHERS, _PARTITIONS = 3_000, 40, 6
_PROBES_A_TENTH = 3
PATIENCE_SECONDS = 300.0
_NUMERATOR = re.compile(
    r'^earshot_indicator_numerator\{[^}]*segment="all"[^}]*target="opened"[^}]*\} (\S+)$', re.MULTILINE
)


def measure(progress: Progress, *, a_second: int, seconds: int = SECONDS) -> list[Figure]:
    """Nothing where the servers cannot be had."""
    programs = find_programs()
    if programs is None or why_no_kafka():
        return []
    server = Server(programs, settings="")
    server.start()
    server.create("fresh")
    topics = Topics(shared_broker().address)
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder), topics, server)
        try:
            company.start()
            progress.report("from topic to page", 0, 1)
            waits = company.live(seconds, a_second)
        finally:
            company.end()
            topics.close()
            server.remove()
    what = f"{a_second:,} events a second for {seconds} s, {len(waits):,} of them looked for on the page"
    return [
        Figure("from topic to page", float(np.quantile(waits, 0.5)), "s", f"half of them; {what}"),
        Figure("from topic to page", float(np.quantile(waits, 0.99)), "s", "99 of 100; asked: 10"),
    ]


class Company:
    """A worker and one who evaluates, on a message whose openers are looked for, among others. `page`, `probes`: their ports; `processes`:
    by what they do."""

    def __init__(self, folder: Path, topics: Topics, server: Server) -> None:
        self._folder, self._topics = folder, topics
        self._topic = topics.create(partitions=_PARTITIONS)
        self.page, self.probes = free_port(), free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        # Its window has closed, since nothing is said of a message before; what is read now is late, and counts.
        sent = int(time.time()) - 60 * 3600
        self._opened_at = write_moment((sent + 24 * 3600) * 1_000_000)
        ids = ["looked-for", *(f"other-{number}" for number in range(_OTHERS))]
        entries = [
            {"id": id, "topic": id, "channel": "email", "audience": "all", "sent_at": write_moment(sent * 1_000_000)}
            for id in ids
        ]
        (folder / "messages.json").write_text(json.dumps(entries), encoding="utf-8")
        people = "\n".join(["address", *(f"p{number}@example.org" for number in range(_PEOPLE))])
        (folder / "people.csv").write_text(people, encoding="utf-8")
        source = {"name": "mail", "decoder": "cloudevents", "from": {"topics": [self._topic]}, "channel": "email"}
        written = {
            **{"data": "data", "store": server.url("fresh"), "sources": [{**source, "delivered": False}]},
            "kafka": {"brokers": [topics.address], "security": "plaintext", "group": self._topic},
            **{"catalogue": {"files": ["messages.json"]}, "directory": {"files": ["people.csv"]}},
            "targets": [
                {
                    "name": "opened",
                    "indicator": "opened",
                    "value": 0.9,
                    "window": "48 hours",
                    "scope": {"topic": "looked-for"},
                }
            ],
            **{"page": {"port": self.page}, "worker": {"port": self.probes}},
        }
        self._file = folder / "earshot.yaml"
        self._file.write_text(yaml.safe_dump(written), encoding="utf-8")

    def start(self) -> None:
        """Back when the page is there."""
        subprocess.run(self._command("import"), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        for command in ("collect", "evaluate"):
            log = (self._folder / f"{command}.log").open("wb")
            self.processes[command] = subprocess.Popen(self._command(command), cwd=ROOT, stdout=log, stderr=log)
        wait_for(lambda: ask(self.probes, "/-/ready").startswith("ready"), PATIENCE_SECONDS)
        wait_for(lambda: ask(self.page, "/-/ready").startswith("ready"), PATIENCE_SECONDS)

    def _command(self, command: str) -> Sequence[str]:
        return [sys.executable, str(ROOT / "service.py"), "--config", str(self._file), command]

    def live(self, seconds: int, a_second: int) -> list[float]:
        """Seconds from a new opener's event to the first page that counts it, for each of them."""
        seen: list[tuple[float, float]] = []
        stop = threading.Event()
        looking = threading.Thread(target=self._look, args=(stop, seen))
        looking.start()
        written = self.write(seconds, a_second)
        try:
            wait_for(lambda: bool(seen) and seen[-1][1] >= len(written) - 3, PATIENCE_SECONDS)
            with suppress(AssertionError):  # fewer than three more are not shown
                wait_for(lambda: seen[-1][1] >= len(written), 20)
        finally:
            stop.set()
            looking.join()
        assert seen, "the page never counted anybody"
        shown = int(max(count for _, count in seen))
        assert shown >= len(written) - 3, f"{shown} of {len(written)} on the page"
        return [next(at for at, count in seen if count > number) - written[number] for number in range(shown)]

    def write(self, seconds: int, a_second: int) -> list[float]:
        """When each new opener's event was handed to the broker."""
        rng = random.Random(1)
        written: list[float] = []
        others = [self._event(f"other-{rng.randrange(_OTHERS)}", rng.randrange(_PEOPLE)) for _ in range(20_000)]
        began = time.monotonic()
        for tenth in range(seconds * 10):
            time.sleep(max(0.0, began + tenth / 10 - time.monotonic()))
            for number in range(a_second // 10):
                place = tenth * (a_second // 10) + number
                self._topics.producer.send(
                    self._topic, others[place % len(others)], partition=place // 100 % _PARTITIONS
                )
            for _ in range(_PROBES_A_TENTH if len(written) + _PROBES_A_TENTH < _PEOPLE else 0):
                self._topics.producer.send(
                    self._topic, self._event("looked-for", len(written)), partition=tenth % _PARTITIONS
                )
                written.append(time.monotonic())
        self._topics.producer.flush()
        return written

    def _event(self, message: str, person: int) -> bytes:
        event = {
            **{"specversion": "1.0", "source": "/mail", "type": "earshot.opened", "subject": message},
            **{"id": f"{message}-{person}", "data": {"address": f"p{person}@example.org", "machine": "no"}},
            "time": self._opened_at,
        }
        return json.dumps(event).encode()

    def _look(self, stop: threading.Event, seen: list[tuple[float, float]]) -> None:
        while not stop.wait(0.1):
            with suppress(OSError):
                found = _NUMERATOR.search(ask(self.page, "/metrics"))
                if found is not None:
                    seen.append((time.monotonic(), float(found[1])))

    def end(self) -> None:
        for process in self.processes.values():
            process.kill()
            process.wait()
