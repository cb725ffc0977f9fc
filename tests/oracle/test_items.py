"""Feedback items: every figure is counted on paper beside its test."""

from math import inf
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.figures import across_units
from tests.oracle.shares import newcombe
from tests.oracle.small_company import SmallCompany, counts, five_people

AFTER = "2027-01-20T00:00:00Z"


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    company = five_people(tmp_path)
    company.add_source("ideas", "survey", shows=("raised", "answered", "decided", "implemented", "recognised"))
    return company


def tell(company: SmallCompany, item: str, about: str = "", stance: str | None = None, **steps: str) -> None:
    """An item's steps, each with the day of 2026 (`11-02`) on which it was made at ten, or a whole moment."""
    for action, day in steps.items():
        moment = f"2026-{day}T10:00:00Z" if len(day) == 5 else day
        own = {"stance": stance} if action == "raised" else {}
        company.tell(action, "anna", moment, about=about, source="ideas", item=item, **own)


def test_a_loop_is_closed_by_an_outcome_within_thirty_days(company: SmallCompany) -> None:
    tell(company, "a", raised="11-02", decided="12-02")
    tell(company, "b", raised="11-02", decided="2026-12-02T09:59:59Z")
    tell(company, "c", raised="11-02", answered="11-03")
    tell(company, "d", raised="11-02", recognised="11-20")
    tell(company, "e", raised="12-30", decided="12-31")
    tell(company, "f", decided="11-20")
    reading = company.read_one(AFTER, indicator="loop_closure", period="quarter")
    # "a" a moment too late, "c" answered only, "e" has time left, nobody knows when "f" began.
    assert (reading.period, reading.units, reading.maturity) == ("2026-Q4", 4, 4 / 5)
    assert counts(reading) == {"E": 4, "D": 4, "n": 4, "H": 2}
    assert (reading.value, reading.lower, reading.closed, reading.settled) == (0.5, 0.5, True, True)
    process = company.read_one(AFTER, indicator="loop_closure", period="quarter", judge="process")
    assert (process.lower, process.upper) == across_units([1, 1, 0, 0], [1, 1, 1, 1])


def test_of_steps_told_twice_the_earliest_counts(company: SmallCompany) -> None:
    tell(company, "a", raised="11-20", decided="12-30")
    tell(company, "a", raised="11-02", decided="12-31")
    assert company.read_one(AFTER, indicator="loop_closure", period="quarter").counts["H"] == 0


@pytest.mark.parametrize(
    ("now", "label", "settled"),
    [
        pytest.param("2026-12-02T10:59:59Z", "2026-W49", False, id="thirty days after, the source may still be late"),
        pytest.param("2026-12-02T11:00:00Z", "2026-W45", True, id="an hour later it may not"),
    ],
)
def test_items_settle_when_their_channel_has_had_its_time(
    company: SmallCompany, now: str, label: str, settled: bool
) -> None:
    tell(company, "a", raised="11-02")
    reading = company.read_one(now, indicator="loop_closure", period="week")
    assert (reading.period, reading.settled, reading.units) == (label, settled, int(settled))


def test_the_time_to_an_answer_counts_open_items_for_as_long_as_they_are_open(company: SmallCompany) -> None:
    tell(company, "a", raised="11-02", answered="11-03", decided="11-04")
    tell(company, "b", raised="11-02", implemented="11-05")
    tell(company, "c", raised="11-02")
    tell(company, "d", raised="11-03")
    tell(company, "late", raised="11-02", decided="12-20")
    day = 86400
    early = company.read_one("2026-11-04T10:00:00Z", indicator="time_to_answer", period="month")
    # On the 4th: "a" after a day of five, "d" is open for one day, the others for two. Were all of them answered now, the third would
    # be after two days.
    assert (early.value, early.counts["H"], early.maturity) == (inf, 1, 1)
    assert early.measured == (2 * day, inf)
    later = company.read_one("2026-11-20T10:00:00Z", indicator="time_to_answer", period="month")
    assert (later.value, counts(later)) == (inf, {"E": 5, "D": 5, "n": 5, "H": 2})
    tell(company, "d", decided="11-10")
    # Three of five: the third after seven days.
    settled = company.read_one(AFTER, indicator="time_to_answer", period="month")
    assert (settled.value, settled.measured, settled.maturity) == (7 * day, (7 * day, 7 * day), 1)


def test_who_leaves_is_watched_no_longer(company: SmallCompany) -> None:
    tell(company, "a", raised="11-10")
    tell(company, "b", raised="11-02", answered="11-05")
    tell(company, "c", raised="11-02", answered="11-06")
    # "a" has been open for two days when it is looked at: of the two others half are answered after three.
    reading = company.read_one("2026-11-12T10:00:00Z", indicator="time_to_answer", period="month")
    assert reading.value == 3 * 86400


