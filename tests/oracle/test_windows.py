"""The oracle's clocks on moments that can be looked up in a calendar. 2026-11-02 is a Monday; Lyon is an hour ahead of UTC then."""

from zoneinfo import ZoneInfo

import pytest

from config.duration import parse_span
from config.schema import Organisation
from tests.oracle.small_company import at
from tests.oracle.windows import SECOND_US, Clocks, slot_of

CLOCKS = Clocks(Organisation(zone=ZoneInfo("Europe/Paris")))


@pytest.mark.parametrize(
    ("sent", "span", "closes"),
    [
        pytest.param(
            "2026-11-02T08:00:00Z", "48 hours", "2026-11-04T08:00:00Z", id="the wall clock runs day and night"
        ),
        pytest.param("2026-11-02T08:00:00.1Z", "1 hour", "2026-11-02T09:00:01Z", id="parts of a second are rounded up"),
        pytest.param("2026-11-02T08:00:00Z", "1 working day", "2026-11-02T16:00:00Z", id="a day ends that evening"),
        pytest.param(
            "2026-11-06T15:00:00Z", "8 working hours", "2026-11-09T15:00:00Z", id="the weekend is jumped over"
        ),
        pytest.param(
            "2026-11-07T12:00:00Z", "1 working hour", "2026-11-09T09:00:00Z", id="a Saturday waits for Monday"
        ),
        pytest.param("2026-10-23T13:00:00Z", "1 working day", "2026-10-26T14:00:00Z", id="clocks change on the way"),
    ],
)
def test_a_window_closes_when_its_length_has_passed_on_its_clock(sent: str, span: str, closes: str) -> None:
    assert CLOCKS.deadline(at(sent), parse_span(span)) * SECOND_US == at(closes)


@pytest.mark.parametrize(
    ("sent", "slot", "span", "seconds"),
    [
        pytest.param("2026-11-02T08:00:30Z", "2026-11-02T08:10:00Z", "1 hour", 870, id="to the end of the slot"),
        pytest.param("2026-11-02T08:00:00Z", "2026-11-02T07:00:00Z", "1 hour", 0, id="never negative"),
        pytest.param("2026-11-06T15:30:00Z", "2026-11-09T08:25:00Z", "1 working day", 3600, id="working time alone"),
        pytest.param(
            "2026-11-06T15:30:00Z", "2026-11-07T12:00:00Z", "1 working day", 1800, id="a weekend adds nothing"
        ),
    ],
)
def test_a_delay_runs_from_sending_to_the_slots_end_on_the_clock_of_the_window(
    sent: str, slot: str, span: str, seconds: int
) -> None:
    assert CLOCKS.delay(at(sent), at(slot) // SECOND_US, parse_span(span)) == seconds


def test_slots_are_five_minutes_aligned_to_utc() -> None:
    assert slot_of(at("2026-11-02T08:04:59.999999Z")) * SECOND_US == at("2026-11-02T08:00:00Z")


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        pytest.param("week", "2026-W53", id="the first of January 2027 lies in week 53 of 2026"),
        pytest.param("month", "2027-01", id="months begin at midnight of the zone"),
        pytest.param("quarter", "2027-Q1", id="and so do quarters"),
    ],
)
def test_periods_are_those_of_the_organisations_zone(kind: str, label: str) -> None:
    assert CLOCKS.period(kind, at("2026-12-31T23:30:00Z")) == label
