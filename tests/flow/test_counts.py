"""The mode `counts` over the whole road: totals become readings and verdicts, and no person is anywhere in the database."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import service as commands
from config.commands import REFUSED, WELL
from config.load import load
from metrics.moments import write_moment
from metrics.snapshot import PublishedReading, Snapshot
from roles import Service
from sites import Site
from tests.flow.company import run_road
from tests.flow.office import DAY, SENT

PERSON = "anna@example.org"
TARGETS = [
    {"name": "opened", "indicator": "opened", "value": 0.4, "by": "department"},
    {"name": "reach", "indicator": "reach", "value": 0.9, "period": "message"},
    {"name": "items", "indicator": "loop_closure", "value": 0.5, "period": "rolling 60 days"},
]


def moment(days: float) -> str:
    return write_moment(int(SENT + days * DAY) * 1_000_000)


def event(action: str, id: str, days: float, subject: str | None, /, **data: Any) -> dict[str, Any]:
    return {
        **{"specversion": "1.0", "id": id, "source": "/reports", "type": f"earshot.{action}", "subject": subject},
        **{"time": moment(days), "data": data},
    }


def totals(days: float, department: str, audience: int, **counts: int) -> dict[str, Any]:
    return {"at": moment(days), "cell": {"department": department}, "audience": audience, **counts}


def set_up(folder: Path, *events: Mapping[str, Any], entries: list[dict[str, Any]]) -> Site:
    (folder / "reports").mkdir()
    lines = [json.dumps(each) for each in events]
    (folder / "reports" / "lines").write_text("\n".join([*lines, f'{{"broken": "{PERSON}"', ""]), encoding="utf-8")
    (folder / "messages.json").write_text(json.dumps(entries), encoding="utf-8")
    written = {
        **{"mode": "counts", "data": "data", "targets": TARGETS, "catalogue": {"files": ["messages.json"]}},
        **{"directory": {"segments": ["department"]}, "retention": {"sets": "100 days"}},
        "sources": [
            {"name": "reports", "decoder": "cloudevents", "channel": "intranet", "from": {"files": "reports"}},
        ],
    }
    (folder / "earshot.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")
    loaded = load(folder / "earshot.yaml", {})
    assert loaded.settings is not None, loaded.problems
    return Site(loaded.settings)


def publish(site: Site, *, days: float) -> Snapshot:
    now = int(SENT + days * DAY) * 1_000_000
    with Service(site, lambda: now, finish=True) as service:
        run_road(service)
        return service.evaluation.publish(now, caught_up=True)


ENTRY = {"id": "m", "channel": "intranet", "sent_at": moment(0), "sender": PERSON}
COUNTED = [
    totals(2, "Sales", 300, delivered=280, opened=140, reached=150),
    totals(2, "Service", 100, delivered=90, opened=20, reached=30),
    totals(9, "Sales", 300, delivered=280, opened=150, reached=170),
    totals(9, "Service", 100, delivered=90, opened=30, reached=40),
]


def of(snapshot: Snapshot, target: str, segment: str = "all") -> PublishedReading:
    return next(one for one in snapshot.readings if (one.target, one.segment) == (target, segment))


def test_totals_become_readings_with_ranges_and_verdicts(tmp_path: Path) -> None:
    site = set_up(tmp_path, entries=[{**ENTRY, "totals": COUNTED}])
    snapshot = publish(site, days=12)
    sales, service = of(snapshot, "opened", "department=Sales"), of(snapshot, "opened", "department=Service")
    assert (sales.value, sales.numerator, sales.denominator, sales.parts.E) == (0.5, 140, 280, 300)
    assert (service.value, service.numerator, service.denominator) == (20 / 90, 20, 90)
    # Of the five working days of reach nobody counted the end: between two days and nine lies what nobody knows.
    reach = of(snapshot, "reach")
    assert (reach.lower, reach.upper, reach.verdict) == (180 / 400, 210 / 400, "missed")


def test_who_counts_more_publishes_the_entry_again(tmp_path: Path) -> None:
    first, then = (
        event("message.published", f"p{days}", days, "m", **ENTRY, totals=COUNTED[:known])
        for days, known in ((2.5, 2), (9.5, 4))
    )
    reach = of(publish(set_up(tmp_path, then, first, entries=[]), days=12), "reach")
    assert (reach.lower, reach.upper) == (180 / 400, 210 / 400)


def test_as_of_a_moment_only_what_had_been_counted_by_then_is_known(tmp_path: Path) -> None:
    site = set_up(tmp_path, entries=[{**ENTRY, "totals": COUNTED}])
    young = of(publish(site, days=4), "reach")
    assert young.verdict == "immature"
    # The window has closed and nobody has counted since: everybody else may have met it.
    waiting = of(publish(site, days=8), "reach")
    assert (waiting.lower, waiting.upper, waiting.verdict) == (180 / 400, 1.0, "undetermined")
    assert of(publish(site, days=12), "reach").verdict == "missed"


def test_what_was_counted_stands_after_the_grace_whoever_counts_again(tmp_path: Path) -> None:
    site = set_up(tmp_path, entries=[{**ENTRY, "audience": "all", "totals": COUNTED}])
    before = of(publish(site, days=20), "reach")
    changed = [*COUNTED[:2], *(each | {"reached": 90} for each in COUNTED[2:])]
    (tmp_path / "messages.json").write_text(json.dumps([{**ENTRY, "totals": changed}]), encoding="utf-8")
    after = of(publish(site, days=25), "reach")
    assert (before.lower, before.upper) == (after.lower, after.upper) == (180 / 400, 210 / 400)


def test_small_cells_are_hidden_as_small_groups_are(tmp_path: Path) -> None:
    small = [*COUNTED[:2], totals(2, "Board", 6, delivered=6, opened=5)]
    snapshot = publish(set_up(tmp_path, entries=[{**ENTRY, "totals": small}]), days=12)
    board = of(snapshot, "opened", "department=Board")
    assert (board.verdict, board.value, board.denominator) == ("suppressed", None, None)


def test_what_became_of_feedback_is_told_without_anybody(tmp_path: Path) -> None:
    events = [
        event("raised", f"r{number}", 1, None, item=f"i{number}", address=f"p{number}@example.org")
        for number in range(20)
    ]
    events += [event("decided", f"d{number}", 2, None, item=f"i{number}") for number in range(12)]
    found = of(publish(set_up(tmp_path, *events, entries=[]), days=40), "items")
    assert (found.numerator, found.denominator) == (12, 20)


def test_no_person_is_anywhere_in_the_database(tmp_path: Path) -> None:
    events = [
        event("opened", "o", 1, "m", address=PERSON),
        event("answered", "a", 1, "m", address=PERSON, question="q", choice="yes"),
        event("reacted", "l", 1, "m", address=PERSON, choice="like"),
        event("raised", "r", 1, None, item="i", address=PERSON),
        event(
            "message.published", "p", 1, "n", id="n", sender=PERSON, audience=[PERSON], owner=PERSON, channel="email"
        ),
    ]
    site = set_up(tmp_path, *events, entries=[{**ENTRY, "audience": [PERSON], "totals": COUNTED}])
    publish(site, days=12)
    pseudonym = site.pseudonym(PERSON)
    with sqlite3.connect(tmp_path / "data" / "earshot.db") as database:
        for table in ("person", "answer", "reaction", "directory_row", "fact_set", "delta", "audience"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table  # noqa: S608
        assert database.execute("SELECT count(*) FROM entry").fetchone() == (2,)
        assert database.execute("SELECT count(*) FROM dead_letter").fetchone() == (1,)
    database.close()
    stored = b"".join(file.read_bytes() for file in (tmp_path / "data").glob("earshot.db*"))
    for trace in (PERSON.encode(), pseudonym.encode(), bytes.fromhex(pseudonym)):
        assert trace not in stored


def test_what_totals_cannot_tell_is_refused_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(tmp_path, entries=[{**ENTRY, "totals": COUNTED}])
    file = tmp_path / "earshot.yaml"
    assert commands.main(["check", "--config", str(file)]) == WELL
    told = capsys.readouterr().out
    assert "no problems found" in told
    assert "no source shows" not in told
    file.write_text(
        file.read_text(encoding="utf-8").replace("indicator: reach", "indicator: time_to_reach"), encoding="utf-8"
    )
    assert commands.main(["check", "--config", str(file)]) == REFUSED
    assert "nobody is kept, and totals cannot tell `time_to_reach`" in capsys.readouterr().out


def test_a_database_is_refused_in_another_mode_than_the_one_it_was_begun_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(set_up(tmp_path, entries=[{**ENTRY, "totals": COUNTED}]), days=12)
    file = tmp_path / "earshot.yaml"
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump({**written, "mode": "people"}), encoding="utf-8")
    assert commands.main(["--config", str(file), "run", "--once"]) == REFUSED
    said = capsys.readouterr().err
    assert "begun in the mode `counts`" in said
    assert "put `mode: counts` back" in said
