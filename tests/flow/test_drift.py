"""A source that changes its format: what is new is passed over and counted, what is needed and gone is a dead letter by its reason, and
whoever looks after the service sees both."""

import json
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import generate_latest

from config.load import load
from front import system_clock
from roles import Service
from sites import Site


def event(number: int, data: dict[str, Any] | None = None, **more: object) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": "/mail",
        "type": "earshot.opened",
        "subject": "m",
        "time": "2026-11-02T08:15:00Z",
        "data": {"address": f"p{number}@example.org", **(data or {})},
        **more,
    }


CHANGED = [
    event(1),
    event(2, {"opened_with": "thumb"}),
    event(3, {"place": {"room": 4, "floor": [1, 2]}, "mood": None}),
    event(4, traceparent="00-ab-cd-01"),  # an extension, as the standard has them
    event(5, type="earshot.smelled"),
    event(6, type="com.example.mail.opened.v2"),
    event(7, specversion="2.0"),
    event(8, time=1_790_000_000),
    event(9, subject={"id": "m"}),
    event(10),
]
COUNTED = {
    'events_total{outcome="recorded"': 5,
    "ignored_keys_total{": 3,
    'dead_letters_total{reason="unknown_type"': 2,
    'dead_letters_total{reason="bad_value"': 2,
    'dead_letters_total{reason="unsupported"': 1,
}


def test_what_is_new_is_counted_and_what_is_gone_is_a_dead_letter_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "1.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in CHANGED), encoding="utf-8")
    source = {"name": "mail", "decoder": "cloudevents", "from": {"files": "mail"}, "channel": "email"}
    file = tmp_path / "earshot.yaml"
    file.write_text(yaml.safe_dump({"data": "data", "sources": [source]}), encoding="utf-8")
    settings = load(file, {}).settings
    assert settings is not None
    with Service(Site(settings), system_clock) as service:
        while not service.turn().caught_up:
            pass
        told = generate_latest(service.front.registry).decode().splitlines()
    counted = {line for line in told if "_total{" in line and 'source="mail"' in line and not line.endswith(" 0.0")}
    ends = {what: "" if what.endswith("{") else "," for what in COUNTED}
    assert counted == {f'earshot_{what}{ends[what]}source="mail"}} {count:.1f}' for what, count in COUNTED.items()}
