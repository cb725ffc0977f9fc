"""Workers read a company's topics into one database, and come and go as they like: readings are those of the files, to the last bit."""

from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from collectors.kafka_play import play
from collectors.simulation.parameters import Parameters
from tests.flow.company import KEEP, UNTIL, Company, make_company, run_road
from tests.real.cluster import Cluster
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
    page = urlopen(f"http://127.0.0.1:{worker.port}/metrics", timeout=5).read().decode()
    assert 'earshot_events_total{outcome="recorded",source="mail"}' in page
    assert "earshot_insert_seconds_count" in page
    assert worker.stop() == 0
    assert readings(cluster.company(UNTIL)) == from_files[1]
