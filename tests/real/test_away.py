"""What workers read from or write to is not there yet, hangs, or is full: they stay, say so, and go on by themselves when it is over."""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from tests.real.broker import Broker, needs_kafka
from tests.real.cluster import ask
from tests.real.postgresql import Server, running_server
from tests.real.topics import Topics
from tests.real.tortured import DATABASE, SESSION_SECONDS, Tortured

_SECONDS = 60.0  # "within seconds", on a machine that does other things too
_HELD_SECONDS = 2.0 * SESSION_SECONDS
_TOLD_ANEW = 6.0  # seconds until counters are told anew, at the latest
_MEGABYTE = 1 << 20
# Files of a megabyte for the server's log of changes, so that a limit beyond that says nothing about them.
_SMALL_LOG = "--wal-segsize=1"
_KEEPING_ROOM = "fsync = off\nautovacuum = off\n"
# Rows so small that none fits into what the last page has left.
_FILL = "INSERT INTO delta (source, facts, payload) SELECT 'f', 0, '' FROM generate_series(1, 80000)"


def wait_for(holds: Callable[[], bool], seconds: float = 180.0) -> None:
    late = time.monotonic() + seconds
    while True:
        with suppress(OSError):  # it does not listen yet
            if holds():
                return
        assert time.monotonic() < late, "it never came to that"
        time.sleep(0.1)


@pytest.fixture
def server() -> Iterator[Server]:
    """One whose disk can be full."""
    with running_server(_KEEPING_ROOM, _SMALL_LOG) as server:
        yield server


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_worker_that_begins_without_its_broker_waits_and_is_ready_within_seconds_of_it(
    tmp_path: Path, server: Server
) -> None:
    needs_kafka()
    (tmp_path / "kafka").mkdir()
    broker = Broker(tmp_path / "kafka").start()
    topics = Topics(broker.address)
    tortured = Tortured(tmp_path, topics, server)
    try:
        tortured.write(100)
        broker.kill()
        worker = tortured.start()
        port = tortured.ports[worker.pid]
        wait_for(lambda: "broker" in ask(port, "/-/ready"))
        before = cpu_seconds(worker.pid)
        time.sleep(5)
        assert cpu_seconds(worker.pid) - before < 1.0, "it asks again and again"
        assert ask(port, "/-/healthy") == "healthy\n"
        broker.start()
        wait_for(lambda: ask(port, "/-/ready") == "ready\n", _SECONDS)
        assert tortured.wait_until_read(_SECONDS) == (100, 0, 0)
        assert worker.poll() is None
    finally:
        tortured.end()
        topics.close()
        broker.stop()


def told(tortured: Tortured, path: str) -> str:
    return ask(tortured.ports[tortured.workers[0].pid], path)


@pytest.fixture
def working(tmp_path: Path, topics: Topics, server: Server) -> Iterator[Tortured]:
    """With one worker, which has read something."""
    tortured = Tortured(tmp_path, topics, server)
    tortured.write(100)
    tortured.start()
    wait_for(lambda: told(tortured, "/-/ready") == "ready\n")
    assert tortured.wait_until_read() == (100, 0, 0)
    yield tortured
    tortured.end()


def joins(tortured: Tortured) -> float:
    """How often it has joined its group."""
    found = re.search(r'earshot_rebalances_total\{source="all"\} (\S+)', told(tortured, "/metrics"))
    return float(found[1]) if found else 0.0


def test_a_worker_that_waits_for_a_lock_longer_than_its_session_stays_in_the_group(working: Tortured) -> None:
    wait_for(lambda: joins(working) > 0)
    time.sleep(_TOLD_ANEW)
    before = joins(working)  # a topic just made may take two
    with psycopg.connect(working.server.conninfo(DATABASE)) as connection:
        connection.execute("LOCK TABLE delta IN ACCESS EXCLUSIVE MODE")
        working.write(100)
        time.sleep(_HELD_SECONDS)
        assert working.workers[0].poll() is None
    assert working.wait_until_read() == (200, 0, 0)
    time.sleep(_TOLD_ANEW)
    assert joins(working) == before


def test_a_worker_that_waits_for_a_lock_ends_within_its_grace(working: Tortured) -> None:
    with psycopg.connect(working.server.conninfo(DATABASE)) as connection:
        connection.execute("LOCK TABLE delta IN ACCESS EXCLUSIVE MODE")
        working.write(100)
        time.sleep(2)
        working.workers[0].terminate()
        assert working.workers[0].wait(20) == 0
    working.start()
    assert working.wait_until_read() == (200, 0, 0)


def test_a_database_whose_disk_is_full_stops_a_worker_and_room_lets_it_go_on(working: Tortured) -> None:
    with psycopg.connect(working.server.conninfo(DATABASE), autocommit=True) as connection:
        connection.execute(_FILL)
        connection.execute("DELETE FROM delta WHERE source = 'f'")
    working.server.limit_files(2 * _MEGABYTE)
    working.write(5_000)
    wait_for(lambda: "the database is away" in told(working, "/-/ready"))
    assert told(working, "/-/healthy") == "healthy\n"
    with (
        psycopg.connect(working.server.conninfo(DATABASE)) as connection,
        pytest.raises(psycopg.Error, match="free disk space"),
    ):
        connection.execute(_FILL)
    working.server.limit_files()
    assert working.wait_until_read() == (5_100, 0, 0)
    wait_for(lambda: told(working, "/-/ready") == "ready\n")


@pytest.mark.parametrize("years", [10, -10], ids=["ten years ahead", "ten years behind"])
def test_a_worker_whose_clock_is_wrong_records_the_same(
    tmp_path: Path, topics: Topics, server: Server, years: int
) -> None:
    tortured = Tortured(tmp_path, topics, server)
    try:
        tortured.write(500)
        worker = tortured.start("--clock-off", str(years * 365 * 86_400))
        wait_for(lambda: ask(tortured.ports[worker.pid], "/-/ready") == "ready\n")
        tortured.write(500)
        assert tortured.wait_until_read() == (1_000, 0, 0)
    finally:
        tortured.end()
