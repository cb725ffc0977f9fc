"""Dead letters of topics on a real broker, as whoever runs it meets them: a topic tells of them, and once the fault is mended they are
replayed."""

import json
import time
from collections.abc import Callable

import pytest
import yaml

import service
from collectors.kafka_letters import _REST_SECONDS
from tests.real.cluster import ask
from tests.real.poison import KINDS, Poisoned
from tests.real.reader import Reading, open_source
from tests.real.topics import Topics, wait_for
from tests.real.tortured import Tortured


def configure(tortured: Tortured, change: Callable[[dict], None]) -> None:  # type: ignore[type-arg]
    written = yaml.safe_load(tortured.file.read_text(encoding="utf-8"))
    change(written)
    tortured.file.write_text(yaml.safe_dump(written), encoding="utf-8")


def run(tortured: Tortured, *command: str) -> int:
    return service.main(["--config", str(tortured.file), *command])


@pytest.mark.parametrize("beside_others", [True, False], ids=["collect", "run"])
def test_a_topic_is_told_place_and_reason_of_every_dead_letter_and_nothing_else(
    poisoned: Poisoned, topics: Topics, beside_others: bool
) -> None:
    tortured, told = poisoned.tortured, topics.create()
    configure(tortured, lambda written: written["kafka"].update(dead_letter_topic=told))
    for number, (reason, make) in enumerate(KINDS.values()):
        tortured.write(20)
        poisoned.bury(make(number), reason, number % tortured.partitions)
    if beside_others:
        tortured.start()
        assert poisoned.wait_until_read() == (tortured.written, 0, 0)
    else:
        assert run(tortured, "run", "--once") == 0
    reading = Reading(open_source(topics.address, told))
    reading.until(lambda: len(reading.records) >= len(KINDS))
    found = [json.loads(body) for body in reading.bodies()]
    assert {(each["partition"], each["offset"]): each["reason"] for each in found} == poisoned.expected
    assert {frozenset(each) for each in found} == {
        frozenset({"source", "stream", "partition", "offset", "index", "reason"})
    }
    assert {(each["source"], each["stream"].split(":")[0], each["index"]) for each in found} == {
        ("all", tortured.topic, 0)
    }
    reading.source.close()


def test_a_topic_of_dead_letters_that_is_not_there_holds_up_nothing(poisoned: Poisoned) -> None:
    tortured = poisoned.tortured
    configure(tortured, lambda written: written["kafka"].update(dead_letter_topic="nowhere"))
    worker = tortured.start()
    port = tortured.ports[worker.pid]
    wait_for(lambda: "earshot_database_up 1.0" in ask(port, "/metrics"))
    began = time.monotonic()
    for number in range(1, 6):  # a batch each
        poisoned.bury(b"{", "bad_json")
        wait_for(lambda number=number: len(poisoned.letters()) == number)  # type: ignore[misc]
    # Tried again once a minute, and five batches take a few seconds.
    tries = 1 + (time.monotonic() - began) // _REST_SECONDS
    assert 1 <= tortured.told_by(worker).count("the topic nowhere was not told of dead letters") <= tries


def test_a_wrong_decoder_is_mended_and_what_it_did_not_understand_is_replayed(
    poisoned: Poisoned, capsys: pytest.CaptureFixture[str]
) -> None:
    tortured = poisoned.tortured
    tortured.write(400)
    configure(tortured, lambda written: written["sources"][0].update(decoder="sendgrid"))
    worker = tortured.start()
    wait_for(lambda: "paused" in ask(tortured.ports[worker.pid], "/-/ready"))
    worker.terminate()
    worker.wait(90)
    assert len(poisoned.letters()) == 100
    configure(tortured, lambda written: written["sources"][0].update(decoder="cloudevents"))
    assert run(tortured, "replay", "elsewhere") == 1
    assert "no source is called elsewhere: they are all" in capsys.readouterr().out
    assert run(tortured, "replay", "all") == 0
    assert "100 dead letters: 100 are understood now" in capsys.readouterr().out
    assert run(tortured, "resume", "all") == 0
    tortured.start()
    assert poisoned.wait_until_read() == (400, 0, 0)
    assert poisoned.letters() == {}
    assert run(tortured, "replay") == 0
    assert "0 dead letters" in capsys.readouterr().out
