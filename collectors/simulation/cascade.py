"""A briefing on its way down the tree of managers: each confirms after the own manager has, with delays, and where one does not,
hardly anybody below hears of it in time."""

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.company import NEVER, Flags, People
from collectors.simulation.hours import PRESENCE, Times
from collectors.simulation.parameters import HOUR, MINUTE

CASCADE_HOURS = 72
"""The window of a briefing."""

_MEDIAN_DELAY = 1.5 * HOUR
_LONGEST_DELAY = 15 * HOUR  # working hours
# Of those whose manager does not confirm, so many hear of it otherwise and confirm a day or so later.
_HEARD_ELSEWHERE = 0.3

Places = NDArray[np.int64]


def confirm(people: People, managers: People, sent_at: int, willing: Flags, dice: np.random.Generator) -> Times:
    """When each person (sorted; the audience) confirms, NEVER where not. `willing`: who would, once briefed."""
    above = places_above(people, managers)
    count = len(people)
    drawn = np.clip(dice.lognormal(np.log(_MEDIAN_DELAY), 0.9, count), MINUTE, _LONGEST_DELAY).astype(np.int64)
    elsewhere = dice.random(count) < _HEARD_ELSEWHERE
    slow = np.clip(drawn * 6, MINUTE, 2 * _LONGEST_DELAY)
    at = np.full(count, NEVER, dtype=np.int64)
    for chosen in _levels(above):
        briefed = np.where(above[chosen] < 0, sent_at, at[above[chosen]])
        told = briefed < NEVER
        starts = np.where(told, briefed, sent_at)
        moments = PRESENCE.after(starts, np.where(told, drawn[chosen], slow[chosen]))
        at[chosen] = np.where(willing[chosen] & (told | elsewhere[chosen]), moments, NEVER)
    return at


def confirmed_above(people: People, managers: People, confirmed: Flags) -> Flags:
    """Whose managers have all confirmed, up to the top; whoever has none among the people counts as told."""
    above = places_above(people, managers)
    told = np.ones(len(people), dtype=np.bool_)
    for chosen in _levels(above):
        has = above[chosen] >= 0
        told[chosen] = ~has | (told[above[chosen]] & confirmed[above[chosen]])
    return told


def places_above(people: People, managers: People) -> Places:
    """Where among the people each one's manager stands; -1 for none."""
    wanted = managers[people]
    places = np.minimum(np.searchsorted(people, wanted), len(people) - 1)
    return np.where((wanted >= 0) & (people[places] == wanted), places, -1)


def _levels(above: Places) -> list[Places]:
    """The people's places, level by level from the top."""
    levels = [np.flatnonzero(above < 0)]
    while len(below := np.flatnonzero(np.isin(above, levels[-1]))):
        levels.append(below)
    return levels
