"""The simulated company: departments, sites, a tree of managers, what each person's habits and tools are.
What they are called outside is left to `identifiers`, what they do to `behaviour`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.hours import Times, day_of, local_us
from collectors.simulation.parameters import Chance, Parameters

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

# However large the company, so few that a reading of theirs must be hidden.
_OFFICE_SIZE = 7
# Of the people at a time: who leaves, who joins, who changes department at the reorganisation.
_LEAVING = 0.02
_MOVING = 0.01
_INTEREST_SPREAD = 0.7
_DEAD_MAILBOXES = 0.003
_OBJECTING = 0.02
# Of those whose client shows no images, how many the directory knows about.
DECLARED = 0.8


@dataclass(frozen=True)
class Company:
    """Arrays with an entry a person: first those of the first directory, then those who join.

    Numbers from `size` on are `strangers`, known to no directory. `manager` is -1 for whoever has none.
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


def found_company(parameters: Parameters) -> Company:
    """The company, from the seed."""
    dice = parameters.dice(Chance.COMPANY)
    first = parameters.people
    reorganised_us = _reorganisation(parameters)
    joiners = round(first * _LEAVING) if reorganised_us != NEVER else 0
    size = first + joiners
    department = np.repeat(np.arange(len(DEPARTMENTS)), _sizes(first)).astype(np.int8)
    manager, leaders = _tree(department, dice)
    department = np.append(department, dice.choice(department, joiners)).astype(np.int8)
    heads = np.array([np.flatnonzero(department == code)[0] for code in range(len(DEPARTMENTS))], dtype=np.int32)
    manager = np.append(manager, heads[department[first:]]).astype(np.int32)
    leaders = np.append(leaders, np.zeros(joiners, dtype=np.bool_))
    level = np.where(np.isin(np.arange(size), heads), 2, leaders.astype(np.int8)).astype(np.int8)
    staff = np.flatnonzero(~leaders[:first] & (level[:first] == 0))
    gone, moved = _changes(staff, first if joiners else 0, dice)
    department_later = department.copy()
    department_later[moved] = dice.choice(len(DEPARTMENTS) - 1, len(moved))
    joined_us, left_us = np.full(size, ALWAYS, dtype=np.int64), np.full(size, NEVER, dtype=np.int64)
    joined_us[first:], left_us[gone] = reorganised_us, reorganised_us
    return Company(
        size=size,
        strangers=max(3, first // 100),
        department=department,
        department_later=department_later,
        site=dice.choice(len(SITES), size, p=[share for _, share in SITES]).astype(np.int8),
        level=level,
        manager=manager,
        interest=_by_department(department, "interest") + dice.normal(0, _INTEREST_SPREAD, size),
        flags=_habits(department, leaders, heads, dice),
        joined_us=joined_us,
        left_us=left_us,
        reorganised_us=reorganised_us,
    )


def _sizes(people: int) -> list[int]:
    """How many people each department has; at least two each."""
    sizes = [max(2, int(department.share * people)) for department in DEPARTMENTS]
    sizes[-1] = max(2, min(_OFFICE_SIZE, people // 10))
    sizes[0] = people - sum(sizes[1:])
    return sizes


def _tree(department: Codes, dice: np.random.Generator) -> tuple[People, Flags]:
    """Each person's manager, and who manages anybody. A department is a tree laid out in rows (person i reports to
    person (i - 1) // span), so that it has a sensible number of levels at any size; its head reports to the chief,
    the first of the last department."""
    manager = np.full(len(department), -1, dtype=np.int32)
    chief = int(np.flatnonzero(department == len(DEPARTMENTS) - 1)[0])
    for code in range(len(DEPARTMENTS)):
        members = np.flatnonzero(department == code)
        span = int(dice.integers(7, 13))
        manager[members] = members[np.maximum(np.arange(len(members)) - 1, 0) // span]
        manager[members[0]] = chief
    manager[chief] = -1
    leaders = np.zeros(len(department), dtype=np.bool_)
    leaders[manager[manager >= 0]] = True
    return manager, leaders


def _changes(staff: NDArray[np.int64], people: int, dice: np.random.Generator) -> tuple[People, People]:
    """Who leaves and who moves: staff without reports, so that the tree stands."""
    count = min(round(people * (_LEAVING + _MOVING)), len(staff) // 3)
    chosen = dice.choice(staff, count, replace=False).astype(np.int32)
    leaving = count * 2 // 3
    return chosen[:leaving], chosen[leaving:]


def _by_department(department: Codes, trait: str) -> NDArray[np.float64]:
    return np.array([float(getattr(entry, trait)) for entry in DEPARTMENTS])[department]


def _habits(department: Codes, leaders: Flags, heads: People, dice: np.random.Generator) -> dict[str, Flags]:
    def drawn(chance: float | NDArray[np.float64]) -> Flags:
        return np.asarray(dice.random(len(department)) < chance)

    mailbox = drawn(_by_department(department, "mailbox")) | leaders
    mailbox[heads] = True
    dead = mailbox & drawn(_DEAD_MAILBOXES)
    dead[heads] = False
    blocked = mailbox & drawn(_by_department(department, "blocked"))
    return {
        "leaders": leaders,
        "mailbox": mailbox,
        "dead": dead,
        "blocked": blocked,
        "declared": blocked & drawn(DECLARED),
        "proxied": mailbox & ~blocked & drawn(_by_department(department, "proxied")),
        "scanned": mailbox & drawn(_by_department(department, "scanned")),
        "objects": drawn(_OBJECTING),
        "shifts": _by_department(department, "shifts") > 0,
        "aliased": mailbox & drawn(0.3),
    }


def _reorganisation(parameters: Parameters) -> int:
    """Local midnight of the Sunday in the middle of the history, when no message is near; NEVER in a short one."""
    if parameters.days < 14:
        return NEVER
    middle = day_of((parameters.start_us + parameters.until_us) // 2)
    return local_us(middle - timedelta(days=(middle.weekday() + 1) % 7), 0)
