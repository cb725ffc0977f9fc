"""The simulated company: departments, sites, a tree of managers, what each person's habits and tools are. Making one is left to
`founding`, what people are called outside to `identifiers`, what they do to `behaviour`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.hours import Times

Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]
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


@dataclass(frozen=True)
class Company:
    """Arrays with an entry a person: first those of the first directory, then those who join.

    Numbers from `size` on are `strangers`, known to no directory. `manager` is -1 for whoever has none.
    `interest` is added to the log-odds of looking at a message, `attitude` (mean 0, deviation 1) moves what a person rates.
    `joined_us` and `left_us` bound a person's days; `department_later` holds from `reorganised_us` on.
    """

    size: int
    strangers: int
    department: Codes
    department_later: Codes
    site: Codes
    level: Codes
    manager: People
    interest: NDArray[np.float64]
    attitude: NDArray[np.float64]
    flags: Mapping[str, Flags]
    joined_us: Times
    left_us: Times
    reorganised_us: int

    def codes(self, attribute: str, moment: int) -> Codes:
        """Everybody's value of an attribute as it was then: positions in `values(attribute)`."""
        if attribute == "department":
            return self.department_later if moment >= self.reorganised_us else self.department
        return self.site if attribute == "site" else self.level

    def present(self, moment: int) -> Flags:
        return (self.joined_us <= moment) & (moment < self.left_us)

    def meant(self, condition: Mapping[str, Sequence[str]], moment: int) -> People:
        """The people a condition of the catalogue means at a moment, in order; no condition means everybody."""
        chosen = self.present(moment)
        for name, wanted in condition.items():
            if name == "group":
                chosen = chosen & self.flags["leaders"]
            else:
                names = values(name)
                chosen = chosen & np.isin(self.codes(name, moment), [names.index(value) for value in wanted])
        return np.flatnonzero(chosen).astype(np.int32)

    def speaker(self, department: str) -> int:
        """Who sends a department's messages: its head."""
        return int(np.flatnonzero(self.department == values("department").index(department))[0])


def values(attribute: str) -> tuple[str, ...]:
    """The values an attribute of the directory can have."""
    if attribute == "department":
        return tuple(department.name for department in DEPARTMENTS)
    return tuple(name for name, _ in SITES) if attribute == "site" else LEVELS
