"""Attributes that say nothing but who manages whom: a figure by such an attribute would judge one manager's people each."""

from collections.abc import Iterable

import numpy as np

from metrics.rosters import Coded, Persons, Roster

_NEARLY_ALL = 0.9  # of the values
_FEWEST = 2  # people of a value, before it says anything


def find_teams(roster: Roster, attributes: Iterable[str]) -> frozenset[str]:
    """Those of the attributes of which nearly every value is a manager's team: all of its people have one manager, the manager
    aside. Where everybody has the same manager there are no teams to tell apart."""
    return frozenset(
        name
        for name in attributes
        if name in roster.attributes and _are_teams(roster.attributes[name], roster.manager, roster.person)
    )


def _are_teams(coded: Coded, manager: Persons, person: Persons) -> bool:
    looked_at, leaders = 0, []
    for code in range(len(coded.values)):
        inside = coded.codes == code
        managers, counts = np.unique(manager[inside], return_counts=True)
        if counts.sum() < _FEWEST:
            continue
        looked_at += 1
        most = int(managers[counts.argmax()])
        # The manager may stand in the same segment, and has another manager.
        if most >= 0 and not (inside & (manager != most) & (person != most)).any():
            leaders.append(most)
    return len(set(leaders)) > 1 and len(leaders) >= _NEARLY_ALL * looked_at
