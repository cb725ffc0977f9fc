"""Founding a simulated company: who works where, for whom, with which tools, and who comes, goes and moves. All from the seed."""

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.company import (
    DEPARTMENTS,
    LEAVE_CYCLE,
    NEVER,
    SITES,
    Codes,
    Company,
    Flags,
    Leave,
    People,
)
from collectors.simulation.parameters import DAY, Chance, Parameters
from collectors.simulation.turnover import turn_over

# However large the company, so few that a reading of theirs must be hidden.
_OFFICE_SIZE = 7
_INTEREST_SPREAD = 0.7
_DEAD_MAILBOXES = 0.002
_OBJECTING = 0.02
# Of those whose client shows no images, how many the directory knows about.
DECLARED = 0.3
_IMAGES_CACHED = 0.12
_YAHOO = 0.2  # of those, the others are Google's
_LONG_LEAVES = 0.1
_WAITING = 0.12  # who stands in the wave that is told later


def found_company(parameters: Parameters) -> Company:
    """The company, from the seed. Joiners stand behind the people of the first directory."""
    dice = parameters.dice(Chance.COMPANY)
    first = parameters.people
    department: Codes = np.repeat(np.arange(len(DEPARTMENTS)), _sizes(first)).astype(np.int8)
    manager, leaders = _tree(department, dice)
    heads = np.array([np.flatnonzero(department == code)[0] for code in range(len(DEPARTMENTS))], dtype=np.int32)
    staff = np.setdiff1d(np.flatnonzero(~leaders), heads).astype(np.int32)
    turnover = turn_over(parameters, department, staff, dice)
    department, size = turnover.department, len(turnover.department)
    leaders = np.append(leaders, np.zeros(size - first, dtype=np.bool_))
    manager = np.append(manager, heads[department[first:]]).astype(np.int32)
    moving = turnover.moved_us < NEVER
    return Company(
        size=size,
        strangers=max(3, first // 100),
        department=department,
        department_later=turnover.department_later,
        moved_us=turnover.moved_us,
        joined_us=turnover.joined_us,
        left_us=turnover.left_us,
        changes_us=turnover.changes_us,
        reorganised_us=turnover.reorganised_us,
        site=dice.choice(len(SITES), size, p=[share for _, share in SITES]).astype(np.int8),
        level=np.where(np.isin(np.arange(size), heads), 2, leaders).astype(np.int8),
        manager=manager,
        manager_later=np.where(moving, heads[turnover.department_later], manager).astype(np.int32),
        interest=_by_department(department, "interest") + dice.normal(0, _INTEREST_SPREAD, size),
        attitude=parameters.dice(Chance.HABITS, 1).normal(0, 1, size),
        flags=_tools(_habits(department, leaders, heads, dice), parameters),
        leave=_leave(size, heads, parameters),
        teams=0,
        team=np.zeros(size, dtype=np.int8),
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


def _tools(flags: dict[str, Flags], parameters: Parameters) -> dict[str, Flags]:
    """With those who read in a mail service that keeps a copy of every image, and those in the later wave."""
    dice = parameters.dice(Chance.HABITS, 2)
    count = len(flags["mailbox"])
    kept = flags["mailbox"] & ~flags["blocked"] & ~flags["proxied"] & (dice.random(count) < _IMAGES_CACHED)
    yahoo = kept & (dice.random(count) < _YAHOO)
    return {**flags, "cached": kept, "yahoo": yahoo, "later": dice.random(count) < _WAITING}


def _leave(size: int, heads: People, parameters: Parameters) -> Leave:
    """Now and then somebody is away for months. No head is; where the history ends has no part in it."""
    dice = parameters.dice(Chance.HABITS, 3)
    takes = dice.random(size) < _LONG_LEAVES
    takes[heads] = False
    begins = dice.integers(0, LEAVE_CYCLE, size)
    return Leave(begins, np.where(takes, dice.integers(60 * DAY, 240 * DAY, size), 0))
