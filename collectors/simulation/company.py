"""The simulated company: departments, sites, a tree of managers, what each person's habits and tools are. Making one is left to
`founding`, what people are called outside to `identifiers`, what they do to `behaviour`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.hours import Times
from collectors.simulation.parameters import DAY

Flags = NDArray[np.bool_]
Codes = NDArray[np.integer[Any]]
People = NDArray[np.int32]

ALWAYS = np.iinfo(np.int64).min
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Department:
    """`share` of the people (the rest goes to the first); `interest` is added to the log-odds of looking at a message;
    the other shares are of its people. `shifts`: they work round the clock."""

    name: str
    share: float
    interest: float
    mailbox: float = 1.0
    proxied: float = 0.1
    blocked: float = 0.08
    scanned: float = 0.03
    shifts: bool = False


DEPARTMENTS = (
    Department("Production", 0.0, -0.5, mailbox=0.45, shifts=True),
    Department("Sales", 0.20, 0.2, proxied=0.3),
    Department("Service", 0.15, 0.1, shifts=True),
    Department("Logistics", 0.12, -0.3, mailbox=0.7, shifts=True),
    Department("Engineering", 0.11, 0.9, proxied=0.02, blocked=0.03),
    Department("Finance", 0.05, 0.4, proxied=0.05, blocked=0.35, scanned=0.5),
    Department("People", 0.03, 1.3, proxied=0.05, blocked=0.02),
    Department("Executive Office", 0.0, 0.8, proxied=0.4),
)
SITES = (("Lyon", 0.46), ("Graz", 0.31), ("Porto", 0.18), ("Turku", 0.05))
LEVELS = ("staff", "lead", "head")
GROUPS = ("leaders",)
ATTRIBUTES = ("department", "site", "level")
"""Those that are segments. The directory has one more, `wave`: who is told of something first, and who later."""
WAVES = ("first", "later")
LEAVE_CYCLE = 1095 * DAY


@dataclass(frozen=True)
class Leave:
    """Arrays with an entry a person: when a long leave begins within each cycle of three years, and how long it is (0: none)."""

    begins: Times
    lasts: Times

    def covers(self, moment: int) -> Flags:
        return (moment - self.begins) % LEAVE_CYCLE < self.lasts


@dataclass(frozen=True)
class Turnover:
    """Arrays with an entry a person; joiners stand at the end. As in `Company`."""

    changes_us: tuple[int, ...]
    reorganised_us: int
    department: Codes
    department_later: Codes
    moved_us: Times
    joined_us: Times
    left_us: Times


@dataclass(frozen=True)
class Company:
    """Arrays with an entry a person: first those of the first directory, then those who join.

    Numbers from `size` on are `strangers`, known to no directory. `manager` is -1 for whoever has none.
    `interest` is added to the log-odds of looking at a message, `attitude` (mean 0, deviation 1) moves what a person rates.
    `joined_us` and `left_us` bound a person's days; `department_later` and `manager_later` hold from the person's `moved_us` on.
    `teams`: how many there are in a plain company, `team`: everybody's.
    `changes_us`: when anybody comes, goes or moves; at `reorganised_us` most do.
    """

    size: int
    strangers: int
    department: Codes
    department_later: Codes
    site: Codes
    level: Codes
    manager: People
    manager_later: People
    interest: NDArray[np.float64]
    attitude: NDArray[np.float64]
    flags: Mapping[str, Flags]
    moved_us: Times
    joined_us: Times
    left_us: Times
    leave: Leave
    changes_us: tuple[int, ...]
    reorganised_us: int
    teams: int
    team: Codes

    @property
    def attributes(self) -> tuple[str, ...]:
        """Those of the directory that are segments."""
        return (*ATTRIBUTES, "team") if self.teams else ATTRIBUTES

    def values(self, attribute: str) -> tuple[str, ...]:
        """The values an attribute can have; `codes` are positions in it."""
        if attribute == "team":
            return tuple(f"team {number:03d}" for number in range(1, self.teams + 1))
        return values(attribute)

    def codes(self, attribute: str, moment: int) -> Codes:
        """Everybody's value of an attribute as it was then: positions in its `values`."""
        if attribute == "department":
            return np.where(self.moved_us <= moment, self.department_later, self.department)
        if attribute == "wave":
            return self.flags["later"].astype(np.int8)
        if attribute == "team":
            return self.team
        return self.site if attribute == "site" else self.level

    def managers(self, moment: int) -> People:
        """Everybody's manager as it was then."""
        return np.where(self.moved_us <= moment, self.manager_later, self.manager)

    def present(self, moment: int) -> Flags:
        return (self.joined_us <= moment) & (moment < self.left_us)

    def on_leave(self, moment: int) -> Flags:
        """Who is away for months; the directory has them nevertheless."""
        return self.leave.covers(moment)

    def meant(self, condition: Mapping[str, Sequence[str]], moment: int) -> People:
        """The people a condition of the catalogue means at a moment, in order; no condition means everybody."""
        chosen = self.present(moment)
        for name, wanted in condition.items():
            if name == "group":
                chosen = chosen & self.flags["leaders"]
            else:
                names = self.values(name)
                chosen = chosen & np.isin(self.codes(name, moment), [names.index(value) for value in wanted])
        return np.flatnonzero(chosen).astype(np.int32)

    def speaker(self, department: str) -> int:
        """Who sends a department's messages: its head."""
        return int(np.flatnonzero(self.department == values("department").index(department))[0])

    def assistant(self, department: str) -> int:
        """Somebody of the department who manages nobody and stays; the head where there is none."""
        settled = (self.joined_us == ALWAYS) & (self.left_us == NEVER) & (self.moved_us == NEVER)
        own = self.department == values("department").index(department)
        found = np.flatnonzero(own & settled & ~self.flags["leaders"])
        return int(found[0]) if len(found) else self.speaker(department)


def values(attribute: str) -> tuple[str, ...]:
    """The values an attribute of the directory can have."""
    if attribute == "department":
        return tuple(department.name for department in DEPARTMENTS)
    return {"site": tuple(name for name, _ in SITES), "wave": WAVES}.get(attribute, LEVELS)
