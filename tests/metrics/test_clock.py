"""The wall clock and the clock of working hours."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.duration import Span
from config.schema import Organisation, WorkingHours
from metrics.clock import Clocks

PARIS = ZoneInfo("Europe/Paris")
ORGANISATION = Organisation(zone=PARIS, holidays=(date(2026, 11, 11),))
CLOCKS = Clocks(ORGANISATION)


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp())


@pytest.mark.parametrize(
    ("sent", "span", "closes"),
    [
        pytest.param("2026-11-02T10:00", Span(48, "hours"), "2026-11-04T10:00", id="the wall clock does not stop at night"),
        pytest.param("2026-11-02T10:00", Span(1, "days", True), "2026-11-03T10:00", id="a working day is eight hours of work"),
        pytest.param("2026-11-02T10:00", Span(5, "days", True), "2026-11-09T10:00", id="a weekend is no working time"),
        pytest.param("2026-11-06T16:00", Span(2, "hours", True), "2026-11-09T10:00", id="friday afternoon runs on on monday"),
        pytest.param("2026-11-06T20:00", Span(1, "days", True), "2026-11-09T17:00", id="sent after hours, it starts on monday"),
        pytest.param("2026-11-10T10:00", Span(1, "days", True), "2026-11-12T10:00", id="a holiday is no working time"),
        pytest.param("2026-11-02T09:00", Span(8, "hours", True), "2026-11-02T17:00", id="a day may end exactly at its end"),
    ],
)  # fmt: skip
def test_a_window_closes_when_its_time_has_passed_on_its_clock(sent: str, span: Span, closes: str) -> None:
    assert CLOCKS.deadline(moment(sent), span) == moment(closes)


def test_working_time_is_right_across_a_change_of_the_clocks() -> None:
    # In Paris the clocks go back on 25 October 2026: a wall-clock day of 25 hours, a working week like any other.
    friday, monday = moment("2026-10-23T16:00"), moment("2026-10-26T10:00")
    assert CLOCKS.elapsed(friday, np.array([monday]), working=True).tolist() == [2 * 3600]
    assert CLOCKS.elapsed(friday, np.array([monday]), working=False).tolist() == [67 * 3600]


def test_moments_before_the_start_have_taken_no_time() -> None:
    start = moment("2026-11-02T10:00")
    for working in (False, True):
        assert CLOCKS.elapsed(start, np.array([start - 7200, start]), working=working).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("place", "sent", "closes"),
    [
        pytest.param("FR", "2026-05-13T10:00", "2026-05-15T10:00", id="Ascension is no working day in France"),
        pytest.param("US", "2026-05-13T10:00", "2026-05-14T10:00", id="and is one in the United States"),
        pytest.param("DE-BY", "2026-06-03T10:00", "2026-06-05T10:00", id="Corpus Christi is none in Bavaria"),
        pytest.param("DE-BE", "2026-06-03T10:00", "2026-06-04T10:00", id="and is one in Berlin"),
        pytest.param("GB-ENG", "2026-12-25T10:00", "2026-12-29T17:00", id="Boxing Day on a Saturday moves to Monday"),
        pytest.param("FR", "2026-11-09T10:00", "2026-11-12T10:00", id="days of one's own come beside them"),
    ],
)
def test_public_holidays_are_no_working_time(place: str, sent: str, closes: str) -> None:
    clocks = Clocks(Organisation(zone=PARIS, holidays=(date(2026, 11, 10),), holidays_of=place))
    assert clocks.deadline(moment(sent), Span(1, "days", True)) == moment(closes)


@given(
    start=st.integers(moment("2026-01-01T00:00"), moment("2026-12-31T00:00")),
    hours=st.integers(1, 200),
)
def test_the_time_elapsed_until_a_deadline_is_the_window(start: int, hours: int) -> None:
    closes = CLOCKS.deadline(start, Span(hours, "hours", True))
    assert CLOCKS.elapsed(start, np.array([closes]), working=True).tolist() == [hours * 3600]


@given(start=st.integers(moment("2026-03-20T00:00"), moment("2026-04-10T00:00")), minutes=st.integers(0, 20_000))
def test_working_time_agrees_with_counting_every_minute(start: int, minutes: int) -> None:
    start -= start % 60
    end = start + minutes * 60
    counted = 0
    for at in range(start, end, 60):
        local = datetime.fromtimestamp(at, PARIS)
        if local.weekday() < 5 and time(9) <= local.time() < time(17):
            counted += 60
    assert CLOCKS.elapsed(start, np.array([end]), working=True).tolist() == [counted]


def test_the_length_of_a_working_day_follows_the_hours() -> None:
    short = Organisation(zone=PARIS, working_hours=WorkingHours(start=time(10), end=time(14, 30)))
    assert Clocks(short).working_day_seconds == 16_200
