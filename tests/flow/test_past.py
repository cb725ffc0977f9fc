"""A target that goes by its own past, over the whole road: what was published of a month stands, whatever is learnt later."""

from pathlib import Path
from typing import Any

import yaml

from collectors.simulation.parameters import Parameters
from metrics.snapshot import PublishedReading
from roles import Service
from sites import Site
from tests.flow.company import KEEP, UNTIL, Company, make_company, run_road

TARGETS: list[dict[str, Any]] = [
    {"name": "month", "indicator": "reach", "period": "month"},
    {"name": "better", "indicator": "reach", "value": "last month + 0.05"},
    {"name": "each", "indicator": "reach", "value": "last month - 0.02", "by": "department", "period": "month"},
    {
        "name": "later",
        "indicator": "reach",
        "value": "last month",
        "window": "25 days",
        "scope": {"channel": "intranet"},
    },
]
DAY = 86_400_000_000


def look(company: Company, now: int, message: str) -> tuple[dict[tuple[str, str], PublishedReading], float | None]:
    """What is published, and what one message's reach comes to when it is counted now."""
    with Service(Site(company.settings), lambda: now, finish=True) as service:
        run_road(service)
        answers = service.evaluation.answer(now)
        snapshot = service.evaluation.publish(now, caught_up=True)
    reach = [reading.value for target, reading in answers.of_message[message] if target.window is None]
    return {(one.target, one.segment): one for one in snapshot.readings}, reach[0]


def message_of_october(company: Company) -> dict[str, Any]:
    text = (company.settings.data.parent / "company" / "catalogue" / "messages.yaml").read_text(encoding="utf-8")
    entries = yaml.load(text, yaml.BaseLoader)
    return next(entry for entry in entries if entry["sent_at"] > "2026-10-05" and entry["channel"] == "email")


def everybody_opens(company: Company, message: dict[str, Any]) -> None:
    """Much later than anybody waited for it, though it is said to have happened in time."""
    lines = [
        f'{{"specversion":"1.0","id":"{number}","source":"/l","type":"earshot.opened","subject":"{message["id"]}",'
        f'"time":"{message["sent_at"]}","data":{{"address":"p{number:05}@example.org","channel":"email"}}}}\n'
        for number in range(1, 121)
    ]
    stream = company.settings.data.parent / "company" / "streams" / "chat" / "late.ndjson"
    stream.write_text("".join(lines), encoding="utf-8")


def test_what_was_published_of_a_month_is_what_the_next_is_held_against(tmp_path: Path) -> None:
    company = make_company(tmp_path, Parameters(120, 70, 7, UNTIL), targets=TARGETS, retention=KEEP)
    message = message_of_october(company)
    then, before = look(company, UNTIL, message["id"])
    assert then["month", "all"].period == "2026-11"
    assert "in 2026-10" in then["better", "all"].target_from
    assert "in 2026-09" in then["later", "all"].target_from, "its windows of October have not closed"

    everybody_opens(company, message)
    now, after = look(company, UNTIL + DAY, message["id"])
    assert before is not None
    assert after is not None
    assert after > before, "counted now, October would be another"
    assert now["better", "all"].target_value == then["better", "all"].target_value
    assert now["better", "all"].target_from == then["better", "all"].target_from
    parts = [one for (name, _), one in now.items() if name == "each" and one.verdict != "suppressed"]
    assert parts
    assert all(one.target_value is not None for one in parts)
