"""Whoever has left is forgotten with the last that is kept of them: their rows of the directory, their pseudonym; and so are the steps of
feedback, when nobody asks for them any more."""

import json
from pathlib import Path

import pytest

from metrics.ledger.database import open_readonly
from metrics.ledger.inventory import count_items, count_rows
from metrics.moments import write_moment
from tests.flow.office import DAY, PEOPLE, SENT, Office, by_target

TARGETS = [
    {"indicator": "opened", "value": 0.3},
    {"indicator": "loop_closure", "value": 0.5, "period": "rolling 40 days"},
]
SHORT = {"late_grace": "7 days", "sets": "50 days"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path, mail=["delivered", "opened", "raised", "decided"], retention=SHORT)
    people = tmp_path / "people" / "all.csv"
    first, *rows = people.read_text(encoding="utf-8").splitlines()
    # Twenty leave the day after the message.
    dated = [f"{row},{'2026-11-06' if number < 20 else ''}" for number, row in enumerate(rows)]
    people.write_text("\n".join([f"{first},valid_to", *dated]), encoding="utf-8")
    made.send("m")
    made.tell("opened", PEOPLE[:30])
    with (tmp_path / "email" / "lines").open("a", encoding="utf-8") as stream:
        for action, day in (("raised", 1), ("decided", 3)):
            event = {
                "specversion": "1.0",
                "source": "/t",
                "id": action,
                "type": f"earshot.{action}",
                "data": {"item": "i"},
            }
            stream.write(json.dumps({**event, "time": write_moment((SENT + day * DAY) * 1_000_000)}) + "\n")
    return made


def count(folder: Path) -> dict[str, int]:
    """Rows of the directory, pseudonyms, and feedback items."""
    with open_readonly(f"sqlite:///{folder / 'data' / 'earshot.db'}").connect() as connection:
        rows = count_rows(connection)
        return {"rows": rows["directory rows"], "people": rows["people"], "items": count_items(connection)}


def test_people_who_left_stay_as_long_as_a_message_is_kept_that_was_meant_for_them(
    tmp_path: Path, office: Office
) -> None:
    opened = by_target(office.publish(TARGETS, now=SENT + 20 * DAY))["opened"]
    assert (opened.numerator, opened.denominator) == (30, 60)
    assert count(tmp_path) == {"rows": 60, "people": 60, "items": 1}
    office.publish(TARGETS, now=SENT + 60 * DAY)
    assert count(tmp_path) == {"rows": 40, "people": 40, "items": 1}


def test_who_comes_back_is_counted_again(tmp_path: Path, office: Office) -> None:
    office.publish(TARGETS, now=SENT + 60 * DAY)
    people = tmp_path / "people" / "all.csv"
    people.write_text(people.read_text(encoding="utf-8").replace(",2026-11-06", ","), encoding="utf-8")
    office.publish(TARGETS, now=SENT + 60 * DAY + 3600)
    office.send("again", at=SENT + 61 * DAY)
    office.tell("opened", PEOPLE[:15], about="again", at=SENT + 62 * DAY)
    opened = by_target(office.publish(TARGETS, now=SENT + 72 * DAY))["opened"]
    assert (opened.numerator, opened.denominator) == (15, 60)


def test_steps_of_feedback_go_when_no_target_can_ask_for_them(tmp_path: Path, office: Office) -> None:
    office.publish(TARGETS, now=SENT + 60 * DAY)
    assert count(tmp_path)["items"] == 1
    # 40 days in a rolling period, 30 of its window, 7 of grace; and as long again as the period.
    office.publish(TARGETS, now=SENT + (3 + 40 + 30 + 7 + 40 + 1) * DAY)
    assert count(tmp_path)["items"] == 0
