"""Killed at any moment, started again from its intervals: nothing lost, nothing in excess."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.synchronize import Semaphore
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection, Engine, event

from collectors.events import Collected
from metrics.ledger.database import open_database
from metrics.ledger.writer import Writer
from tests.metrics.ledger import endless
from tests.metrics.ledger.endless import PARTITIONS, Record, differences, first_hole, work
from tests.metrics.ledger.whole import read_whole

KILLS = int(os.environ.get("EARSHOT_TEST_KILLS", "25"))
PATIENCE_SECONDS = 180.0
SEED = int(os.environ.get("EARSHOT_TEST_SEED", "1"))

# A clean server that forks: a process of its own in some milliseconds, without the threads of the tests.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([endless.__name__])


Death = Callable[[Path, Writer, Collected], None]


def run(url: str, seed: int, until: int | None = None, record: Record = Writer.record) -> int | None:
    """Run a worker to its end; its exit code."""
    worker = processes.Process(target=work, args=(url, seed, until, record))
    worker.start()
    worker.join()
    return worker.exitcode


def tell(begun: Semaphore, writer: Writer, collected: Collected) -> None:
    begun.release()
    writer.record(collected)


def kill_after(url: str, seed: int, batches: int, seconds: float) -> None:
    """Somewhere in the batch that comes after so many, or a later one: in seconds alone it would say how busy the machine is."""
    begun = processes.Semaphore(0)
    worker = processes.Process(target=work, args=(url, seed, None, partial(tell, begun)))
    worker.start()
    for _ in range(batches + 1):
        assert begun.acquire(timeout=PATIENCE_SECONDS)
    time.sleep(seconds)
    worker.kill()
    worker.join()
    assert worker.exitcode == -signal.SIGKILL, "the worker ended by itself"


def finish(url: str) -> tuple[Engine, int]:
    """Read what was begun to a common end, without disturbance."""
    engine = open_database(url)
    until = max(first_hole(engine, partition) for partition in PARTITIONS) + 500
    assert run(url, 0, until) == 0
    return engine, until


@pytest.mark.usefixtures("engine")
def test_kills_at_random_moments_lose_nothing_and_add_nothing(url: str) -> None:
    chance = random.Random(SEED)
    ends = []
    for kill in range(KILLS):
        kill_after(url, kill, chance.randrange(8), seconds=chance.uniform(0, 0.02))
        engine = open_database(url)
        ends.append(sum(first_hole(engine, partition) for partition in PARTITIONS))
        engine.dispose()
    engine, until = finish(url)
    assert differences(read_whole(engine), until) == []
    engine.dispose()
    assert ends == sorted(ends), "what was read once was forgotten"
    assert len(set(ends)) > KILLS / 2, "most workers died before they had recorded anything"


def die_once(flag: Path, collected: Collected) -> None:
    """Die as by kill -9, at the first batch that reaches position 500; a process that comes after lives."""
    if collected.read[0].end >= 500 and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def die_before_commit(flag: Path, writer: Writer, collected: Collected) -> None:
    def die(_: Connection) -> None:
        die_once(flag, collected)

    event.listen(Engine, "commit", die)
    writer.record(collected)
    event.remove(Engine, "commit", die)


def die_after_commit(flag: Path, writer: Writer, collected: Collected) -> None:
    writer.record(collected)
    die_once(flag, collected)


def store_intervals_first(flag: Path, writer: Writer, collected: Collected) -> None:
    """A mutant: intervals and deltas apart, each in a transaction of its own."""
    writer.record(Collected(collected.source, read=collected.read))
    die_once(flag, collected)
    writer.record(msgspec.structs.replace(collected, read=()))


def die_on_the_way(url: str, folder: Path, record: Death) -> tuple[Engine, int]:
    """A ledger whose worker died once where `record` does, and was started again."""
    dying = partial(record, folder / "died")
    assert run(url, 1, 2000, dying) == -signal.SIGKILL
    assert run(url, 2, 2000, dying) == 0
    return finish(url)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("record", [die_before_commit, die_after_commit])
def test_a_death_at_the_edge_of_a_commit_loses_nothing_and_adds_nothing(
    url: str, tmp_path: Path, record: Death
) -> None:
    engine, until = die_on_the_way(url, tmp_path, record)
    assert differences(read_whole(engine), until) == []
    engine.dispose()


@pytest.mark.usefixtures("engine")
def test_a_mutant_that_stores_deltas_and_intervals_apart_is_caught(url: str, tmp_path: Path) -> None:
    engine, until = die_on_the_way(url, tmp_path, store_intervals_first)
    found = differences(read_whole(engine), until)
    assert any("lost" in each for each in found), found
    assert not any(" 0 lost" in each for each in found), found
    engine.dispose()
