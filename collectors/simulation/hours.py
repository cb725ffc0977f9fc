"""Working hours, Monday to Friday in the company's zone: when people look, and when a window of working days closes."""

from datetime import date, datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.parameters import HOUR, SECOND, ZONE

Times = NDArray[np.int64]

# Far enough beyond the last start for any delay that is asked for.
_AHEAD_DAYS = 40
_BEHIND_DAYS = 4
_BLOCK_DAYS = 56  # asked for block by block, so that few are ever computed


class Hours:
    """From `start_hour` to `end_hour` of every working day, local time. Times are microseconds since 1970 UTC."""

    def __init__(self, start_hour: int, end_hour: int) -> None:
        self._start_hour = start_hour
        self.day_length = (end_hour - start_hour) * HOUR

    def after(self, starts: Times, working: Times) -> Times:
        """The moments at which `working` (at least 1, at most 20 working days) has passed since `starts`, counting working
        hours only. A length that ends with a working day ends that evening, not the next morning."""
        if not len(starts):
            return starts
        opens = self._openings(int(starts.min()), int(starts.max()))
        index = np.searchsorted(opens, starts, side="right") - 1
        spent = np.minimum(starts - opens[index], self.day_length)
        days, rest = np.divmod(index * self.day_length + spent + working - 1, self.day_length)
        moments: Times = opens[days] + rest + 1
        return moments

    def cover(self, moments: Times) -> NDArray[np.bool_]:
        """Which moments lie within working hours."""
        if not len(moments):
            return np.zeros(0, dtype=np.bool_)
        opens = self._openings(int(moments.min()), int(moments.max()))
        since = moments - opens[np.searchsorted(opens, moments, side="right") - 1]
        return np.asarray(since < self.day_length)

    def deadline(self, start: int, working_days: int) -> int:
        """The moment at which so many working days have passed since `start`."""
        length = np.array([working_days * self.day_length], dtype=np.int64)
        return int(self.after(np.array([start], dtype=np.int64), length)[0])

    def _openings(self, first: int, last: int) -> Times:
        blocks = (
            (day_of(first).toordinal() - _BEHIND_DAYS) // _BLOCK_DAYS,
            (day_of(last).toordinal() + _AHEAD_DAYS) // _BLOCK_DAYS,
        )
        return _openings_of(self._start_hour, *blocks)


@lru_cache(maxsize=1024)
def _openings_of(hour: int, first_block: int, last_block: int) -> Times:
    days = map(date.fromordinal, range(first_block * _BLOCK_DAYS, (last_block + 1) * _BLOCK_DAYS))
    return np.array([local_us(day, hour) for day in days if day.weekday() < 5], dtype=np.int64)


def day_of(moment: int) -> date:
    """The local day a moment lies in."""
    return datetime.fromtimestamp(moment // SECOND, ZONE).date()


def local_us(day: date, hour: int, minute: int = 0) -> int:
    """The moment of a local time of day."""
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE).timestamp()) * SECOND


# When people are at their desks, and what the organisation calls its working hours.
PRESENCE = Hours(8, 18)
OFFICE = Hours(9, 17)
