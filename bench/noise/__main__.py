"""`make noise`: how many alerts a healthy company gets in a year and how many are wrong, how many of twenty real drops are caught and how
late; written into docs/alerts.md and bench/noise.json."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.noise.year import DAYS, HEALTHY, LARGEST, SMALLEST, WHOLE, Drop, Fired, Goal, Kind, live_through, send_all
from bench.real_report import put_into, table
from bench.table import Figure, write_results
from config.progress import Progress

PAGE = Path(__file__).parents[2] / "docs" / "alerts.md"
RESULTS = Path(__file__).parents[1] / "noise.json"
SEED = 20_261_122
TEAMS, GOALS, DROPS = 40, 30, 20
KINDS: tuple[Kind, ...] = ("whole by count", "whole by process", "teams by process")
MESSAGES = (2, 4, 8, 12)  # in 28 days
POINTS = (0.05, 0.10, 0.20)
_WATCHED = 90  # days after a drop in which it is to be caught
_MOST_FALSE = 1.0  # a quarter, for the whole company
QUARTERS = 4
HOLDS, BROKEN = 0, 1


@dataclass(frozen=True)
class Caught:
    """A planted drop, and what came of it. Days from its beginning; None: not within the time watched."""

    messages: int
    points: float
    kind: Kind
    missed: int | None
    falling: int | None


def draw_company(dice: np.random.Generator, *, drops: bool) -> tuple[list[Goal], NDArray[np.int64]]:
    """The targets, a third of them broken down by team, and how many people each team has."""
    people = dice.integers(SMALLEST, LARGEST + 1, TEAMS)
    goals = [
        Goal(MESSAGES[number // len(KINDS) % len(MESSAGES)], KINDS[number % len(KINDS)]) for number in range(GOALS)
    ]
    if drops:
        large = np.flatnonzero(people >= people.mean())
        for place, number in enumerate(dice.permutation(GOALS)[:DROPS]):
            goal = goals[number]
            part = int(dice.choice(large)) if goal.kind == "teams by process" else WHOLE
            goal.drop = Drop(int(dice.integers(30, DAYS - _WATCHED)), POINTS[place % len(POINTS)], part)
    for goal in goals:
        send_all(goal, people, dice)
    return goals, people


class Year(NamedTuple):
    goals: Sequence[Goal]
    fired: Sequence[Fired]


def count_healthy(years: int, progress: Progress, fewest: int = 1) -> list[Year]:
    found = []
    for year in range(years):
        progress.report("healthy years", year, years)
        goals, people = draw_company(np.random.default_rng([SEED, 1, year]), drops=False)
        found.append(Year(goals, list(live_through(goals, people, fewest))))
    return found


def count_drops(years: int, progress: Progress) -> tuple[list[Caught], int]:
    """Every planted drop, and how many alerts that judge the process were about nothing planted."""
    caught, besides = [], 0
    for year in range(years):
        progress.report("years with drops", year, years)
        goals, people = draw_company(np.random.default_rng([SEED, 2, year]), drops=True)
        fired = list(live_through(goals, people))
        for number, goal in enumerate(goals):
            if goal.drop is not None:
                caught.append(_find(goal, goal.drop, [one for one in fired if one.goal == number]))
        besides += sum(_is_wrong(one, goals[one.goal]) for one in fired)
    return caught, besides


def _is_wrong(one: Fired, goal: Goal) -> bool:
    """Of a target missed that its own question does not bear out: what happened, or the process, was not under the target."""
    if one.falling:
        return False
    if goal.kind == "whole by count":
        return not one.happened
    drop = goal.drop
    return drop is None or one.day < drop.day or drop.part not in (WHOLE, one.part) or drop.points <= HEALTHY


def _find(goal: Goal, drop: Drop, fired: Sequence[Fired]) -> Caught:
    def first(*, falling: bool) -> int | None:
        days = [
            one.day - drop.day
            for one in fired
            if one.falling == falling and 0 <= one.day - drop.day < _WATCHED and (falling or one.part == drop.part)
        ]
        return min(days, default=None)

    return Caught(goal.messages, drop.points, goal.kind, first(falling=False), first(falling=True))


def tell_healthy(years: Sequence[Year], stricter: Sequence[Year]) -> tuple[dict[str, str], list[Figure], float]:
    """The tables, the figures, and false alerts a quarter for the whole company. `stricter`: the same years, a process judged by two
    messages or more."""
    rows: list[Sequence[object]] = []
    figures: list[Figure] = []
    wrong = several = 0.0
    for kind in KINDS:
        for messages in MESSAGES:
            of = {place for place, goal in enumerate(years[0].goals) if (goal.kind, goal.messages) == (kind, messages)}
            fired = [(one, year) for year in years for one in year.fired if one.goal in of and not one.falling]
            false = sum(_is_wrong(one, year.goals[one.goal]) for one, year in fired) / len(years)
            rows.append((f"missed, {kind}", messages, len(of), f"{len(fired) / len(years):.2f}", f"{false:.2f}"))
            figures.append(Figure(f"healthy: {kind}, {messages} messages", false, "false a year", f"{len(of)} targets"))
            wrong += false
            several += false if messages > MESSAGES[0] else 0
    falling = sum(one.falling for year in years for one in year.fired) / len(years)
    rows.append(("falling (information)", "all", GOALS, f"{falling:.2f}", f"{falling:.2f}"))
    figures.append(Figure("healthy: falling", falling, "false a year", f"{GOALS} targets"))
    wrong_of_two = sum(_is_wrong(one, year.goals[one.goal]) for year in stricter for one in year.fired)
    of_two = wrong_of_two / len(stricter) / QUARTERS
    figures.append(Figure("healthy: wrong, were a process judged by two", of_two, "a quarter", "not what is done"))
    headings = ("alert", "messages in 28 days", "targets", "fired a year", "of them wrong")
    claims = [
        ("all 30 targets", f"{wrong / QUARTERS:.2f}", _says(wrong / QUARTERS)),
        ("without those of two messages in 28 days", f"{several / QUARTERS:.2f}", _says(several / QUARTERS)),
        ("if a process were judged by two messages or more", f"{of_two:.2f}", _says(of_two)),
    ]
    claim = table(("targets missed, wrongly", "a quarter, whole company", f"at most {_MOST_FALSE:g}"), claims)
    figures.append(
        Figure("healthy: wrong, all targets", wrong / QUARTERS, "a quarter", f"aim: at most {_MOST_FALSE:g}")
    )
    return {"noise claim": claim, "noise healthy": table(headings, rows)}, figures, wrong / QUARTERS


def _says(a_quarter: float) -> str:
    return "holds" if a_quarter <= _MOST_FALSE else "**does not hold**"


def tell_drops(caught: Sequence[Caught]) -> tuple[str, list[Figure]]:
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
    return table(headings, rows), figures


def _late(days: Sequence[int], found: Sequence[Caught]) -> tuple[str, str]:
    if not days:
        return f"0 of {len(found)}", "-"
    return f"{len(days)} of {len(found)}", f"{np.median(days):.0f} (most {max(days)})"


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where the aim holds, 1 where it does not."""
    parser = argparse.ArgumentParser("python -m bench.noise", description=__doc__)
    parser.add_argument("--years", type=int, default=20, metavar="N", help="of each kind (20)")
    parser.add_argument("--page", type=Path, default=PAGE, metavar="FILE", help="the page to write the tables into")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="FILE", help="the figures as JSON")
    asked = parser.parse_args(arguments)
    progress = Progress()
    healthy, figures, a_quarter = tell_healthy(
        count_healthy(asked.years, progress), count_healthy(asked.years, progress, fewest=2)
    )
    caught, besides = count_drops(asked.years, progress)
    drops, more = tell_drops(caught)
    progress.end()
    besides_a_year = besides / asked.years
    figures += [
        *more,
        Figure("years with drops: wrong alerts", besides_a_year, "alerts a year", "beside 20 drops"),
    ]
    tables = healthy | {"noise drops": drops}
    for name, text in tables.items():
        print(f"\n{name}\n\n{text}", end="")
    print(f"\nbeside the drops: {besides_a_year:.2f} wrong alerts a year")
    asked.page.write_text(put_into(asked.page.read_text(encoding="utf-8"), tables), encoding="utf-8")
    write_results(figures, asked.results)
    return HOLDS if a_quarter <= _MOST_FALSE else BROKEN


if __name__ == "__main__":
    sys.exit(main())
