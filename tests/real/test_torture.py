"""Workers that die at any point lose nothing and count nothing twice; and a worker that tells the broker first would be found out. The long
way is `make torture-cluster`."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import TimeoutExpired

import pytest

from tests.real.groups import count_rebalances
from tests.real.postgresql import Server
from tests.real.proxy import Proxy
from tests.real.topics import Topics, wait_for
from tests.real.tortured import Tortured
from tests.real.worker_main import CRASH_STATUS

EVENTS = 2_000
POINTS = [
    ("after a batch is decoded", 2),
    ("after the facts, before the intervals", 2),
    ("after COMMIT", 2),
    ("after the broker was told", 2),
]


@pytest.fixture
def tortured(tmp_path: Path, topics: Topics, server: Server) -> Iterator[Tortured]:
    with Proxy(server) as proxy:
        tortured = Tortured(tmp_path, topics, server, proxy)
        yield tortured
        tortured.end()


def test_workers_that_end_at_named_points_lose_nothing_and_count_nothing_twice(tortured: Tortured) -> None:
    for point, passing in POINTS:
        worker = tortured.start("--crash", point, "--passing", str(passing))
        while worker.poll() is None:
            tortured.write(EVENTS // 20)
            with suppress(TimeoutExpired):
                worker.wait(0.2)
        assert worker.returncode == CRASH_STATUS, point
    tortured.start()
    written, lost, excess = tortured.wait_until_read()
    assert count_rebalances(tortured.topics.address, tortured.group) > len(POINTS), "each came to an empty group"
    assert written > 0
    assert (lost, excess) == (0, 0)


def test_what_is_counted_before_any_worker_has_made_the_tables_is_counted_once_there_are_some(
    tortured: Tortured,
) -> None:
    tortured.write(50)
    tortured.start()
    assert tortured.wait_until_read() == (50, 0, 0)


def test_a_worker_that_tells_the_broker_before_the_database_is_found_out(tortured: Tortured) -> None:
    tortured.write(EVENTS)
    worker = tortured.start("--mutant", "--crash", "before the transaction", "--passing", "2")
    assert worker.wait(180) == CRASH_STATUS
    tortured.write(100)
    tortured.start("--mutant")
    wait_for(lambda: tortured.count()[1] <= tortured.written - 100)  # it reads what came later
    _, lost, _ = tortured.wait_until_read(5)
    assert lost > 0, "it lost what it had told the broker of"
