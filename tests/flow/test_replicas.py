"""The road on PostgreSQL: readings as on SQLite, to the last bit; several who evaluate, one of whom works, killed and followed."""

import os
import random
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.simulation.parameters import Parameters
from config.duration import Span
from config.load import load
from roles import Service
from sites import Site
from tests.flow.company import KEEP, PROGRAM, TARGETS, UNTIL, Company, add_odd_events, make_company, run_road
from tests.flow.feeder import Feeder
from tests.ports import free_port
from tests.real.postgresql import Server

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("EARSHOT_TEST_KILLS", "1"))
PATIENCE_SECONDS = 180.0


def answered(service: Service) -> list[str]:
    """Every reading before disclosure, to the last bit of every float."""
    answers = service.evaluation.answer(UNTIL)
    return [f"{reading}" for _, reading in (*answers.readings, *answers.messages)]


def on_sqlite(folder: Path, **changes: Any) -> tuple[Company, list[str]]:
    """A company, and its readings on SQLite."""
    company = make_company(folder, Parameters(60, 30, 21, UNTIL), retention=KEEP, **changes)
    add_odd_events(folder, 5, 800)
    with company.service() as service:
        run_road(service)
        return company, answered(service)


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Company, list[str]]:
    """One that asks for little, so that processes are soon at work."""
    chosen = {"reach", "reach_by_department", "time_to_reach", "usefulness_by_site", "response"}
    targets = [target for target in TARGETS if target["name"] in chosen]
    return on_sqlite(tmp_path_factory.mktemp("company"), targets=targets)


def moved(company: Company, url: str) -> Company:
    """The same company with the same keys, its database elsewhere."""
    file = company.settings.data.parent / "earshot.yaml"
    written = yaml.safe_load(file.read_text(encoding="utf-8")) | {"store": url}
    other = file.with_name("server.yaml")
    other.write_text(yaml.safe_dump(written), encoding="utf-8")
    settings = load(other, {}).settings
    assert settings is not None
    return Company(settings, company.until_us)


def test_readings_on_postgresql_are_those_on_sqlite(tmp_path: Path, postgresql_url: str) -> None:
    company, expected = on_sqlite(tmp_path)
    with moved(company, postgresql_url).service() as service:
        run_road(service)
        assert answered(service) == expected


