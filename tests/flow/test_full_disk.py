"""The disk of the embedded database is full: nothing is lost, it is said, and work goes on by itself when there is room again."""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from collectors.simulation.parameters import Parameters
from metrics.ledger.database import open_readonly
from roles import Service
from tests.flow.company import KEEP, TARGETS, UNTIL, make_company, run_road
from tests.full_disk import room_for

PATIENCE_SECONDS = 180.0


def wait_for(holds: Callable[[], bool]) -> None:
    late = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < late, "it never came to that"
        time.sleep(0.05)


def answered(service: Service) -> list[str]:
    """Every reading before disclosure, to the last bit of every float."""
    answers = service.evaluation.answer(UNTIL)
    return [f"{reading}" for _, reading in (*answers.readings, *answers.messages)]


def test_a_full_disk_is_said_and_costs_nothing_once_there_is_room(tmp_path: Path) -> None:
    company = make_company(tmp_path, Parameters(60, 12, 21, UNTIL), retention=KEEP, targets=TARGETS[:12])
    data, stop = tmp_path / "data", threading.Event()
    with company.service() as service:
        following = threading.Thread(target=service.follow, args=(stop, lambda _: None))
        largest = max(path.stat().st_size for path in data.glob("earshot.db*"))
        with room_for(largest + 50_000):
            following.start()
            wait_for(lambda: service.front.trouble.startswith("the database is away"))
            assert following.is_alive()
        wait_for(lambda: not service.front.trouble)
        stop.set()
        following.join()
        run_road(service)
        found = answered(service)
    with closing(open_readonly(data / "earshot.db").connect()) as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    for file in data.glob("earshot.db*"):
        file.unlink()
    with company.service() as service:
        run_road(service)
        assert answered(service) == found
