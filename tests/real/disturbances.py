"""Everything that goes wrong with workers, their database and their broker, one disturbance after another. What is counted afterwards is
left to `tortured`, what is told of it to `torture`."""

import signal
import subprocess
import sys
import time

from psycopg import sql

from tests.real.broker import Broker
from tests.real.disturbing import Disturbing, Way
from tests.real.proxy import Proxy
from tests.real.tortured import DATABASE, SESSION_SECONDS, Tortured, some_seconds
from tests.real.worker_main import CRASH_STATUS, ONCE, POINTS

_WORKERS = 2
_GRACE_SECONDS = 20


class Disturbances(Disturbing):
    """Of one broker, a database behind a proxy, and two workers."""

    def __init__(self, tortured: Tortured, broker: Broker, proxy: Proxy, seed: int) -> None:
        ways: list[Way] = [
            (10, "kill -9 at a random moment", self._kill),
            (10, "end at a named point", self._crash),
            (3, "SIGTERM, and another in its place", self._terminate),
            (3, "asleep past its session, then awake again", self._sleep),
            (3, "connection cut between COMMIT and its answer", self._cut_in_commit),
            (2, "every connection to the database cut", self._cut),
            (2, "database stopped immediately, started again", self._stop_database),
            (1, "broker killed, started again", self._kill_broker),
            (1, "database set back to an older state", self._set_back),
            (1, "a partition more", self._add_partition),
        ]
        super().__init__(tortured, seed, ways, workers=_WORKERS)
        self._proxy = proxy
        self._broker, self._server = broker, tortured.server

    def _kill(self) -> None:
        worker = self._one()
        if worker is not None:
            worker.kill()
            worker.wait()

    def _crash(self) -> None:
        point = self._rng.choice(sorted(POINTS))
        passing = 1 if point in ONCE else self._rng.randint(1, 4)
        worker = self._tortured.start("--crash", point, "--passing", str(passing))
        if point == "while leaving":
            time.sleep(some_seconds(self._rng, 5))
            worker.terminate()
        late = time.monotonic() + 15
        while worker.poll() is None and time.monotonic() < late:
            time.sleep(0.1)
        if worker.poll() is None:
            worker.kill()  # the others have all partitions
            worker.wait()
        self.missed += worker.returncode != CRASH_STATUS

    def _terminate(self) -> None:
        worker = self._one()
        if worker is None:
            return
        worker.terminate()
        try:
            status = worker.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            worker.send_signal(signal.SIGABRT)  # tells where it stands
            status = worker.wait()
        # One that has hardly begun has nothing to end.
        if status not in (0, -signal.SIGTERM):
            self.badly_ended.append(f"status {status}: {self._tortured.told_by(worker)}")
            print(self.badly_ended[-1], file=sys.stderr)

    def _sleep(self) -> None:
        worker = self._one()
        if worker is not None:
            worker.send_signal(signal.SIGSTOP)
            time.sleep(SESSION_SECONDS + 2)
            worker.send_signal(signal.SIGCONT)

    def _cut_in_commit(self) -> None:
        before = self._proxy.cuts
        self._proxy.cut_next(carried_out=self._rng.random() < 0.7)
        late = time.monotonic() + 15
        while self._proxy.cuts == before and time.monotonic() < late:
            time.sleep(0.05)
        self._proxy.forget()
        self.missed += self._proxy.cuts == before

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

    def _add_partition(self) -> None:
        self._tortured.add_partition()

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