class Process:
    """`./earshot evaluate`, or another command, and what it serves."""

    def __init__(self, file: Path, command: str = "evaluate") -> None:
        self.port = free_port()
        self._log = file.with_name(f"{self.port}.log")
        environment = {**os.environ, "EARSHOT_PAGE__PORT": str(self.port), "EARSHOT_CONFIG": str(file)}
        with self._log.open("wb") as log:
            self.process = subprocess.Popen([*PROGRAM, command], cwd=ROOT, env=environment, stderr=log)

    def get(self, path: str) -> str:
        """What it answers; "" where it does not, or not well."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    def shows(self, what: str) -> bool:
        return what in self.get("/")

    def works(self) -> bool:
        return "earshot_indicator_verdict{" in self.get("/metrics")


@contextmanager
def evaluating(file: Path, count: int) -> Iterator[list[Process]]:
    processes = [Process(file) for _ in range(count)]
    try:
        yield processes
    finally:
        for each in processes:
            each.process.kill()
            each.process.wait()


def earshot(file: Path, *arguments: str) -> str:
    command = [*PROGRAM, *arguments, "--config", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def until_true(what: str, holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def test_of_two_that_evaluate_one_works_and_the_other_follows_without_a_wrong_figure(
    embedded: tuple[Company, list[str]], postgresql_url: str
) -> None:
    company = moved(embedded[0], postgresql_url)
    file = company.settings.data.parent / "server.yaml"
    chance = random.Random(3)
    assert "Imported: " in earshot(file, "import")
    feeder = Feeder(Site(company.settings))
    with evaluating(file, 2) as processes:
        for _ in range(KILLS):
            until_true("nobody evaluates", lambda: any(each.works() for each in processes))
            until_true(
                "nobody stands by", lambda: sum("\nready" in f"\n{each.get('/-/ready')}" for each in processes) == 2
            )
            (working,) = [each for each in processes if each.works()]
            (waiting,) = [each for each in processes if each is not working]
            # It serves the page from what is published, and no indicator.
            until_true("no page", partial(waiting.shows, "reach_by_department"))
            assert "earshot_build_info" in waiting.get("/metrics")
            for _ in range(chance.randrange(1, 6)):
                feeder.turn()
            time.sleep(chance.uniform(0, 1.5))
            working.process.send_signal(signal.SIGKILL)
            working.process.wait()
            processes.remove(working)
            processes.append(Process(file))
        while not feeder.turn():
            pass
        feeder.engine.dispose()
        for each in processes:
            until_true("nobody answers", partial(each.shows, "reach_by_department"))
        for each in processes:
            each.process.send_signal(signal.SIGTERM)
        assert [each.process.wait(timeout=180) for each in processes] == [0, 0]
    with Service(Site(company.settings), lambda: UNTIL, collecting=False) as service:
        run_road(service)
        assert answered(service) == embedded[1]


def test_a_database_restored_to_an_older_state_is_read_again(
    embedded: tuple[Company, list[str]], postgresql: Server
) -> None:
    postgresql.create("restored")
    company = moved(embedded[0], postgresql.url("restored"))
    file = company.settings.data.parent / "server.yaml"
    earshot(file, "import")
    feeder = Feeder(Site(company.settings))
    for _ in range(3):
        assert not feeder.turn()
    feeder.engine.dispose()
    postgresql.create("backup", template="restored")
    with Service(Site(company.settings), lambda: UNTIL, collecting=False) as service:
        for _ in range(20):
            feeder.turn()
        service.tick()
    postgresql.drop("restored")
    postgresql.create("restored", template="backup")
    while not feeder.turn():
        pass
    feeder.engine.dispose()
    with Service(Site(company.settings), lambda: UNTIL, collecting=False) as service:
        run_road(service)
        assert answered(service) == embedded[1]
    postgresql.drop("restored")
    postgresql.drop("backup")


def test_while_the_database_is_away_the_page_goes_on_and_no_figure_is_exported(
    embedded: tuple[Company, list[str]], postgresql: Server, postgresql_url: str
) -> None:
    company = moved(embedded[0], postgresql_url)
    file = company.settings.data.parent / "server.yaml"
    earshot(file, "import")
    feeder = Feeder(Site(company.settings))
    feeder.turn()
    with evaluating(file, 1) as (process,):
        until_true("nobody evaluates", process.works)
        until_true("no page", partial(process.shows, "reach_by_department"))
        postgresql.stop(signal.SIGQUIT)
        until_true("nobody notices", lambda: not process.works())
        assert process.shows("reach_by_department")
        assert process.get("/-/ready") == ""
        assert process.get("/-/healthy") == "healthy\n"
        assert not feeder.turn()
        postgresql.start()
        until_true("nobody evaluates again", process.works)
        until_true("not ready again", lambda: process.get("/-/ready") == "ready\n")
    while not feeder.turn():
        pass
    feeder.engine.dispose()
    with Service(Site(company.settings), lambda: UNTIL, collecting=False) as service:
        run_road(service)
        assert answered(service) == embedded[1]


def test_what_workers_bring_is_published_within_seconds(
    embedded: tuple[Company, list[str]], postgresql_url: str
) -> None:
    company = moved(embedded[0], postgresql_url)
    earshot(company.settings.data.parent / "server.yaml", "import")
    # By itself it would wait longer than anybody's patience.
    settings = company.settings.model_copy(update={"evaluate_every": Span(1, "hours")})
    feeder, stop = Feeder(Site(settings)), threading.Event()
    with Service(Site(settings), lambda: UNTIL, collecting=False) as service:
        service.tick()
        before = service.front.snapshot
        evaluating = threading.Thread(target=service.follow, args=(stop, lambda _: None))
        evaluating.start()
        feeder.turn()
        until_true("nothing is published", lambda: service.front.snapshot is not before)
        stop.set()
        evaluating.join()
        assert service.front.snapshot is not before, "only workers' facts can have brought it about"
    feeder.engine.dispose()
