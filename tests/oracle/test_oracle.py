"""Which messages and people a reading is made of: campaigns, periods, segments, moments, vendors' own streams."""

import gzip
from pathlib import Path

import pytest

from tests.oracle.figures import across_units, wilson
from tests.oracle.oracle import Oracle
from tests.oracle.small_company import SHOWS, SmallCompany, at, counts, five_people


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    return five_people(tmp_path)


def test_across_a_campaign_each_person_counts_once(company: SmallCompany) -> None:
    company.send("m", campaign="c")
    company.send("r", "2026-11-03T09:00:00Z", reminder_of="m", audience=["ben@example.org", "cleo@example.org"])
    company.send("other", "2026-11-03T09:00:00Z")
    company.tell("opened", "anna", "10:00")
    company.tell("opened", "ben", "2026-11-03T10:00:00Z", about="r")
    company.tell("opened", "anna", "2026-11-03T10:00:00Z", about="other")
    reading = company.read_one(indicator="reach", judge="process")
    # The campaign: Anna and Ben of five; the other message: Anna of five. Dan is unseen in both.
    assert reading.units == 2
    assert counts(reading) == {"E": 10, "n": 10, "H": 3, "U": 2}
    least, most = across_units([2, 1], [5, 5]), across_units([3, 2], [5, 5])
    assert least is not None
    assert most is not None
    assert (reading.lower, reading.upper) == (least[0], most[1])


def test_a_campaigns_delay_runs_from_the_message_that_reached(company: SmallCompany) -> None:
    company.send("m", campaign="c")
    company.send("r", "2026-11-03T09:00:00Z", campaign="c")
    for who in ("anna", "ben", "cleo"):
        company.tell("clicked", who, "2026-11-03T09:00:00Z", about="r")
    reading = company.read_one(indicator="time_to_reach", judge="process")
    # Three of five within their first slot, Dan unknown, Eve not: at the end of that slot S is 1/4 of the four known.
    assert (reading.value, reading.measured) == (300, (300, 300))


def test_a_message_whose_window_is_open_waits(company: SmallCompany) -> None:
    company.send("m")
    company.send("late", "2026-11-18T09:00:00Z", audience={"department": ["Sales"]})
    company.tell("clicked", "anna", "10:00")
    company.tell("clicked", "anna", "2026-11-18T10:00:00Z", about="late")
    reading = company.read_one(indicator="reach")
    # Five people have settled, three of the late one have not.
    assert (reading.units, reading.counts["n"], reading.maturity) == (1, 5, 5 / 8)
    early, late = company.read(indicator="reach", period="message")
    assert (early.message, early.settled, early.maturity) == ("m", True, 1.0)
    assert (late.message, late.closed, late.settled, late.counts["H"]) == ("late", False, False, 1)


@pytest.mark.parametrize(
    ("now", "closed", "settled"),
    [
        pytest.param("2026-11-04T08:59:59Z", False, False, id="a second before the window closes"),
        pytest.param("2026-11-04T09:00:00Z", True, False, id="when it closes"),
        pytest.param("2026-11-04T10:00:00Z", True, True, id="an hour of lateness after"),
    ],
)
def test_a_reading_settles_when_the_sources_lateness_has_passed(
    company: SmallCompany, now: str, closed: bool, settled: bool
) -> None:
    company.send("m")
    reading = company.read_one(now, indicator="opened", period="message")
    assert (reading.closed, reading.settled) == (closed, settled)


@pytest.mark.parametrize(
    ("period", "label", "messages"),
    [
        pytest.param("week", "2026-W45", 2, id="the latest week in which anything has settled"),
        pytest.param("month", "2026-11", 2, id="the month"),
        pytest.param("quarter", "2026-Q4", 3, id="the quarter"),
        pytest.param("rolling 16 days", "rolling 16 days", 1, id="the last days, to the second"),
    ],
)
def test_a_class_holds_the_messages_of_its_period(
    company: SmallCompany, period: str, label: str, messages: int
) -> None:
    company.send("october", "2026-10-30T09:00:00Z")
    company.send("monday", "2026-11-02T09:00:00Z")
    company.send("wednesday", "2026-11-04T09:00:00Z")
    company.send("open", "2026-11-19T09:00:00Z")
    reading = company.read_one(indicator="reach", period=period)
    assert (reading.period, reading.units) == (label, messages)


