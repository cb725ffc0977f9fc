"""The oracle's clocks: when a window closes, how long something took, which calendar period a moment lies in.

Moments inside the oracle are whole seconds since 1970 UTC unless a name ends in `_us`. Written with plain loops over days.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from holidays import country_holidays

from config.duration import Span
from config.schema import Organisation

SECOND_US = 1_000_000
SLOT = 300
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_SEARCH_DAYS = 8000


def slot_of(moment_us: int) -> int:
    """The start of the five minutes (aligned to UTC) a moment lies in."""
    return moment_us // (SLOT * SECOND_US) * SLOT


def round_up(moment_us: int) -> int:
    return -(-moment_us // SECOND_US)


class Clocks:
    """The wall clock, and the clock that runs in the organisation's working hours only."""

    def __init__(self, organisation: Organisation) -> None:
        self._zone = organisation.zone
        self._hours = organisation.working_hours
        self._holidays = set(organisation.holidays)
        self._country, _, self._part = (organisation.holidays_of or "").partition("-")
        self._openings: dict[date, tuple[int, int] | None] = {}
        start, end = self._hours.start, self._hours.end
        self._working_day = (end.hour - start.hour) * 3600 + (end.minute - start.minute) * 60

    def length(self, span: Span) -> int:
        """Seconds of the span's own clock."""
        return span.seconds(self._working_day)

    def deadline(self, sent_us: int, span: Span) -> int:
        """The first moment at which the span has passed since a sending."""
        start, left = round_up(sent_us), self.length(span)
        if not span.working:
            return start + left
        for opens, closes in self._openings_from(start):
            available = closes - max(opens, start)
            if available >= left:
                return max(opens, start) + left
            left -= max(0, available)
        raise ValueError("these working hours never hold so long a window")

    def delay(self, sent_us: int, slot: int, span: Span) -> int:
        """Seconds from a sending to the end of a slot, on the clock of the span; 0 for what happened before."""
        return self._passed(sent_us // SECOND_US, slot + SLOT, span)

    def _passed(self, start: int, end: int, span: Span) -> int:
        if not span.working:
            return max(0, end - start)
        passed = 0
        for opens, closes in self._openings_from(start):
            if opens >= end:
                break
            passed += max(0, min(closes, end) - max(opens, start))
        return passed

    def midnight(self, day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=self._zone).timestamp())

    def period(self, kind: str, moment_us: int) -> str:
        """The label of the week, month or quarter a moment lies in, in the organisation's zone."""
        day = self.day(moment_us // SECOND_US)
        if kind == "week":
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02d}"
        if kind == "month":
            return f"{day.year}-{day.month:02d}"
        return f"{day.year}-Q{(day.month + 2) // 3}"

    def bounds(self, kind: str, moment_us: int) -> tuple[int, int]:
        """The first second of the week, month or quarter a moment lies in, and the first one after it."""
        day = self.day(moment_us // SECOND_US)
        if kind == "week":
            monday = day - timedelta(days=day.weekday())
            return self.midnight(monday), self.midnight(monday + timedelta(days=7))
        length = 1 if kind == "month" else 3
        month = (day.month - 1) // length * length + 1
        year, after = divmod(day.year * 12 + month - 1 + length, 12)
        return self.midnight(date(day.year, month, 1)), self.midnight(date(year, after + 1, 1))

    def is_working(self, moment: int) -> bool:
        """Whether a second lies in the organisation's working hours."""
        opening = self._opening(self.day(moment))
        return opening is not None and opening[0] <= moment < opening[1]

    def elapsed(self, since_us: int, until_us: int, span: Span) -> int:
        """Whole seconds from one moment to another, each rounded down, on the clock of the span; 0 for what went before."""
        return self._passed(since_us // SECOND_US, until_us // SECOND_US, span)

    def day(self, moment: int) -> date:
        """The date of a second in the organisation's zone."""
        return datetime.fromtimestamp(moment, UTC).astimezone(self._zone).date()

    def _openings_from(self, start: int) -> Iterator[tuple[int, int]]:
        first = self.day(start)
        for number in range(_LONGEST_SEARCH_DAYS):
            opening = self._opening(first + timedelta(days=number))
            if opening is not None:
                yield opening

    def _opening(self, day: date) -> tuple[int, int] | None:
        if day not in self._openings:
            works = _NAMES[day.weekday()] in self._hours.days and not self._is_holiday(day)
            begin = datetime.combine(day, self._hours.start, tzinfo=self._zone)
            end = datetime.combine(day, self._hours.end, tzinfo=self._zone)
            self._openings[day] = (int(begin.timestamp()), int(end.timestamp())) if works else None
        return self._openings[day]

    def _is_holiday(self, day: date) -> bool:
        if self._country and day in country_holidays(self._country, subdiv=self._part or None, years=day.year):
            return True
        return day in self._holidays
