"""Who joins, leaves and moves to another department, and when. Who is there at first is left to `founding`."""

from datetime import timedelta

import numpy as np

from collectors.simulation.company import ALWAYS, DEPARTMENTS, NEVER, Codes, People, Turnover
from collectors.simulation.hours import day_of, local_us
from collectors.simulation.parameters import DAY, Chance, Parameters

# Of the people: who leaves and joins at the reorganisation, who moves then; at every other change half as many.
_LEAVING = 0.02
_MOVING = 0.01
_EVERY_DAYS = 21
_QUIET_DAYS = 5  # at both ends of the history


def turn_over(parameters: Parameters, department: Codes, staff: People, dice: np.random.Generator) -> Turnover:
    """`staff`: who may leave or move: people without reports, so that the tree stands. `dice`: those of the reorganisation."""
    first, middle = parameters.people, _reorganisation(parameters)
    others = _other_changes(parameters, middle)
    joiners = [
        round(first * _LEAVING) if moment == middle else round(first * _LEAVING / 2) for moment in (middle, *others)
    ]
    if middle == NEVER:
        joiners = [0]
    size = first + sum(joiners)
    department = np.append(department, dice.choice(department, joiners[0])).astype(np.int8)
    gone, moved = _changes(staff, first if middle != NEVER else 0, dice)
    later = dice.choice(len(DEPARTMENTS) - 1, len(moved))
    more = parameters.dice(Chance.TURNOVER)
    department = np.append(department, more.choice(department, size - len(department))).astype(np.int8)
    department_later = department.copy()
    department_later[moved] = later
    joined_us = np.full(size, ALWAYS, dtype=np.int64)
    joined_us[first:] = np.repeat(np.array([middle, *others], dtype=np.int64), joiners)
    left_us, moved_us = (np.full(size, NEVER, dtype=np.int64) for _ in range(2))
    left_us[gone], moved_us[moved] = middle, middle
    for moment in others:
        staff = np.setdiff1d(staff, np.concatenate([gone, moved]))
        gone, moved = _changes(staff, first // 2, more)
        department_later[moved] = more.choice(len(DEPARTMENTS) - 1, len(moved))
        left_us[gone], moved_us[moved] = moment, moment
    changes = tuple(sorted({middle, *others} - {NEVER}))
    return Turnover(changes, middle, department, department_later, moved_us, joined_us, left_us)


def _changes(staff: People, people: int, dice: np.random.Generator) -> tuple[People, People]:
    """Who leaves and who moves."""
    count = min(round(people * (_LEAVING + _MOVING)), len(staff) // 3)
    chosen = dice.choice(staff, count, replace=False).astype(np.int32)
    leaving = count * 2 // 3
    return chosen[:leaving], chosen[leaving:]


def _reorganisation(parameters: Parameters) -> int:
    """Local midnight of the Sunday in the middle of the history, some hours after the last message; NEVER in a short one, and in
    a plain company."""
    if parameters.days < 14 or parameters.teams:
        return NEVER
    middle = day_of((parameters.start_us + parameters.until_us) // 2)
    return local_us(middle - timedelta(days=(middle.weekday() + 1) % 7), 0)


def _other_changes(parameters: Parameters, middle: int) -> list[int]:
    """Other Sundays, every three weeks before and after."""
    if middle == NEVER:
        return []
    day, quiet = day_of(middle), _QUIET_DAYS * DAY
    count = parameters.days // _EVERY_DAYS
    moments = (local_us(day + timedelta(days=step * _EVERY_DAYS), 0) for step in range(-count, count + 1) if step)
    return [moment for moment in moments if parameters.start_us + quiet <= moment <= parameters.until_us - quiet]
