"""Lengths of time as operators write them: `48 hours`, `5 working days`. Turning them into moments is left to the clocks of `metrics`."""

import re
from dataclasses import dataclass
from typing import Literal

Unit = Literal["minutes", "hours", "days"]

_TEXT = re.compile(r"^\s*(\d{1,5})\s+(working\s+)?(minute|hour|day|week)s?\s*$", re.ASCII)
_SECONDS = {"minutes": 60, "hours": 3600, "days": 86400}
ALLOWED = "a number and a unit, such as `48 hours`, `7 days`, `8 working hours` or `5 working days`"

# How people write lengths elsewhere, to tell them how it is written here.
_SHORT = re.compile(r"^(\d{1,5})\s*(m|min|mins|h|hr|hrs|d|w|minutes?|hours?|days?|weeks?)$", re.ASCII)
_CLOCK = re.compile(r"^(\d{1,3}):([0-5]\d)(:[0-5]\d)?$", re.ASCII)
_WORDS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True)
class Span:
    """A length of time on the wall clock, or on the clock of working hours (`working`).

    A working day is as long as the organisation's working hours of a day.
    """

    amount: int
    unit: Unit
    working: bool = False

    def __str__(self) -> str:
        unit = self.unit if self.amount != 1 else self.unit.removesuffix("s")
        return f"{self.amount} {'working ' if self.working else ''}{unit}"

    def seconds(self, working_day_seconds: int) -> int:
        """Its length in seconds of its own clock, given the length of a working day."""
        if self.working and self.unit == "days":
            return self.amount * working_day_seconds
        return self.amount * _SECONDS[self.unit]


def parse_span(text: str) -> Span:
    """The span a text means; ValueError says what is allowed."""
    span = find_span(text)
    if span is None:
        raise ValueError(ALLOWED)
    return span


def find_span(text: str) -> Span | None:
    """The span a text means; None where it is none."""
    match = _TEXT.match(text.lower())
    if match is None or int(match[1]) == 0:
        return None
    amount, working, unit = int(match[1]), match[2] is not None, match[3]
    if unit == "week":
        return Span(amount * (5 if working else 7), "days", working)
    if unit == "minute":
        return Span(amount, "minutes", working)
    return Span(amount, "hours" if unit == "hour" else "days", working)


def suggest_span(text: str) -> str:
    """What somebody who wrote `48h`, `1:30` or a bare `48` should write instead, as a sentence; empty where that is anybody's guess."""
    bare = text.strip().lower()
    if short := _SHORT.match(bare):
        return (
            f"Write `{_amount(int(short[1]), _WORDS[short[2][0]])}`."
            if int(short[1])
            else "The shortest is `1 minute`."
        )
    if clock := _CLOCK.match(bare):
        return f"Write `{_amount(int(clock[1]) * 60 + int(clock[2]), 'minutes')}`."
    if not re.fullmatch(r"[1-9]\d{0,6}", bare, re.ASCII):
        return ""
    seconds = int(bare)
    if seconds >= 300 and seconds % 60 == 0:
        unit, length = ("hours", 3600) if seconds % 3600 == 0 else ("minutes", 60)
        return f"Say the unit: if these are seconds, `{_amount(seconds // length, unit)}`."
    return f"Say the unit: `{_amount(seconds, 'hours')}` or `{_amount(seconds, 'days')}`."


def _amount(number: int, unit: str) -> str:
    return f"{number} {unit if number != 1 else unit.removesuffix('s')}"
