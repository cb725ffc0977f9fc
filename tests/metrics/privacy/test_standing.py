"""What stands in a real database, read beside whatever writes to it."""

from pathlib import Path

from metrics.document import to_markdown
from metrics.privacy.statement import statement
from sites import Site
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


def test_without_a_database_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "earshot.yaml").write_text("data: data\n", encoding="utf-8")
    assert "There is no database yet" in text_of(tmp_path)
    assert not (tmp_path / "data").exists()
