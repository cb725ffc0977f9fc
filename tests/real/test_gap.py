"""What retention took before it was read is told by the readings it touches: undetermined, the intake being incomplete; or, where it was
gone before Earshot came, since nobody knows."""

from collections import Counter
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from collectors.events import BEFORE_START, Interval
from collectors.kafka_play import play
from collectors.simulation.parameters import Parameters
from metrics.ledger.database import open_database, open_readonly
from metrics.ledger.intervals import read_gaps, record_read
from metrics.reading import Reading
from metrics.snapshot import Snapshot
from tests.flow.company import KEEP, UNTIL, Company, make_company, run_road
from tests.real.broker import needs_kafka
from tests.real.cluster import Cluster
from tests.real.gaps import lose
from tests.real.postgresql import find_programs
from tests.real.topics import Topics

TARGETS = [
    {
        "name": "opened",
        "indicator": "opened",
        "value": 0.99,
        "scope": {"channel": "email"},
        "period": "rolling 28 days",
    },
    {
        "name": "lately",
        "indicator": "opened",
        "value": 0.99,
        "scope": {"channel": "email"},
        "period": "rolling 7 days",
    },
    {"name": "chats", "indicator": "opened", "value": 0.99, "scope": {"channel": "chat"}, "period": "rolling 28 days"},
]


def look(company: Company) -> tuple[dict[str, str], Snapshot, str]:
    """By target which kind of gap touches it, what is published, and the series."""
    with company.service() as service:
        run_road(service)
        readings: list[Reading] = [reading for _, reading in service.evaluation.answer(UNTIL).readings]
        snapshot = service.tick()
        told = generate_latest(service.front.registry).decode()
    return {reading.target: reading.gap for reading in readings}, snapshot, told


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a company that ran, so that its keys are there."""
    folder = tmp_path_factory.mktemp("files")
    with make_company(folder, Parameters(60, 30, 21, UNTIL), retention=KEEP, targets=TARGETS).service():
        return folder


@pytest.fixture
def cluster(tmp_path: Path, files: Path, topics: Topics) -> Cluster:
    """Its streams in topics, which nobody has read yet."""
    cluster = Cluster(tmp_path / "topics", files, topics)
    play(files / "company", cluster.settings.kafka, cluster.prefix, cluster.partitions)
    return cluster


def reason_of(target: str, snapshot: Snapshot) -> tuple[str, str]:
    (reading,) = [each for each in snapshot.readings if each.target == target and each.message is None]
    return reading.verdict, reading.reason


def test_a_gap_in_a_topic_makes_the_readings_of_its_channel_undetermined_and_no_other(
    cluster: Cluster, topics: Topics
) -> None:
    company = cluster.company(UNTIL)
    mail = cluster.topic_of["mail"]
    with company.service():
        pass  # makes the tables
    engine = open_database(cluster.url)
    with engine.begin() as connection:
        # An earlier process had read ten records of one partition when it ended, and nobody came for weeks.
        record_read(connection, "mail", [Interval(f"{mail}:{topics.identity(mail)}", 0, 0, 10, "0")])
    engine.dispose()
    topics.truncate(mail, topics.end(mail) * 2 // 3)
    gaps, snapshot, told = look(company)
    assert gaps == {"opened": "gap", "lately": "", "chats": ""}
    assert reason_of("opened", snapshot) == ("undetermined", "gap")
    assert 'earshot_gaps{source="mail"} 1.0' in told


def test_what_was_sent_before_the_first_record_that_was_there_at_the_first_start_is_undetermined_and_nothing_was_lost(
    cluster: Cluster, topics: Topics
) -> None:
    mail = cluster.topic_of["mail"]
    for partition in range(cluster.partitions):
        topics.truncate(mail, topics.end(mail, partition) // 2, partition)
    gaps, snapshot, told = look(cluster.company(UNTIL))
    assert gaps == {"opened": "before_start", "lately": "", "chats": ""}
    assert reason_of("opened", snapshot) == ("undetermined", "before_start")
    assert 'earshot_gaps{source="mail"} 0.0' in told
    with open_readonly(cluster.url).connect() as connection:
        assert Counter(found.gap.reason for found in read_gaps(connection)) == {BEFORE_START: cluster.partitions}


def test_every_event_that_a_broker_lost_before_it_was_read_lies_in_a_gap() -> None:
    needs_kafka()
    if find_programs() is None:
        pytest.skip("no PostgreSQL here: make setup-dev installs it")
    found, wrong = lose(6, seed=1)  # each way once; `make gaps` does fifty
    assert wrong == []
    assert int(found["of them gone before they were read"].replace(",", "")) > 100
