"""Founding a simulated company: who works where, for whom, with which tools, and who comes, goes and moves. All from the seed."""

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.company import ALWAYS, DEPARTMENTS, NEVER, SITES, Codes, Company, Flags, People
from collectors.simulation.hours import Times, day_of, local_us
from collectors.simulation.parameters import Chance, Parameters

# However large the company, so few that a reading of theirs must be hidden.
_OFFICE_SIZE = 7
# Of the people at a time: who leaves, who joins, who changes department at the reorganisation.
_LEAVING = 0.02
_MOVING = 0.01
_INTEREST_SPREAD = 0.7
_DEAD_MAILBOXES = 0.002
_OBJECTING = 0.02
# Of those whose client shows no images, how many the directory knows about.
DECLARED = 0.3
_IMAGES_CACHED = 0.12
_YAHOO = 0.2  # of those, the others are Google's


def found_company(parameters: Parameters) -> Company:
    """The company, from the seed. Joiners stand behind the people of the first directory."""
    dice = parameters.dice(Chance.COMPANY)
    first = parameters.people
    reorganised_us = _reorganisation(parameters)
    joiners = round(first * _LEAVING) if reorganised_us != NEVER else 0
    size = first + joiners
    department = np.repeat(np.arange(len(DEPARTMENTS)), _sizes(first)).astype(np.int8)
    manager, leaders = _tree(department, dice)
    heads = np.array([np.flatnonzero(department == code)[0] for code in range(len(DEPARTMENTS))], dtype=np.int32)
    staff = np.setdiff1d(np.flatnonzero(~leaders), heads)
    department = np.append(department, dice.choice(department, joiners)).astype(np.int8)
    leaders = np.append(leaders, np.zeros(joiners, dtype=np.bool_))
    gone, moved = _changes(staff, first if joiners else 0, dice)
    department_later = department.copy()
    department_later[moved] = dice.choice(len(DEPARTMENTS) - 1, len(moved))
    joined_us, left_us = _terms(first, size, gone, reorganised_us)
    return Company(
        size=size,
        strangers=max(3, first // 100),
        department=department,
        department_later=department_later,
        site=dice.choice(len(SITES), size, p=[share for _, share in SITES]).astype(np.int8),
        level=np.where(np.isin(np.arange(size), heads), 2, leaders).astype(np.int8),
        manager=np.append(manager, heads[department[first:]]).astype(np.int32),
        interest=_by_department(department, "interest") + dice.normal(0, _INTEREST_SPREAD, size),
        attitude=parameters.dice(Chance.HABITS, 1).normal(0, 1, size),
        flags=_tools(_habits(department, leaders, heads, dice), parameters),
        joined_us=joined_us,
        left_us=left_us,
        reorganised_us=reorganised_us,
    )


def _terms(first: int, size: int, gone: People, reorganised_us: int) -> tuple[Times, Times]:
    """From when and until when everybody is there."""
    joined_us, left_us = np.full(size, ALWAYS, dtype=np.int64), np.full(size, NEVER, dtype=np.int64)
    joined_us[first:], left_us[gone] = reorganised_us, reorganised_us
    return joined_us, left_us


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


def _tools(flags: dict[str, Flags], parameters: Parameters) -> dict[str, Flags]:
    """With those who read in a mail service that keeps a copy of every image."""
    dice = parameters.dice(Chance.HABITS, 2)
    count = len(flags["mailbox"])
    kept = flags["mailbox"] & ~flags["blocked"] & ~flags["proxied"] & (dice.random(count) < _IMAGES_CACHED)
    return {**flags, "cached": kept, "yahoo": kept & (dice.random(count) < _YAHOO)}


def _reorganisation(parameters: Parameters) -> int:
    """Local midnight of the Sunday in the middle of the history, some hours after the last message; NEVER in a short one."""
    if parameters.days < 14:
        return NEVER
    middle = day_of((parameters.start_us + parameters.until_us) // 2)
    return local_us(middle - timedelta(days=(middle.weekday() + 1) % 7), 0)
