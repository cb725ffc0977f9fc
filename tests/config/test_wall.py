"""How long working time is on the wall, held against the clock that windows really run on."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.countries import public_holidays
from config.duration import Span
from config.schema import Organisation, WorkingHours
from config.values import Weekday
from config.wall import lengths_on_the_wall
from metrics.clock import Clocks

WEEK: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY = 86_400
SPANS = [
    Span(1, "hours", True),
    Span(8, "hours", True),
    Span(9, "hours", True),
    Span(1, "days", True),
    Span(5, "days", True),
    Span(11, "days", True),
]
HOURS = [
    WorkingHours(),
    WorkingHours(days=("monday", "wednesday", "thursday"), start=time(8, 30), end=time(12)),
    WorkingHours(days=("sunday",)),
    WorkingHours(days=WEEK, start=time(0), end=time(23, 59)),
]


def lengths_by_trial(span: Span, organisation: Organisation, first: date, days: int) -> tuple[int, int]:
    """The shortest and longest that begin within a stretch of days, a minute after each quarter of an hour and on it."""
    clocks = Clocks(organisation)
    begin = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    starts = [start + more for start in range(begin, begin + days * DAY, 900) for more in (0, 60)]
    lengths = [clocks.deadline(start, span) - start for start in starts]
    return min(lengths), max(lengths)


@pytest.mark.parametrize("span", SPANS, ids=str)
@pytest.mark.parametrize("hours", HOURS, ids=["five days", "three short days", "sundays alone", "round the clock"])
def test_the_lengths_are_those_of_the_working_clock(span: Span, hours: WorkingHours) -> None:
    organisation = Organisation(zone=ZoneInfo("UTC"), working_hours=hours)
    lengths = lengths_on_the_wall(span, organisation)
    assert (lengths.shortest, lengths.longest) == lengths_by_trial(span, organisation, date(2026, 11, 2), 7)


def test_time_on_the_wall_is_as_long_as_it_says() -> None:
    assert lengths_on_the_wall(Span(48, "hours"), Organisation()) == (48 * 3600, 48 * 3600)


def test_holidays_make_the_longest_longer_and_never_too_short() -> None:
    holidays = (
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 26),
        date(2026, 12, 28),
        date(2027, 1, 1),
        date(2027, 5, 1),
    )
    organisation = Organisation(holidays=holidays)
    span = Span(5, "days", working=True)
    _, longest = lengths_by_trial(span, organisation, date(2026, 12, 1), 60)
    assert longest == 13 * DAY  # from 23 December, 17:00, to 5 January
    assert longest <= lengths_on_the_wall(span, organisation).longest <= longest + 4 * DAY


def test_holidays_on_days_off_change_nothing() -> None:
    saturdays = tuple(date(2026, 11, 7) + timedelta(weeks=week) for week in range(50))
    span = Span(5, "days", working=True)
    assert lengths_on_the_wall(span, Organisation(holidays=saturdays)) == lengths_on_the_wall(span, Organisation())


def test_public_holidays_count_like_those_that_are_listed() -> None:
    span = Span(5, "days", working=True)
    longest = lengths_on_the_wall(span, Organisation(holidays_of="DE-BY")).longest
    listed = Organisation(holidays=tuple(sorted(public_holidays("DE-BY", 2026) | public_holidays("DE-BY", 2027))))
    _, tried = lengths_by_trial(span, listed, date(2026, 12, 1), 60)
    assert lengths_on_the_wall(span, Organisation()).longest < tried <= longest <= tried + 4 * DAY


def test_very_long_spans_take_no_time() -> None:
    assert lengths_on_the_wall(Span(499_995, "days", working=True), Organisation()).longest == 99_999 * 7 * DAY
