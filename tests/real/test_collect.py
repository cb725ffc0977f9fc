"""Workers read a company's topics into one database, and come and go as they like: readings are those of the files, to the last bit."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.kafka_play import play
from collectors.simulation.parameters import Parameters
from roles import Service
from sites import Site
from tests.flow.company import KEEP, UNTIL, Company, make_company, run_road
from tests.real.cluster import Cluster
from tests.real.postgresql import Server
from tests.real.topics import Topics


def readings(company: Company) -> list[str]:
    """Every reading before disclosure, to the last bit of every float."""
    with company.service() as service:
        run_road(service)
        answers = service.evaluation.answer(UNTIL)
    return [f"{reading}" for _, reading in (*answers.readings, *answers.messages)]


@pytest.fixture(scope="module")
def from_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("files")
    return folder, readings(make_company(folder, Parameters(60, 30, 21, UNTIL), retention=KEEP))


@pytest.fixture
def cluster(tmp_path: Path, from_files: tuple[Path, list[str]], topics: Topics) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path, from_files[0], topics)
    yield cluster
    cluster.end()


def test_a_company_played_into_topics_and_collected_reads_like_its_files(
    cluster: Cluster, from_files: tuple[Path, list[str]]
) -> None:
    told = play(from_files[0] / "company", cluster.settings.kafka, cluster.prefix, cluster.partitions)
    assert f"{cluster.prefix}.email" in told
    worker = cluster.start()
    cluster.wait_until_read()
    page = worker.ask("/metrics")
    assert 'earshot_events_total{outcome="recorded",source="mail"}' in page
    assert "earshot_insert_seconds_count" in page
    assert worker.stop() == 0
    with Service(Site(cluster.settings), lambda: UNTIL, collecting=False) as service:
        shown = [source.records for source in service.front.sources]
        assert None not in shown
        assert sum(map(int, filter(None, shown))) == cluster.count_read()
    assert readings(cluster.company(UNTIL)) == from_files[1]


def test_workers_killed_and_paused_and_a_database_stopped_under_them_cost_nothing(
    tmp_path: Path, from_files: tuple[Path, list[str]], topics: Topics, server: Server
) -> None:
    server.create("earshot")
    cluster = Cluster(tmp_path, from_files[0], topics, store=server.url("earshot"))
    workers = [cluster.start() for _ in range(3)]  # all three find a database without tables
    paused_at = 0.0

    def disturb(_: str, share: float) -> None:
        nonlocal paused_at
        step = round(share * 6)
        if step == 1:
            cluster.wait_for(lambda: cluster.count_read() > 0)
            workers[0].kill()
        elif step == 2:
            workers[1].signal(signal.SIGSTOP)
            paused_at = time.monotonic()
        elif step == 3:
            server.stop(signal.SIGQUIT)
        elif step == 4:
            server.start()
        elif step == 5:
            workers.append(cluster.start())

    try:
        play(from_files[0] / "company", cluster.settings.kafka, cluster.prefix, cluster.partitions, disturb)
        # Its partitions go to the others meanwhile.
        cluster.wait_until_read()
        time.sleep(max(0.0, paused_at + 9 - time.monotonic()))
        workers[1].signal(signal.SIGCONT)
        time.sleep(2)
        # One that has hardly begun has nothing to end, and does not hear.
        cluster.wait_for(lambda: all(worker.ask("/-/healthy") for worker in workers[1:]))
        assert [worker.stop() for worker in workers[1:]] == [0, 0, 0]
        assert cluster.lacking() == {}
        assert readings(cluster.company(UNTIL)) == from_files[1]
    finally:
        cluster.end()
