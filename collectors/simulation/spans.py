"""Weeks, months and quarters in the company's zone, each named by its first day, and moments told apart by them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.hours import Times, day_of, local_us


@dataclass(frozen=True)
class Span:
    """A kind of period. `longest`: in days."""

    name: str
    longest: int

    def begin_of(self, day: date) -> date:
        """The first day of the period a day lies in."""
        match self.name:
            case "week":
                return day - timedelta(days=day.weekday())
            case "quarter":
                return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
            case _:
                return day.replace(day=1)

    def end_of(self, begin: date) -> date:
        """The first day after a period."""
        return self.begin_of(begin + timedelta(days=self.longest))

    def between(self, first: date, last: date) -> Iterator[date]:
        """The periods that days from `first` to `last` lie in."""
        begin = self.begin_of(first)
        while begin <= last:
            yield begin
            begin = self.end_of(begin)

    def split(self, moments: Times, before: int) -> Iterator[tuple[date, NDArray[np.bool_]]]:
        """The periods in which moments before one lie, with a flag for each moment."""
        done = moments < before
        if not done.any():
            return
        for begin in self.between(day_of(int(moments[done].min())), day_of(int(moments[done].max()))):
            yield begin, done & (moments >= local_us(begin, 0)) & (moments < local_us(self.end_of(begin), 0))


WEEK, MONTH, QUARTER = Span("week", 7), Span("month", 31), Span("quarter", 92)
