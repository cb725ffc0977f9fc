"""What is sent to people over a period: loads, duplicates, hours, topics, and what comes back; counted on paper beside each test."""

from math import inf
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.reading import OracleReading
from tests.oracle.small_company import SmallCompany, counts, five_people

EVERYBODY = ("anna", "ben", "cleo", "dan", "eve")


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    return five_people(tmp_path)


def read(company: SmallCompany, indicator: str, **target: Any) -> OracleReading:
    return company.read_one("2026-12-20T00:00:00Z", indicator=indicator, **{"period": "week", **target})


def deliver(company: SmallCompany, about: str, *people: str, when: str = "10:00") -> None:
    for who in people:
        company.tell("delivered", who, when, about=about)


def test_the_load_is_the_90th_percentile_of_seconds_of_reading(company: SmallCompany) -> None:
    # 238 words take 60 s, 100 words 25.2 s, of which 25 count.
    company.send("long", words=238)
    company.send("short", words=100)
    company.send("unknown")
    deliver(company, "long", "anna", "ben")
    deliver(company, "short", "anna", "cleo")
    deliver(company, "unknown", *EVERYBODY)
    company.tell("bounced", "cleo", "10:01", about="short")
    company.tell("delivered", "dan", "2026-11-03T09:00:00Z", about="long")
    reading = read(company, "message_load")
    # Anna 85, Ben 60, the others 0 (Cleo's bounced, Dan's came a day later): six tenths of the way from 60 to 85.
    assert reading.value == 75
    assert (reading.lower, reading.upper) == (reading.value, reading.value)
    assert counts(reading) == {"E": 5, "D": 5, "n": 5, "H": 5}


def test_a_process_puts_the_load_between_two_people(company: SmallCompany) -> None:
    company.send("long", words=238)
    deliver(company, "long", "anna")
    reading = read(company, "message_load", judge="process")
    # Of five people three to all five are under the percentile in 95 % of draws: from the third of 0, 0, 0, 0, 60 on, without end.
    assert (reading.lower, reading.upper, reading.measured) == (0, inf, (36, 36))


def test_a_channel_that_shows_no_deliveries_loads_everybody(company: SmallCompany) -> None:
    company.add_source("pages", "intranet", delivered=False)
    company.send("page", words=238, channel="intranet", audience={"department": ["Sales"]})
    # 0, 0, 60, 60, 60.
    assert read(company, "message_load").value == 60


def test_a_duplicate_is_of_one_campaign_or_content_within_a_week(company: SmallCompany) -> None:
    company.send("before", "2026-10-30T09:00:00Z", campaign="c")
    company.send("m", campaign="c", content_id="x")
    company.send("copy", content_id="x", audience={"department": ["Sales"]})
    company.send("reminder", "2026-11-03T09:00:00Z", campaign="c", reminder_of="m")
    company.send("other", "2026-11-03T09:00:00Z")
    company.tell("delivered", "anna", "2026-10-30T09:00:00Z", about="before")
    deliver(company, "m", "anna", "ben")
    deliver(company, "copy", "ben", "cleo")
    deliver(company, "reminder", *EVERYBODY, when="2026-11-03T09:00:00Z")
    deliver(company, "other", *EVERYBODY, when="2026-11-03T09:00:00Z")
    reading = read(company, "duplicate_load")
    # "copy" comes before "m" by name: Ben's "m" repeats it, Anna's repeats what came on Friday. Nine deliveries; reminders apart.
    assert counts(reading) == {"E": 5, "D": 5, "n": 9, "H": 2}
    assert reading.value == 2 / 9


@pytest.mark.parametrize(
    ("before", "duplicates"),
    [
        pytest.param("2026-10-26T09:00:00Z", 1, id="seven days before"),
        pytest.param("2026-10-26T08:59:59Z", 0, id="a second more"),
    ],
)
def test_after_a_week_nothing_is_a_duplicate(company: SmallCompany, before: str, duplicates: int) -> None:
    company.send("first", before, content_id="x")
    company.send("m", content_id="x")
    company.tell("delivered", "anna", before, about="first")
    deliver(company, "m", "anna")
    assert read(company, "duplicate_load").counts["H"] == duplicates