def test_a_breakdown_by_a_word_shows_the_latest_period_of_what_has_the_word(company: SmallCompany) -> None:
    company.send("october", "2026-10-21T09:00:00Z", goal="growth")
    company.send("november", "2026-11-02T09:00:00Z")
    company.send("young", "2026-11-19T09:00:00Z", goal="growth")
    (by_goal,) = company.read(indicator="reach", by="goal", period="week")
    assert (by_goal.period, by_goal.units) == ("2026-W43", 1)
    assert company.read_one(indicator="reach", period="week").period == "2026-W45"


def test_people_stand_in_the_segment_they_were_in_at_the_sending(company: SmallCompany) -> None:
    # Cleo moves to Service on the 4th, Eve leaves.
    after = "address,department\nanna@example.org,Sales\nben@example.org,Sales\ncleo@example.org,Service\n"
    company.directory["people-2026-11-04.csv"] = after + "dan@example.org,Service\n"
    company.send("before", "2026-11-03T23:59:59Z")
    company.send("after", "2026-11-04T00:00:00Z")
    company.tell("clicked", "cleo", "2026-11-04T10:00:00Z", about="before")
    company.tell("clicked", "cleo", "2026-11-04T10:00:00Z", about="after")
    sales, service = company.read(indicator="reach", by="department")
    assert (sales.segment, service.segment) == ("department=Sales", "department=Service")
    # Sales: Anna, Ben, Cleo, then Anna, Ben. Service: Dan, Eve, then Cleo, Dan.
    assert [(one.counts["E"], one.counts["H"]) for one in (sales, service)] == [(5, 1), (4, 1)]


def test_a_scope_picks_messages_and_people(company: SmallCompany) -> None:
    company.send("m", topic="brand")
    company.send("n", topic="goals")
    company.tell("clicked", "anna", "10:00")
    company.tell("clicked", "eve", "10:00")
    reading = company.read_one(indicator="reach", scope={"topic": "brand", "segment": "department=Service"})
    assert reading.segment == "department=Service"
    assert counts(reading) == {"E": 2, "n": 2, "H": 1, "U": 1}
    by_topic = company.read(indicator="reach", by="topic")
    assert {one.segment: one.counts["H"] for one in by_topic} == {"topic=brand": 2, "topic=goals": 0}


def test_what_everybody_owes_is_judged_by_what_happened_in_every_group(company: SmallCompany) -> None:
    company.send("m")
    company.tell("delivered", "anna", "09:00")
    company.tell("bounced", "ben", "09:00")
    sales, _ = company.read(indicator="delivered", by="department")
    assert (sales.lower, sales.upper) == (0.5, 0.5)
    asked, _ = company.read(indicator="delivered", by="department", judge="process")
    assert (asked.lower, asked.upper) == wilson(1, 2)


def test_a_blind_share_raises_the_upper_bound_alone(company: SmallCompany) -> None:
    company.send("m")
    company.tell("clicked", "anna", "10:00")
    reading = company.read_one(indicator="reach", blind_share=0.2)
    # One H and one U of five.
    assert reading.measured == (0.2, 0.4 / 0.8)


def test_missing_at_random_puts_the_interval_around_the_value(company: SmallCompany) -> None:
    company.send("m")
    company.tell("clicked", "anna", "10:00")
    happened = company.read_one(indicator="reach", assume="missing_at_random")
    assert (happened.lower, happened.upper, happened.measured) == (0.25, 0.25, (0.2, 0.4))
    process = company.read_one(indicator="reach", assume="missing_at_random", judge="process")
    assert (process.lower, process.upper) == wilson(1, 4)


def test_a_message_to_nobody_has_no_figures(company: SmallCompany) -> None:
    company.send("m", audience={"department": ["Moon"]})
    reading = company.read_one(indicator="reach")
    assert (reading.units, reading.value, reading.measured, reading.maturity) == (0, None, (None, None), None)


def test_a_past_is_read_as_if_it_were_then(company: SmallCompany) -> None:
    company.send("m")
    company.tell("clicked", "anna", "10:00", receivedtime="2026-11-05T10:00:00Z")
    company.tell("clicked", "ben", "10:00")
    early, later = (
        company.read(now, indicator="reach", period="message")
        for now in ("2026-11-03T00:00:00Z", "2026-11-06T00:00:00Z")
    )
    assert [early[0].counts["H"], later[0].counts["H"]] == [1, 2]


