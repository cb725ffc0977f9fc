"""`python -m tests.real.torture LENGTH`: workers on a real Kafka and a real PostgreSQL, under everything that goes wrong, one disturbance
after another, while events go on coming; then what was lost is counted, and docs/reliability.md written."""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from psycopg import sql

from metrics.ledger.door import LedgerError
from tests.real.broker import Broker, needs_kafka
from tests.real.postgresql import Server, find_programs
from tests.real.topics import Topics
from tests.real.tortured import DATABASE, ROOT, SESSION_SECONDS, Tortured, some_seconds
from tests.real.worker_main import POINTS

WORKERS = 2
A_SECOND = 300
PAGE = ROOT / "docs" / "reliability.md"
_BEGIN, _END = "<!-- the last run -->\n", "<!-- end of the last run -->"


class Torture:
    """`done`: how often each disturbance was."""

    def __init__(self, tortured: Tortured, broker: Broker, seed: int) -> None:
        self.done: Counter[str] = Counter()
        self._tortured, self._broker, self._server = tortured, broker, tortured.server
        self._rng = random.Random(seed)
        self._ways: list[tuple[int, str, Callable[[], None]]] = [
            (10, "kill -9 at a random moment", self._kill),
            (10, "end at a named point", self._crash),
            (3, "SIGTERM, and another in its place", self._terminate),
            (3, "asleep past its session, then awake again", self._sleep),
            (3, "every connection to the database cut", self._cut),
            (2, "database stopped immediately, started again", self._stop_database),
            (1, "broker killed, started again", self._kill_broker),
            (1, "database set back to an older state", self._set_back),
        ]

    def run(self, length: int) -> None:
        for _ in range(WORKERS):
            self._tortured.start()
        for number in range(length):
            (way,) = self._rng.choices(self._ways, [weight for weight, *_ in self._ways])
            print(f"{number + 1} of {length}: {way[1]}", file=sys.stderr)
            way[2]()
            self.done[way[1]] += 1
            self._fill_up()
            time.sleep(some_seconds(self._rng, 3))

    def _fill_up(self) -> None:
        living = [worker for worker in self._tortured.workers if worker.poll() is None]
        for _ in range(WORKERS - len(living)):
            self._tortured.start()

    def _one(self) -> subprocess.Popen[bytes] | None:
        return self._rng.choice([worker for worker in self._tortured.workers if worker.poll() is None] or [None])

    def _kill(self) -> None:
        worker = self._one()
        if worker is not None:
            worker.kill()
            worker.wait()

    def _crash(self) -> None:
        point = self._rng.choice(sorted(POINTS))
        worker = self._tortured.start("--crash", point, "--passing", str(self._rng.randint(1, 4)))
        late = time.monotonic() + 15
        while worker.poll() is None and time.monotonic() < late:
            time.sleep(0.1)
        if worker.poll() is None:
            worker.terminate()  # that point is not come to but by leaving, or not so often
            worker.wait(60)

    def _terminate(self) -> None:
        worker = self._one()
        if worker is not None:
            worker.terminate()
            status = worker.wait(60)
            # One that has hardly begun has nothing to end.
            assert status in (0, -signal.SIGTERM), f"SIGTERM ends a worker well, and this one with {status}"

    def _sleep(self) -> None:
        worker = self._one()
        if worker is not None:
            worker.send_signal(signal.SIGSTOP)
            time.sleep(SESSION_SECONDS + 2)
            worker.send_signal(signal.SIGCONT)

    def _cut(self) -> None:
        self._server.run(sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'earshot'"))

    def _stop_database(self) -> None:
        self._server.stop(signal.SIGQUIT)
        time.sleep(some_seconds(self._rng, 5))
        self._server.start()

    def _kill_broker(self) -> None:
        self._broker.kill()
        time.sleep(some_seconds(self._rng, 5))
        self._broker.start()

    def _set_back(self) -> None:
        """As a backup is played in, under running workers that know the newer state."""
        self._copy(DATABASE, "older")
        time.sleep(3)
        self._copy("older", DATABASE)
        self._server.drop("older")

    def _copy(self, old: str, new: str) -> None:
        names = {"old": sql.Identifier(old), "new": sql.Identifier(new)}
        self._server.run(sql.SQL("ALTER DATABASE {old} ALLOW_CONNECTIONS false").format(**names))
        self._server.run(
            sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(
                sql.Literal(old)
            )
        )
        if new == DATABASE:
            self._server.drop(DATABASE)
        time.sleep(0.5)
        self._server.create(new, template=old)
        self._server.run(sql.SQL("ALTER DATABASE {old} ALLOW_CONNECTIONS true").format(**names))


class Longest:
    """The longest time in which nothing was read although events went on coming, in seconds."""

    def __init__(self, tortured: Tortured) -> None:
        self.seconds = 0.0
        self._tortured = tortured

    def watch(self, stop: threading.Event) -> None:
        reached, moved = -1, time.monotonic()
        while not stop.wait(0.5):
            try:
                found = self._tortured.count_offsets()
            except LedgerError:
                found = reached
            if found != reached:
                reached, moved = found, time.monotonic()
            self.seconds = max(self.seconds, time.monotonic() - moved)


def torture(length: int, seed: int) -> dict[str, str]:
    """What was found, as it is reported."""
    programs = find_programs()
    assert programs is not None, "no PostgreSQL here: make setup-dev installs it"
    with tempfile.TemporaryDirectory(prefix="earshot-torture-") as folder:
        server = Server(programs, settings="")  # as on disk, with all that makes it safe
        server.start()
        (Path(folder) / "kafka").mkdir()
        broker = Broker(Path(folder) / "kafka").start()
        topics = Topics(broker.address)
        tortured = Tortured(Path(folder), topics, server)
        stop = threading.Event()
        writing = threading.Thread(target=tortured.write_on, args=(stop, A_SECOND))
        longest = Longest(tortured)
        watching = threading.Thread(target=longest.watch, args=(stop,))
        began = time.monotonic()
        try:
            writing.start()
            watching.start()
            run = Torture(tortured, broker, seed)
            run.run(length)
            stop.set()
            writing.join()
            watching.join()
            calm = time.monotonic()
            written, lost, excess = tortured.wait_until_read(180)
            return {
                "disturbances": f"{length} ({', '.join(f'{count} x {what}' for what, count in run.done.most_common())})",
                "events written": f"{written:,}",
                "events lost": f"{lost:,}",
                "facts that nobody wrote": f"{excess:,}",
                "longest stall, in seconds": f"{longest.seconds:.0f}",
                "seconds until everything was read, after the last": f"{time.monotonic() - calm:.0f}",
                "minutes": f"{(time.monotonic() - began) / 60:.0f}",
                "workers at once, and started in all": f"{WORKERS}, {len(tortured.workers)}",
                "seed": str(seed),
            }
        finally:
            stop.set()
            tortured.end()
            topics.close()
            broker.stop()
            server.remove()


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.real.torture", description=__doc__)
    parser.add_argument("length", type=int, help="how many disturbances")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    needs_kafka()
    found = torture(asked.length, asked.seed)
    rows = "\n".join(["| | |", "|---|---|", *(f"| {what} | {value} |" for what, value in found.items())])
    print(rows)
    before, rest = PAGE.read_text(encoding="utf-8").split(_BEGIN)
    _, after = rest.split(_END)
    PAGE.write_text(f"{before}{_BEGIN}\n{rows}\n\n{_END}{after}", encoding="utf-8")
    return 0 if found["events lost"] == found["facts that nobody wrote"] == "0" else 1


if __name__ == "__main__":
    sys.exit(main())
