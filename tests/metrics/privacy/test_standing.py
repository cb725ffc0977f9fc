"""What stands in a real database, read beside whatever writes to it."""

import sqlite3
from functools import partial
from pathlib import Path

import yaml

from metrics.document import to_markdown
from metrics.privacy.statement import statement
from roles import Service
from sites import Site
from tests.flow.company import run_road
from tests.flow.office import DAY, SENT, Office
from tests.metrics.privacy.made import settings_of

TARGETS = [{"indicator": "acknowledged", "value": 0.5}]


def office(folder: Path) -> Office:
    made = Office(
        folder,
        mail=["delivered", "opened", "acknowledged", "answered", "complained"],
        retention={"late_grace": "7 days", "sets": "45 days"},
    )
    made.send("first", at=SENT - 40 * DAY, expects=["acknowledge"])
    made.send("second", expects=["acknowledge"])
    made.tell("acknowledged", range(30), about="second")
    made.tell("answered", range(20), about="second", question="q", choice="a")
    made.tell("complained", range(2), about="second")
    return made


def text_of(folder: Path) -> str:
    return to_markdown(statement(Site(settings_of(folder / "earshot.yaml")).given()))


def test_what_stands_now_is_what_the_ledger_has_not_forgotten(tmp_path: Path) -> None:
    made = office(tmp_path)
    made.publish(TARGETS, now=SENT + 2 * DAY)
    standing = Site(settings_of(tmp_path / "earshot.yaml")).given().standing
    assert standing is not None
    assert (standing.timed, standing.untimed, standing.undescribed) == (1, 1, 0)
    assert (standing.oldest_timed, standing.oldest) == (SENT * 1_000_000, (SENT - 40 * DAY) * 1_000_000)
    assert (standing.rows["answers"], standing.rows["people"], standing.rows["erased"]) == (20, 60, 0)
    assert standing.seen == {"email": {"delivered", "acknowledged", "answered", "complained"}}
    made.publish(TARGETS, now=SENT + 46 * DAY)
    standing = Site(settings_of(tmp_path / "earshot.yaml")).given().standing
    assert standing is not None
    assert (standing.timed, standing.untimed, standing.rows["answers"]) == (0, 0, 0)


def test_the_statement_over_a_database_names_nobody_and_no_small_number(tmp_path: Path) -> None:
    office(tmp_path).publish(TARGETS, now=SENT + 2 * DAY)
    text = text_of(tmp_path)
    assert "of fewer than 10 messages" in text
    assert "20 answers" in text
    assert "`complained`: they reported it as unwanted | `email`, `intranet` | has come in |" in text
    assert "under this configuration" in text
    assert "Its owner alone may read it" in text
    assert "@example.org" not in text
    assert text == text_of(tmp_path)


def test_every_change_of_the_smallest_group_is_listed_and_a_row_changed_afterwards_shows(tmp_path: Path) -> None:
    office(tmp_path).publish(TARGETS, now=SENT + 2 * DAY)
    file = tmp_path / "earshot.yaml"
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    for number, disclosure in enumerate(({"k": 25}, {"k": 7, "lowered_by": ["works council", "privacy office"]}), 3):
        file.write_text(yaml.safe_dump({**written, "disclosure": disclosure}), encoding="utf-8")
        with Service(Site(settings_of(file)), partial(int, (SENT + number * DAY) * 1_000_000), finish=True) as service:
            run_road(service)
    listed = [line for line in text_of(tmp_path).splitlines() if "(configuration `" in line]
    assert [line.partition(" (")[0] for line in listed] == [
        "- 2026-11-07 09:00 UTC: 10",
        "- 2026-11-08 09:00 UTC: 25",
        "- 2026-11-09 09:00 UTC: 7, agreed by works council and privacy office",
    ]
    database = sqlite3.connect(tmp_path / "data" / "earshot.db")
    with database:
        database.execute("UPDATE audit SET value = '10' WHERE value = '25'")
    database.close()
    listed = [line for line in text_of(tmp_path).splitlines() if "(configuration `" in line]
    assert ["was changed or taken away" in line for line in listed] == [False, True, True]


def test_without_a_database_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "earshot.yaml").write_text("data: data\n", encoding="utf-8")
    assert "There is no database yet" in text_of(tmp_path)
    assert not (tmp_path / "data").exists()