def test_what_has_no_time_at_all_is_there_now_and_was_not_there_in_a_past(company: SmallCompany) -> None:
    company.send("m")
    company.tell("clicked", "anna", None)
    settings = company.settings([{"name": "t", "indicator": "reach", "period": "message"}])
    found = [
        Oracle(settings, shows=SHOWS, is_past=is_past).readings(at("2026-11-20T00:00:00Z"))[0].counts["P"]
        for is_past in (False, True)
    ]
    assert found == [1, 0]


def test_a_message_may_be_described_by_an_event_and_a_file_wins(company: SmallCompany) -> None:
    entry = {"channel": "email", "audience": "all", "sent_at": "2026-11-02T09:00:00Z", "topic": "old"}
    for about, topic, when in (("m", "new", "10:00"), ("m", "old", "09:00"), ("n", "event", "09:00")):
        company.tell("message.published", "anna", when, about=about, **{**entry, "topic": topic})
    company.send("n", topic="file")
    assert {one.segment for one in company.read(indicator="reach", by="topic")} == {"topic=new", "topic=file"}


def test_vendors_streams_tell_the_same(company: SmallCompany) -> None:
    company.add_source("provider", "email", decoder="sendgrid")
    company.add_source("portal", "intranet", decoder="access_log", options={"site": "https://intranet.example.org"})
    company.send("m", ids=["mail-1", "https://Intranet.example.org/news?from=start"])
    moment = at("2026-11-02T10:00:00Z") // 1_000_000
    start = f'{{"email":"ben@example.org","timestamp":{moment},"sg_message_id":"mail-1.filter7-8.0"'
    company.streams["provider"] += [
        f'[{start},"event":"open","sg_machine_open":true}},{start},"event":"delivered"}}]',
        f'{start},"event":"click","sg_machine_open":true}}'.replace("ben", "cleo"),
        f'{start},"event":"teleported"}}'.replace("ben", "eve"),
    ]
    company.streams["portal"] += [
        '10.0.0.1 - u1 [02/Nov/2026:11:00:00 +0100] "GET /news?x=1 HTTP/1.1" 200 4000 "-" "a browser"',
        '10.0.0.1 - - [02/Nov/2026:11:00:00 +0100] "GET /news HTTP/1.1" 200 4000 "-" "a crawler"',
        '10.0.0.1 - u1 [02/Foo/2026:11:00:00 +0100] "GET /news HTTP/1.1" 200 4000 "-" "a browser"',
    ]
    # Anna by her login on the page, Cleo by a click (the flag is one of openings), Ben through a proxy. One blocks images, and
    # may have read the mail without ever opening the page.
    assert counts(company.read_one(indicator="reach")) == {"E": 5, "D": 1, "n": 5, "H": 2, "P": 1, "U": 1}


def test_files_may_be_packed_and_a_last_line_may_be_unfinished(company: SmallCompany) -> None:
    company.send("m")
    company.tell("clicked", "anna", "10:00")
    company.tell("clicked", "ben", "10:00")
    settings = company.settings([{"name": "t", "indicator": "reach"}])
    packed, unfinished = company.streams["mail"][-2:]
    (company.folder / "mail" / "lines").write_text(unfinished, encoding="utf-8")
    (company.folder / "mail" / "old.gz").write_bytes(gzip.compress(f"{packed}\n".encode()))
    (reading,) = Oracle(settings, shows=SHOWS).readings(at("2026-11-20T00:00:00Z"))
    assert reading.counts["H"] == 1


def test_every_message_has_a_reading_for_the_whole_audience(company: SmallCompany) -> None:
    company.send("m")
    company.send("n", due_at="2026-11-04T09:00:00Z")
    settings = company.settings(
        [{"name": "a", "indicator": "reach", "by": "department"}, {"name": "b", "indicator": "reach_on_time"}]
    )
    readings = Oracle(settings, shows=SHOWS).message_readings(at("2026-11-20T00:00:00Z"))
    assert [(one.target, one.message, one.segment) for one in readings] == [
        ("a", "m", "all"),
        ("a", "n", "all"),
        ("b", "n", "all"),
    ]
