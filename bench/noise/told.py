"""What years of alerts come to: wrong ones of healthy companies, real drops caught and how late; as tables and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np

from bench.noise.year import HEALTHY, WHOLE, Drop, Fired, Goal, Kind
from bench.real_report import table
from bench.table import Figure

KINDS: tuple[Kind, ...] = ("whole by count", "whole by process", "teams by process")
MESSAGES = (2, 4, 8, 12)  # in 28 days
POINTS = (0.05, 0.10, 0.20)
WATCHED = 90  # days after a drop in which it is to be caught
_MOST_FALSE = 1.0  # a quarter, for the whole company
_QUARTERS = 4


class Year(NamedTuple):
    goals: Sequence[Goal]
    fired: Sequence[Fired]

    def wrong(self) -> int:
        return sum(is_wrong(one, self.goals[one.goal]) for one in self.fired)


@dataclass(frozen=True)
class Caught:
    """A planted drop, and what came of it. Days from its beginning; None: not within the time watched."""

    messages: int
    points: float
    kind: Kind
    missed: int | None
    falling: int | None

    @property
    def first(self) -> int | None:
        return min((days for days in (self.missed, self.falling) if days is not None), default=None)


class Told(NamedTuple):
    tables: dict[str, str]
    figures: list[Figure]


def is_wrong(one: Fired, goal: Goal) -> bool:
    """Of a target missed that its own question does not bear out: what happened, or the process, was not under the target."""
    if one.falling:
        return False
    if goal.kind == "whole by count":
        return not one.happened
    drop = goal.drop
    return drop is None or one.day < drop.day or drop.part not in (WHOLE, one.part) or drop.points <= HEALTHY


def find_caught(year: Year) -> list[Caught]:
    """Every planted drop of a year."""
    return [
        _find(goal, goal.drop, [one for one in year.fired if one.goal == number])
        for number, goal in enumerate(year.goals)
        if goal.drop is not None
    ]


def _find(goal: Goal, drop: Drop, fired: Sequence[Fired]) -> Caught:
    def first(*, falling: bool) -> int | None:
        days = [
            one.day - drop.day
            for one in fired
            if one.falling == falling and 0 <= one.day - drop.day < WATCHED and (falling or one.part == drop.part)
        ]
        return min(days, default=None)

    return Caught(goal.messages, drop.points, goal.kind, first(falling=False), first(falling=True))


def wrong_a_quarter(years: Sequence[Year]) -> float:
    return sum(year.wrong() for year in years) / len(years) / _QUARTERS


def holds(years: Sequence[Year]) -> bool:
    return wrong_a_quarter(years) <= _MOST_FALSE


def tell_claim(years: Sequence[Year], looser: Sequence[Year]) -> Told:
    """`looser`: the same years, a process judged by one message too."""
    rows, figures = [], []
    for name, found in (("as it is", years), ("were a process judged by one message too, as it once was", looser)):
        a_quarter = wrong_a_quarter(found)
        rows.append((name, f"{a_quarter:.2f}", "holds" if holds(found) else "**does not hold**"))
        figures.append(Figure(f"healthy: wrong, {name}", a_quarter, "a quarter", f"aim: at most {_MOST_FALSE:g}"))
    headings = ("all 30 targets of a healthy company", "missed wrongly, a quarter", f"at most {_MOST_FALSE:g}")
    return Told({"noise claim": table(headings, rows)}, figures)


def tell_healthy(years: Sequence[Year]) -> Told:
    """By kind of target and number of messages."""
    rows: list[Sequence[object]] = []
    figures: list[Figure] = []
    for kind, messages in product(KINDS, MESSAGES):
        of = {place for place, goal in enumerate(years[0].goals) if (goal.kind, goal.messages) == (kind, messages)}
        fired = [(one, year) for year in years for one in year.fired if one.goal in of and not one.falling]
        false = sum(is_wrong(one, year.goals[one.goal]) for one, year in fired) / len(years)
        rows.append((f"missed, {kind}", messages, len(of), f"{len(fired) / len(years):.2f}", f"{false:.2f}"))
        figures.append(Figure(f"healthy: {kind}, {messages} messages", false, "false a year", f"{len(of)} targets"))
    targets = len(years[0].goals)
    falling = sum(one.falling for year in years for one in year.fired) / len(years)
    rows.append(("falling (information)", "all", targets, f"{falling:.2f}", f"{falling:.2f}"))
    figures.append(Figure("healthy: falling", falling, "false a year", f"{targets} targets"))
    headings = ("alert", "messages in 28 days", "targets", "fired a year", "of them wrong")
    return Told({"noise healthy": table(headings, rows)}, figures)


def tell_years(healthy: Sequence[Year], dropped: Sequence[Year], caught: Sequence[Caught]) -> Told:
    """The whole of it in a few lines: what fires in a year, and what becomes of the drops."""
    rows: list[Sequence[object]] = []
    for name, years in (("a healthy company", healthy), ("one with 20 real drops", dropped)):
        fired = [one.falling for year in years for one in year.fired]
        numbers = (len(fired) - sum(fired), sum(year.wrong() for year in years), sum(fired))
        rows.append((name, *(f"{number / len(years):.1f}" for number in numbers)))
    headings = ("a year of", "alerts that a target is missed", "of them wrong", "alerts that it is falling")
    tables = {"noise years": table(headings, rows)}
    late: list[Sequence[object]] = []
    for name, drops in [
        *((f"{100 * points:.0f} points", [one for one in caught if one.points == points]) for points in POINTS),
        ("all", list(caught)),
    ]:
        missed, either = ([getattr(one, how) for one in drops] for how in ("missed", "first"))
        late.append((name, f"{len(drops) / len(dropped):.1f}", *_share(missed), *_share(either)))
    found = ("drop", "a year", "caught as missed", "after days", "missed or falling", "after days")
    tables["noise caught"] = table(found, late)
    beside = sum(year.wrong() for year in dropped) / len(dropped)
    return Told(tables, [Figure("years with drops: wrong alerts", beside, "alerts a year", "beside 20 drops")])


def _share(days: Sequence[int | None]) -> tuple[str, str]:
    known = [day for day in days if day is not None]
    if not known:
        return "0 %", "-"
    return f"{100 * len(known) / len(days):.0f} %", f"{np.median(known):.0f} (most {max(known)})"


def tell_drops(caught: Sequence[Caught]) -> Told:
    """By kind of target, size of the drop and number of messages."""
    rows, figures = [], []
    for kind, points, messages in product(KINDS, POINTS, MESSAGES):
        found = [one for one in caught if (one.kind, one.points, one.messages) == (kind, points, messages)]
        if not found:
            continue
        missed = [one.missed for one in found if one.missed is not None]
        falling = [one.falling for one in found if one.falling is not None]
        drop = f"{100 * points:.0f} points"
        rows.append((kind, drop, messages, *_late(missed, found), *_late(falling, found)))
        share = len(missed) / len(found)
        figures.append(Figure(f"{kind}, {drop}, {messages} messages", share, "share caught", "as missed"))
    headings = (
        "target",
        "drop",
        "messages in 28 days",
        "missed: caught",
        "after days",
        "falling: caught",
        "after days",
    )
    return Told({"noise drops": table(headings, rows)}, figures)


def _late(days: Sequence[int], found: Sequence[Caught]) -> tuple[str, str]:
    if not days:
        return f"0 of {len(found)}", "-"
    return f"{len(days)} of {len(found)}", f"{np.median(days):.0f} (most {max(days)})"
