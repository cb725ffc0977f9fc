"""Which period a figure over people speaks of, which messages and which people belong to it."""

from pathlib import Path

import pytest

from tests.oracle.small_company import SmallCompany, counts, five_people


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    return five_people(tmp_path)


def test_a_person_reached_by_any_message_of_the_period_is_reached_once(company: SmallCompany) -> None:
    company.send("m")
    company.send("n", audience={"department": ["Sales"]})
    for about in ("m", "n"):
        company.tell("clicked", "anna", "10:00", about=about)
    company.tell("opened", "ben", "10:00", machine="yes")
    company.tell("clicked", "ben", "10:00", about="n", machine="likely")
    company.tell("clicked", "cleo", "10:00", about="n", machine="likely")
    reading = company.read_one(indicator="period_reach", period="week")
    # Anna H, Ben P (better than likely), Cleo S likely, Dan blocks images, Eve nothing.
    assert counts(reading) == {"E": 5, "D": 5, "n": 5, "H": 1, "P": 1, "S_likely": 1, "U": 1}
    assert (reading.value, reading.measured, reading.units) == (1 / 3, (1 / 5, 4 / 5), 1)


def test_whom_no_message_was_meant_for_was_not_reached(company: SmallCompany) -> None:
    company.send("m", audience={"department": ["Sales"]})
    company.tell("clicked", "eve", "10:00")
    assert counts(company.read_one(indicator="period_reach", period="week")) == {"E": 5, "D": 5, "n": 5}


@pytest.mark.parametrize(
    ("now", "label", "settled"),
    [
        # Five working days from Friday the 6th at nine end on Thursday the 12th at five; the source may be an hour late.
        pytest.param("2026-11-12T17:59:59Z", "2026-W44", True, id="the last window of the week has not settled"),
        pytest.param("2026-11-12T18:00:00Z", "2026-W45", True, id="now it has"),
        pytest.param("2026-11-01T12:00:00Z", "2026-W44", False, id="nothing has settled: the week that runs"),
    ],
)
def test_a_calendar_period_shows_when_all_its_windows_have_settled(
    company: SmallCompany, now: str, label: str, settled: bool
) -> None:
    company.send("early", "2026-10-26T09:00:00Z")
    company.send("m")
    company.send("friday", "2026-11-06T09:00:00Z")
    reading = company.read_one(now, indicator="period_reach", period="week")
    assert (reading.period, reading.settled, reading.closed) == (label, settled, settled)
    assert reading.maturity == float(settled)


def test_a_period_is_over_before_it_counts_even_without_open_windows(company: SmallCompany) -> None:
    company.send("m")
    reading = company.read_one("2026-11-20T00:00:00Z", indicator="period_reach", period="month")
    assert (reading.period, reading.closed, reading.settled) == ("2026-11", False, False)
    assert company.read_one("2026-12-01T00:00:00Z", indicator="period_reach", period="month").settled


def test_a_rolling_period_counts_the_messages_that_have_settled(company: SmallCompany) -> None:
    company.send("old", "2026-10-20T09:00:00Z")
    company.send("m")
    company.send("late", "2026-11-18T09:00:00Z")
    for about in ("old", "late"):
        company.tell("clicked", "anna", "2026-11-18T10:00:00Z", about=about)
    company.tell("clicked", "ben", "10:00")
    reading = company.read_one(indicator="period_reach", period="rolling 28 days")
    assert (reading.period, reading.counts["H"], reading.maturity) == ("rolling 28 days", 1, 0.5)


def test_only_those_employed_all_of_the_period_count_where_they_were_at_its_end(company: SmallCompany) -> None:
    # On Wednesday the 4th Cleo moves to Service, Eve leaves, Finn comes.
    company.directory["people-2026-11-04.csv"] = (
        "address,department\nanna@example.org,Sales\nben@example.org,Sales\ncleo@example.org,Service\n"
        "dan@example.org,Service\nfinn@example.org,Sales\n"
    )
    company.send("m")
    for who in ("cleo", "eve", "finn"):
        company.tell("clicked", who, "10:00")
    sales, service = company.read(indicator="period_reach", period="week", by="department")
    assert (sales.counts["E"], sales.counts["H"]) == (2, 0)
    assert (service.counts["E"], service.counts["H"]) == (2, 1)


@pytest.mark.parametrize(
    ("leaves", "employed"),
    [
        pytest.param("2026-11-08", 4, id="who leaves on the Sunday was not there all week"),
        pytest.param("2026-11-09", 5, id="who leaves on the next Monday was"),
    ],
)
def test_a_week_ends_at_midnight(company: SmallCompany, leaves: str, employed: int) -> None:
    lines = company.directory["people.csv"].replace("\n", ",\n").replace("objects,", "objects,valid_to")
    company.directory["people.csv"] = lines.replace(
        "eve@example.org,,Service,,,", f"eve@example.org,,Service,,,{leaves}"
    )
    company.send("m")
    assert company.read_one(indicator="period_reach", period="week").counts["E"] == employed


def test_a_process_over_a_period_is_a_sample_of_people(company: SmallCompany) -> None:
    company.send("m")
    company.tell("clicked", "anna", "10:00")
    reading = company.read_one(indicator="period_reach", period="week", judge="process")
    # Wilson's interval of 1 in 5 begins at 0.036, that of 2 in 5 ends at 0.769.
    assert (reading.lower, reading.upper) == pytest.approx((0.03622, 0.76932), abs=1e-4)


def test_without_a_message_nobody_is_judged(company: SmallCompany) -> None:
    company.send("m", topic="brand")
    reading = company.read_one(indicator="period_reach", period="week", scope={"topic": "goals"})
    assert (reading.counts["n"], reading.value, reading.units, reading.maturity) == (0, None, 0, None)


def test_parts_by_topic_are_those_of_the_periods_messages(company: SmallCompany) -> None:
    company.send("old", "2026-10-20T09:00:00Z", topic="old")
    company.send("m", topic="brand")
    assert [one.segment for one in company.read(indicator="period_reach", period="week", by="topic")] == ["topic=brand"]


def test_a_part_of_a_rolling_period_is_as_old_as_its_own_messages(company: SmallCompany) -> None:
    company.send("m", topic="brand")
    company.send("late", "2026-11-18T09:00:00Z", topic="goals")
    for about in ("m", "late"):
        company.tell("clicked", "anna", "2026-11-18T10:00:00Z", about=about)
    brand, goals = company.read(indicator="period_reach", period="rolling 28 days", by="topic")
    # Anna's click on the first was late.
    assert (brand.counts["H"], brand.maturity, brand.settled) == (0, 1, True)
    assert (goals.counts["H"], goals.maturity, goals.settled) == (1, 0, False)
