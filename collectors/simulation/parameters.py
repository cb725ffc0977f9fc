"""What a simulated company follows from: its size, its span of days, a seed. Nothing else is asked, neither clock nor chance."""

from dataclasses import dataclass
from enum import IntEnum
from zoneinfo import ZoneInfo

import numpy as np

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

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


@dataclass(frozen=True)
class Parameters:
    """`until_us` is the company's "now" (microseconds since 1970 UTC); the history covers `days` before it.

    ValueError where a company cannot be made of them.
    """

    people: int
    days: int
    seed: int
    until_us: int
    all_cloudevents: bool = False

    def __post_init__(self) -> None:
        if not 20 <= self.people <= 1_000_000:
            raise ValueError(f"people: found {self.people}; allowed: 20 to 1,000,000")
        if not 1 <= self.days <= 400:
            raise ValueError(f"days: found {self.days}; allowed: 1 to 400")
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"seed: found {self.seed}; allowed: 0 to {2**32 - 1}")
        if self.until_us < 401 * DAY:
            raise ValueError("until: found a moment before 1971; allowed: any later one")

    @property
    def start_us(self) -> int:
        return self.until_us - self.days * DAY

    def dice(self, purpose: Chance, *path: int) -> np.random.Generator:
        """Equal dice for equal seed, purpose and path."""
        return np.random.default_rng([self.seed, purpose, *path])
