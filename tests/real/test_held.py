"""The directory and the catalogue from topics of a real broker, as HR and the intranet would fill them: `import` reads what they hold."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import service
from collectors.kafka_held import Unfit, read_held
from config.kafka import KafkaSettings
from metrics.ledger.catalogue_store import read_entries
from metrics.ledger.database import open_readonly
from tests.real.topics import Topics

ANNA, BERTA, CARL = (
    {"address": f"{name}@example.org", "department": department}
    for name, department in (("anna", "Sales"), ("berta", "Sales"), ("carl", "Service"))
)


class Lists:
    """Two topics, and a configuration that reads them."""

    def __init__(self, folder: Path, topics: Topics) -> None:
        self.topics = topics
        self.people, self.messages = topics.create(partitions=3), topics.create()
        self.kafka = KafkaSettings(brokers=(topics.address,), security="plaintext")
        self.file = folder / "earshot.yaml"
        self.configure(directory={"topics": [self.people], "largest_loss": "1"})
        self.url = f"sqlite:///{folder / 'data' / 'earshot.db'}"

    def configure(self, **parts: Any) -> None:
        written = {
            "data": "data",
            "sources": [{"name": "mail", "decoder": "cloudevents", "from": {"files": "mail"}, "channel": "email"}],
            "kafka": {"brokers": [self.topics.address], "security": "plaintext"},
            "catalogue": {"topics": [self.messages]},
            **parts,
        }
        (self.file.parent / "mail").mkdir(exist_ok=True)
        self.file.write_text(yaml.safe_dump(written), encoding="utf-8")

    def tell(self, topic: str, key: str | None, row: Mapping[str, Any] | None, partition: int = 0) -> None:
        body = None if row is None else json.dumps(row).encode()
        self.topics.producer.send(topic, body, key and key.encode(), partition=partition).get(10)

    def run(self, *command: str) -> int:
        return service.main(["--config", str(self.file), *command])

    def entries(self) -> list[str]:
        with open_readonly(self.url).connect() as connection:
            return [entry.message for entry in read_entries(connection)]


@pytest.fixture
def lists(tmp_path: Path, topics: Topics) -> Lists:
    return Lists(tmp_path, topics)


def test_import_reads_what_the_topics_hold_now_and_what_follows_them_stands(
    lists: Lists, capsys: pytest.CaptureFixture[str]
) -> None:
    lists.tell(lists.people, "1", ANNA)
    lists.tell(lists.people, "2", BERTA, partition=1)
    lists.tell(lists.people, "3", {"schema": {"type": "struct"}, "payload": CARL}, partition=2)
    lists.tell(lists.messages, "m", {"id": "m", "channel": "email", "audience": "all"})
    assert lists.run("import") == 0
    assert "Imported: the directory and the catalogue changed. 3 people, 1 messages." in capsys.readouterr().out
    lists.tell(lists.people, "2", None, partition=1)  # she has left
    lists.tell(lists.messages, "n", {"id": "n", "channel": "email"})
    assert lists.run("import") == 0
    told = "Imported: the directory and the catalogue changed. 3 people, 2 messages."
    assert told in capsys.readouterr().out, "who has left was there once"
    assert lists.run("run", "--once") == 0
    assert lists.entries() == ["m", "n"]


def test_of_a_key_the_newest_record_holds_and_one_without_a_body_takes_it_away(lists: Lists) -> None:
    lists.tell(lists.people, "1", {"address": "old"})
    lists.tell(lists.people, "1", {"address": "new"})
    lists.tell(lists.people, None, {"address": "nobody's key"})
    lists.tell(lists.people, None, {"address": "nobody's key either"})
    lists.tell(lists.people, "2", {"address": "gone"})
    lists.tell(lists.people, "2", None)
    lists.tell(lists.people, "1", {"address": "newest, since partitions were added"}, partition=1)
    held = [row["address"] for row in json.loads(read_held(lists.kafka, lists.people))]
    assert held == ["nobody's key", "nobody's key either", "newest, since partitions were added"]


def test_a_long_topic_is_read_to_the_end_that_it_has(lists: Lists) -> None:
    padding = "x" * 2_000
    lists.topics.write(lists.messages, [b'{"id": "%d", "title": "%s"}' % (n, padding.encode()) for n in range(20_000)])
    assert len(json.loads(read_held(lists.kafka, lists.messages))) == 20_000


def test_a_record_that_is_no_row_refuses_the_whole_and_is_told_by_its_place(
    lists: Lists, capsys: pytest.CaptureFixture[str]
) -> None:
    lists.tell(lists.messages, "m", {"id": "m"})
    lists.tell(lists.people, "1", ANNA)
    lists.topics.write(lists.people, [b'["anna@example.org"]'], partition=2)
    with pytest.raises(Unfit, match="partition 2, offset 0"):
        read_held(lists.kafka, lists.people)
    assert lists.run("import") == 1
    said = capsys.readouterr().err
    assert f"topic {lists.people}, partition 2, offset 0" in said
    assert "anna" not in said


def test_a_topic_or_a_broker_that_is_away_is_said_and_nothing_is_taken_back(
    lists: Lists, capsys: pytest.CaptureFixture[str]
) -> None:
    lists.tell(lists.messages, "m", {"id": "m"})
    lists.tell(lists.people, "1", ANNA)
    assert lists.run("import") == 0
    lists.configure(directory={"topics": ["nowhere"]})
    assert lists.run("import") == 4
    assert "no topic is called nowhere" in capsys.readouterr().err
    lists.configure(kafka={"brokers": ["127.0.0.1:9"], "security": "plaintext"})
    assert lists.run("import") == 4
    assert "no broker answers at 127.0.0.1:9" in capsys.readouterr().err
    assert lists.entries() == ["m"]
