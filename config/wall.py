"""How long a span can be on the wall clock, at least and at most, whenever it begins. The moments are left to the clocks of `metrics`."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, get_args

from config.countries import all_public_holidays
from config.duration import Span
from config.schema import Organisation
from config.values import Weekday

DAY_SECONDS = 86_400
_WEEK: tuple[str, ...] = get_args(Weekday)


class Lengths(NamedTuple):
    """Seconds, at least and at most."""

    shortest: int
    longest: int


def lengths_on_the_wall(span: Span, organisation: Organisation) -> Lengths:
    """Begun at the opening of the best day, and at the closing of the worst, with as many holidays inside as can fall together.
    The hour of a time change is left out of account."""
    hours = organisation.working_hours
    day = (hours.end.hour - hours.start.hour) * 3600 + (hours.end.minute - hours.start.minute) * 60
    work = span.seconds(day)
    if not span.working:
        return Lengths(work, work)
    days = sorted({_WEEK.index(name) for name in hours.days})
    holidays = {*organisation.holidays, *_public(organisation)}
    off = sorted({holiday for holiday in holidays if holiday.weekday() in days})
    shortest = min(_from_opening(work, day, days, begin) for begin in range(len(days)))
    longest, lost = 0, -1
    while (most := _most_together(off, longest // DAY_SECONDS + 2)) > lost:
        lost = most
        longest = max(_from_closing(work + lost * day, day, days, begin) for begin in range(len(days)))
    return Lengths(shortest, longest)


def _public(organisation: Organisation) -> frozenset[date]:
    return all_public_holidays(organisation.holidays_of) if organisation.holidays_of is not None else frozenset()


def _from_opening(work: int, day: int, days: Sequence[int], begin: int) -> int:
    """Seconds from the opening of working day `begin` (its place in the week's working days) until `work` seconds are done."""
    # Full days before the last: work that ends with a day's closing does not need the next one.
    whole, rest = divmod(work - 1, day)
    weeks, more = divmod(whole, len(days))
    forward = (days[(begin + more) % len(days)] - days[begin]) % 7
    return (weeks * 7 + forward) * DAY_SECONDS + rest + 1


def _from_closing(work: int, day: int, days: Sequence[int], begin: int) -> int:
    following = (begin + 1) % len(days)
    pause = ((days[following] - days[begin] - 1) % 7 + 1) * DAY_SECONDS - day
    return pause + _from_opening(work, day, days, following)


def _most_together(holidays: Sequence[date], days: int) -> int:
    """The most holidays in any stretch of so many days."""
    ordinals = [holiday.toordinal() for holiday in holidays]
    return max((bisect_right(ordinals, first + days) - place for place, first in enumerate(ordinals)), default=0)
