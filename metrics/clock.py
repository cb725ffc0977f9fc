"""The two clocks that windows and delays run on: the wall's, and the organisation's working hours. No clock here is asked the time."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from config.countries import public_holidays
from config.duration import Span
from config.schema import Organisation

MICROSECONDS = 1_000_000
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Clocks:
    """Moments are whole seconds since 1970 UTC. Working time runs from `start` to `end` of every working day of the zone,
    holidays (listed, and public where they are) left out; on the days of a time change it is as long as the wall says."""

    def __init__(self, organisation: Organisation) -> None:
        self._zone: ZoneInfo = organisation.zone
        self._hours = organisation.working_hours
        self._days = frozenset(_WEEKDAYS.index(day) for day in organisation.working_hours.days)
        self._holidays = frozenset(organisation.holidays)
        self._holidays_of = organisation.holidays_of
        start, end = self._hours.start, self._hours.end
        self.working_day_seconds = (end.hour - start.hour) * 3600 + (end.minute - start.minute) * 60
        self._hours_of = lru_cache(maxsize=4096)(self._find_hours)
        # The same few for every message, again and again.
        self.deadline = lru_cache(maxsize=65_536)(self._find_deadline)

    def _find_deadline(self, start: int, span: Span) -> int:
        """The moment at which `span` has passed since `start` on its clock."""
        left = span.seconds(self.working_day_seconds)
        if not span.working:
            return start + left
        day = self.local_date(start)
        while True:
            hours = self._hours_of(day)
            if hours is not None:
                begin = max(hours[0], start)
                if hours[1] - begin >= left:
                    return begin + left
                left -= max(hours[1] - begin, 0)
            day += timedelta(days=1)

    def elapsed(self, start: int, moments: NDArray[np.int64], *, working: bool) -> NDArray[np.int64]:
        """Seconds from `start` to each moment on the clock; 0 for moments before it."""
        if not working or not len(moments):
            passed: NDArray[np.int64] = np.maximum(moments - start, 0)
            return passed
        begins, lengths = self._working_intervals(start, int(moments.max()))
        if not len(begins):
            return np.zeros_like(moments)
        before = np.concatenate(([0], np.cumsum(lengths)))

        at = np.append(moments, start)
        index = np.maximum(np.searchsorted(begins, at, side="right") - 1, 0)
        worked = before[index] + np.clip(at - begins[index], 0, lengths[index])
        since: NDArray[np.int64] = np.maximum(worked[:-1] - worked[-1], 0)
        return since

    def is_working(self, moment: int) -> bool:
        """Whether a moment lies in working hours."""
        hours = self._hours_of(self.local_date(moment))
        return hours is not None and hours[0] <= moment < hours[1]

    def local_date(self, moment: int) -> date:
        return datetime.fromtimestamp(moment, self._zone).date()

    def local_midnight(self, day: date) -> int:
        """The moment a day begins in the organisation's zone."""
        return int(datetime(day.year, day.month, day.day, tzinfo=self._zone).timestamp())

    def _find_hours(self, day: date) -> tuple[int, int] | None:
        if day.weekday() not in self._days or self._is_holiday(day):
            return None
        begin = datetime.combine(day, self._hours.start, tzinfo=self._zone)
        end = datetime.combine(day, self._hours.end, tzinfo=self._zone)
        return int(begin.timestamp()), int(end.timestamp())

    def _is_holiday(self, day: date) -> bool:
        if day in self._holidays:
            return True
        return self._holidays_of is not None and day in public_holidays(self._holidays_of, day.year)

    def _working_intervals(self, start: int, end: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        day, last = self.local_date(start), self.local_date(end)
        hours = []
        while day <= last:
            found = self._hours_of(day)
            if found is not None:
                hours.append(found)
            day += timedelta(days=1)
        table = np.array(hours, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1] - table[:, 0]
