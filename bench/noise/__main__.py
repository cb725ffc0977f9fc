"""`make noise`: how many alerts a healthy company gets in a year and how many are wrong, how many of twenty real drops are caught and how
late; written into docs/alerts.md and bench/noise.json."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.noise.told import (
    KINDS,
    MESSAGES,
    POINTS,
    WATCHED,
    Year,
    find_caught,
    holds,
    tell_claim,
    tell_drops,
    tell_healthy,
    tell_years,
)
from bench.noise.year import DAYS, LARGEST, SMALLEST, WHOLE, Drop, Goal, live_through, send_all
from bench.real_report import put_into
from bench.table import write_results
from config.progress import Progress

PAGE = Path(__file__).parents[2] / "docs" / "alerts.md"
TRUST = PAGE.parent / "trust.md"
IN_SHORT = ("noise claim", "noise years", "noise caught")  # beside what is claimed of everything else
RESULTS = Path(__file__).parents[1] / "noise.json"
SEED = 20_261_122
TEAMS, GOALS, DROPS = 40, 30, 20
_HEALTHY, _DROPPED = 1, 2
HOLDS, BROKEN = 0, 1


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
            goal.drop = Drop(int(dice.integers(30, DAYS - WATCHED)), POINTS[place % len(POINTS)], part)
    for goal in goals:
        send_all(goal, people, dice)
    return goals, people


def live(years: int, progress: Progress, what: str, kind: int, *, one_is_enough: bool = False) -> list[Year]:
    """So many years, healthy ones or some with drops; the same ones however they are judged."""
    found = []
    for year in range(years):
        progress.report(what, year, years)
        goals, people = draw_company(np.random.default_rng([SEED, kind, year]), drops=kind == _DROPPED)
        found.append(Year(goals, list(live_through(goals, people, one_is_enough=one_is_enough))))
    return found


def is_noise(place: str) -> bool:
    """Whether a place of docs/trust.md is filled from here."""
    return place.startswith("noise ")


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where the aim holds, 1 where it does not."""
    parser = argparse.ArgumentParser("python -m bench.noise", description=__doc__)
    parser.add_argument("--years", type=int, default=20, metavar="N", help="of each kind (20)")
    parser.add_argument("--page", type=Path, default=PAGE, metavar="FILE", help="the page to write the tables into")
    parser.add_argument(
        "--trust", type=Path, default=TRUST, metavar="FILE", help="the page to write those into that say it in short"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="FILE", help="the figures as JSON")
    asked = parser.parse_args(arguments)
    progress = Progress()
    healthy = live(asked.years, progress, "healthy years", _HEALTHY)
    looser = live(asked.years, progress, "healthy years, one message enough", _HEALTHY, one_is_enough=True)
    dropped = live(asked.years, progress, "years with drops", _DROPPED)
    progress.end()
    caught = [one for year in dropped for one in find_caught(year)]
    told = [
        tell_claim(healthy, looser),
        tell_years(healthy, dropped, caught),
        tell_healthy(healthy),
        tell_drops(caught),
    ]
    tables = {name: text for each in told for name, text in each.tables.items()}
    for name, text in tables.items():
        print(f"\n{name}\n\n{text}", end="")
    asked.page.write_text(put_into(asked.page.read_text(encoding="utf-8"), tables), encoding="utf-8")
    page, short = asked.trust.read_text(encoding="utf-8"), {name: tables[name] for name in IN_SHORT}
    asked.trust.write_text(put_into(page, short, ours=is_noise), encoding="utf-8")
    write_results([figure for each in told for figure in each.figures], asked.results)
    return HOLDS if holds(healthy) else BROKEN


if __name__ == "__main__":
    sys.exit(main())