@pytest.mark.parametrize(
    ("when", "outside"),
    [
        pytest.param("2026-11-03T08:59:00Z", 1, id="before nine"),
        pytest.param("2026-11-03T09:00:00Z", 0, id="at nine"),
        pytest.param("2026-11-03T16:59:00Z", 0, id="a minute before five"),
        pytest.param("2026-11-03T17:00:00Z", 1, id="at five"),
        pytest.param("2026-11-03T09:02:00Z", 0, id="by the beginning of its five minutes"),
    ],
)
def test_a_delivery_is_out_of_hours_by_its_slot(company: SmallCompany, when: str, outside: int) -> None:
    company.send("m", "2026-11-02T20:00:00Z")
    company.send("urgent", "2026-11-02T20:00:00Z", urgent=True)
    company.tell("delivered", "anna", "2026-11-02T20:00:00Z")
    company.tell("bounced", "anna", "2026-11-02T20:05:00Z")
    company.tell("delivered", "anna", when)
    company.tell("delivered", "ben", "2026-11-02T20:00:00Z", about="urgent")
    reading = read(company, "out_of_hours", period="month")
    assert counts(reading) == {"E": 1, "D": 1, "n": 1} | ({"H": 1} if outside else {})


@pytest.mark.parametrize(
    ("day", "settings"),
    [
        pytest.param("2026-11-07", {}, id="a Saturday"),
        pytest.param("2026-11-04", {"holidays": ["2026-11-04"]}, id="a holiday of the organisation"),
        pytest.param("2026-11-11", {"holidays_of": "FR"}, id="a public holiday"),
    ],
)
def test_days_off_are_out_of_hours(company: SmallCompany, day: str, settings: dict[str, Any]) -> None:
    company.organisation = settings
    company.add_source("pages", "intranet", delivered=False)
    company.send("post", f"{day}T12:00:00Z", channel="intranet")
    company.send("thursday", "2026-11-05T12:00:00Z", channel="intranet")
    # What shows no deliveries reaches everybody when it is sent.
    assert counts(read(company, "out_of_hours", period="month")) == {"E": 5, "D": 5, "n": 10, "H": 5}


def test_topics_are_balanced_by_the_time_people_read(company: SmallCompany) -> None:
    company.show("read", "delivered")
    company.indicators["plan"] = {"brand": 0.4, "goals": 0.2, "safety": 0.2}
    for about, topic in {"m": "brand", "n": "goals", "party": "fun", "blank": None}.items():
        company.send(about, topic=topic)
        deliver(company, about, "anna", "ben")
    for about, who, seconds in (("m", "anna", 10), ("m", "ben", 20), ("n", "anna", 20), ("party", "ben", 30)):
        company.tell("read", who, "10:00", about=about, engaged_seconds=seconds)
    company.tell("read", "ben", "10:00", about="blank", engaged_seconds=20)
    company.tell("read", "cleo", "10:00", engaged_seconds=50)
    reading = read(company, "topic_balance", period="month")
    # 100 s: brand .3 (planned .5), goals .2 (.25), safety 0 (.25), others .5: half of .2 + .05 + .25 + .5. Cleo got nothing.
    assert reading.value == pytest.approx(0.5)
    assert (counts(reading), reading.lower) == ({"E": 5, "D": 5, "n": 2, "H": 2}, reading.value)


def test_without_reading_or_plan_nothing_is_out_of_balance(company: SmallCompany) -> None:
    company.send("m", topic="brand")
    assert read(company, "topic_balance", period="month").value is None
    company.indicators["plan"] = {"brand": 1}
    assert read(company, "topic_balance", period="month").value is None


def test_both_ways_compares_what_comes_back_with_what_is_sent(company: SmallCompany) -> None:
    company.show("replied", "reacted", "raised")
    company.send("m", topic="brand", sender="eve@example.org")
    company.send("n", audience={"department": ["Sales"]})
    for about in ("m", "n"):
        company.tell("replied", "anna", "10:00", about=about)
    company.tell("reacted", "anna", "11:00", choice="heart")
    company.tell("replied", "eve", "10:00")
    company.tell("replied", "dan", "10:00", about="n")
    company.tell("raised", "ben", "10:00", about="m", item="i")
    company.tell("raised", "ben", "11:00", about="", item="k")
    company.tell("answered", "cleo", "12:00", about="m", item="i")
    reading = read(company, "two_way", period="month")
    # Anna's responses to two messages and two items, for two messages and five people.
    assert (reading.extra, reading.value) == ((4, 2, 5), 4 / 2 / 0.05)
    assert counts(reading) == {"E": 5, "D": 5, "n": 5, "H": 5}
    # About the brand: one response, one item, one message.
    assert read(company, "two_way", period="month", by="topic").extra == (2, 1, 5)
    assert company.read(indicator="two_way", by="department") == []
