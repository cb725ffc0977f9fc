"""What retention took before it was read is told by the readings it touches: undetermined, the intake being incomplete."""

from pathlib import Path

import pytest

from collectors.events import Interval
from collectors.kafka_play import play
from collectors.simulation.parameters import Parameters
from metrics.ledger.database import open_database
from metrics.ledger.intervals import record_read
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
    {"name": "chats", "indicator": "opened", "value": 0.99, "scope": {"channel": "chat"}, "period": "rolling 28 days"},
]


def look(company: Company) -> tuple[dict[str, bool], Snapshot]:
    """By target whether a gap touches it, and what is published."""
    with company.service() as service:
        run_road(service)
        readings: list[Reading] = [reading for _, reading in service.evaluation.answer(UNTIL).readings]
        snapshot = service.tick()
    return {reading.target: reading.gap for reading in readings}, snapshot


def test_a_gap_in_a_topic_makes_the_readings_of_its_channel_undetermined_and_no_other(
    tmp_path: Path, topics: Topics
) -> None:
    files = make_company(tmp_path / "files", Parameters(60, 30, 21, UNTIL), retention=KEEP, targets=TARGETS)
    with files.service():
        pass  # makes the keys
    cluster = Cluster(tmp_path / "topics", tmp_path / "files", topics)
    play(tmp_path / "files" / "company", cluster.settings.kafka, cluster.prefix, cluster.partitions)
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
    gaps, snapshot = look(company)
    assert gaps == {"opened": True, "chats": False}
    (reading,) = [each for each in snapshot.readings if each.target == "opened" and each.message is None]
    assert (reading.verdict, reading.reason) == ("undetermined", "gap")


def test_every_event_that_a_broker_lost_before_it_was_read_lies_in_a_gap() -> None:
    needs_kafka()
    if find_programs() is None:
        pytest.skip("no PostgreSQL here: make setup-dev installs it")
    found, wrong = lose(6, seed=1)  # each way once; `make gaps` does fifty
    assert wrong == []
    assert int(found["of them gone before they were read"].replace(",", "")) > 100
