"""What a simulated company follows from: its size, its span of days, a seed. Nothing else is asked, neither clock nor chance."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Self
from zoneinfo import ZoneInfo

import numpy as np

from collectors.simulation.drop import read_drop

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

SMALLEST_TEAM, LARGEST_TEAM = 8, 30

ZONE = ZoneInfo("Europe/Paris")
SITE = "https://intranet.example.org"


class Chance(IntEnum):
    """What dice are thrown for: each purpose has a sequence of its own, so that a change in one moves no other.
    Starts at 1: numpy takes a trailing zero of a seed for nothing."""

    COMPANY = 1
    PLAN = 2
    ACTS = 3
    TRACES = 4
    BACKGROUND = 5
    ANSWERS = 6
    ITEMS = 7
    HABITS = 8
    TURNOVER = 9
    ACTIONS = 10
    TEAMS = 11


@dataclass(frozen=True)
class Parameters:
    """`until_us` is the company's "now" (microseconds since 1970 UTC); the history covers `days` before it. `drop`: a drop in
    readership, spelled as `drop.FORM` says.

    With `teams` the company is a plain one of so many teams of 8 to 30 people (`of_teams` makes them): every message truly reaches
    each person with the same chance, `reach` on average; `spread` is its standard deviation between messages.

    ValueError where a company cannot be made of them.
    """

    people: int
    days: int
    seed: int
    until_us: int
    all_cloudevents: bool = False
    drop: str = ""
    teams: int = 0
    reach: float = 0.85
    spread: float = 0.05

    @classmethod
    def of_teams(cls, teams: int, days: int, seed: int, until_us: int, **others: Any) -> Self:
        """The parameters of a plain company, as large as its teams."""
        if not 3 <= teams <= 10_000:
            raise ValueError(f"teams: found {teams}; allowed: 3 to 10,000")
        people = sum(_team_sizes(teams, seed))
        return cls(people, days, seed, until_us, teams=teams, **others)

    def __post_init__(self) -> None:
        if not 20 <= self.people <= 1_000_000:
            raise ValueError(f"people: found {self.people}; allowed: 20 to 1,000,000")
        if not 1 <= self.days <= 400:
            raise ValueError(f"days: found {self.days}; allowed: 1 to 400")
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"seed: found {self.seed}; allowed: 0 to {2**32 - 1}")
        if self.until_us < 401 * DAY:
            raise ValueError("until: found a moment before 1971; allowed: any later one")
        if not 0 < self.reach < 1:
            raise ValueError(f"reach: found {self.reach}; allowed: between 0 and 1")
        if not 0 <= self.spread**2 < self.reach * (1 - self.reach):
            raise ValueError(
                f"spread: found {self.spread}; allowed: from 0 to less than a rate around {self.reach} can vary"
            )
        if self.teams and self.people != sum(self.team_sizes()):
            raise ValueError(
                f"people: found {self.people}; allowed: as many as the teams have, {sum(self.team_sizes())}"
            )
        read_drop(self.drop)

    @property
    def start_us(self) -> int:
        return self.until_us - self.days * DAY

    def team_sizes(self) -> list[int]:
        """How many people each team has; nothing without `teams`."""
        return _team_sizes(self.teams, self.seed)

    def dice(self, purpose: Chance, *path: int) -> np.random.Generator:
        """Equal dice for equal seed, purpose and path."""
        return np.random.default_rng([self.seed, purpose, *path])


def _team_sizes(teams: int, seed: int) -> list[int]:
    sizes: list[int] = (
        np.random.default_rng([seed, Chance.TEAMS]).integers(SMALLEST_TEAM, LARGEST_TEAM + 1, teams).tolist()
    )
    return sizes