def test_the_time_to_an_answer_may_run_in_working_hours(company: SmallCompany) -> None:
    tell(company, "a", raised="2026-11-06T16:00:00Z", answered="2026-11-09T10:30:00Z")
    reading = company.read_one(AFTER, indicator="time_to_answer", period="month", window="20 working days")
    # An hour on Friday, an hour and a half on Monday.
    assert reading.value == 2.5 * 3600


def test_actioned_is_what_came_of_decisions_so_far(company: SmallCompany) -> None:
    tell(company, "a", raised="08-02", decided="11-02", implemented="2027-01-05T10:00:00Z")
    tell(company, "b", decided="11-30")
    tell(company, "c", raised="11-02", decided="2027-01-04T10:00:00Z")
    # The latest decision is of a quarter that is not over.
    over = company.read_one(AFTER, indicator="actioned", period="quarter")
    assert (over.period, over.counts["H"], over.closed, over.settled) == ("2026-Q4", 1, True, True)
    running = company.read_one("2026-12-10T10:00:00Z", indicator="actioned", period="quarter")
    assert (running.period, running.counts["n"], running.closed, running.settled) == ("2026-Q4", 0, False, False)
    rolling = company.read_one(AFTER, indicator="actioned", period="rolling 90 days")
    assert (rolling.counts["H"], rolling.counts["n"], rolling.settled) == (1, 3, True)
    month = company.read_one("2026-12-31T23:00:00Z", indicator="actioned", period="month")
    assert (month.period, month.counts["n"], month.settled) == ("2026-11", 2, True)


@pytest.mark.parametrize(
    ("recognised", "times"),
    [pytest.param("11-16", 0, id="fourteen days after"), pytest.param("11-15", 1, id="a day before")],
)
def test_credit_is_due_within_fourteen_days(company: SmallCompany, recognised: str, times: int) -> None:
    tell(company, "a", raised="08-02", implemented="11-02", recognised=recognised)
    reading = company.read_one(AFTER, indicator="recognised", period="quarter")
    assert counts(reading) == {"E": 1, "D": 1, "n": 1} | ({"H": 1} if times else {})


def test_parity_compares_the_critical_with_the_others(company: SmallCompany) -> None:
    for item, stance in {"a": "critical", "b": "critical", "c": "supportive", "d": "neutral", "e": None}.items():
        tell(company, item, stance=stance, raised="11-02")
    for item in ("a", "c", "d"):
        tell(company, item, answered="11-05")
    reading = company.read_one(AFTER, indicator="critical_parity", period="quarter", judge="count")
    # One of two, and two of three.
    assert reading.value == pytest.approx((1 / 2 - 2 / 3 + 1) / 2)
    assert (reading.lower, counts(reading)) == (reading.value, {"E": 5, "D": 5, "n": 5, "H": 3})
    process = company.read_one(AFTER, indicator="critical_parity", period="quarter")
    low, high = newcombe((1, 2), (2, 3))
    assert (process.lower, process.upper) == ((low + 1) / 2, (high + 1) / 2)


def test_without_critical_items_there_is_no_parity(company: SmallCompany) -> None:
    tell(company, "a", raised="11-02")
    assert company.read_one(AFTER, indicator="critical_parity", period="quarter").value is None


def test_items_belong_to_the_message_they_are_about(company: SmallCompany) -> None:
    company.send("m", topic="brand", owner="board")
    tell(company, "a", about="m", raised="11-03", decided="11-04")
    tell(company, "b", raised="11-03")
    target: dict[str, Any] = {"indicator": "loop_closure", "period": "quarter"}
    assert [one.segment for one in company.read(AFTER, by="topic", **target)] == ["topic=brand"]
    assert company.read_one(AFTER, scope={"owner": "board"}, **target).counts["n"] == 1
    assert company.read_one(AFTER, scope={"channel": "survey"}, **target).counts["n"] == 2
    assert company.read_one(AFTER, scope={"channel": "email"}, **target).counts["n"] == 0
    assert company.read(AFTER, by="department", **target) == []


def test_items_by_a_word_show_the_latest_period_of_those_that_have_it(company: SmallCompany) -> None:
    company.send("m", topic="brand")
    tell(company, "a", about="m", raised="10-20")
    tell(company, "b", raised="11-20")
    (by_topic,) = company.read(AFTER, indicator="loop_closure", period="month", by="topic")
    assert (by_topic.period, by_topic.counts["n"]) == ("2026-10", 1)
    assert company.read_one(AFTER, indicator="loop_closure", period="month").period == "2026-11"
