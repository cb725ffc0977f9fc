"""Which units have to be looked at apart within segments because figures for everybody tell them apart: those in which hardly anybody
could stand in another's place. What follows from groups is left to `system`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from metrics.disclosing.atoms import cut, rest_of
from metrics.disclosing.groups import TallyOf, sums_up
from metrics.disclosing.questions import SEEN, may_hold
from metrics.reading import Members, Place

_ENOUGH = 10  # so many people who could be exchanged are five times what is needed to keep any count open

Units = frozenset[Members]
Counts = NDArray[np.int64]


def told_apart(
    cuts: Sequence[Units],
    wholes: Iterable[Units],
    measures: Mapping[str, Units],
    places: Sequence[Place],
    tally_of: Callable[[str], TallyOf],
) -> set[Units]:
    """Of units that segments' figures hold together (`cuts`) those that `wholes` tell apart so closely that it matters. Where somebody in
    one segment could have done it in one unit instead of the other, and somebody in another segment the other way round, no figure for
    everybody knows: such units stay together. `measures`: with the units that segments are asked about under them."""
    found: set[Units] = set()
    wholes = list(wholes)
    for units in cuts:
        cells = cut({units, *(inside for whole in wholes if (inside := units & whole))})
        if len(cells) > 1 and any(units <= inside for inside in measures.values()):
            known = sorted(measure for measure, inside in measures.items() if units <= inside)
            tables = {measure: _table(cells, places, tally_of(measure)) for measure in known}
            for alike in _as_full(tables):
                found |= {frozenset().union(*(cells[cell] for cell in each)) for each in _tell_apart(alike, tables)}
    return found


def _table(cells: Sequence[Units], places: Sequence[Place], tally_of: TallyOf) -> Counts:
    """How many, and how many of them count, shape (2, cells, places); the last place is those without a value."""
    found = np.zeros((2, len(cells), len(places) + 1), dtype=np.int64)
    for row, cell in enumerate(cells):
        for column, place in enumerate(places):
            tally = sums_up(each for members in cell if (each := tally_of(members, place)) is not None)
            found[:, row, column] = tally.n, tally.counted
        rest = sums_up(rest_of(tally_of, members, places) for members in cell)
        found[:, row, -1] = rest.n, rest.counted
    return found


def _as_full(tables: dict[str, Counts]) -> list[list[int]]:
    """Cells in which the same measures count everybody: one figure for all of them would say no less."""
    full = [(n == counted).all(axis=1).tolist() for measure, (n, counted) in tables.items() if measure.endswith(SEEN)]
    alike: dict[tuple[bool, ...], list[int]] = {}
    for cell in range(next(iter(tables.values())).shape[1]):
        alike.setdefault(tuple(each[cell] for each in full), []).append(cell)
    return list(alike.values())


def _tell_apart(cells: list[int], tables: dict[str, Counts]) -> Iterable[list[int]]:
    """Each that cannot be exchanged with another by itself, and the others together."""
    free = _free(cells, tables)
    np.fill_diagonal(free, val=False)
    while cells:
        some = np.flatnonzero(free.any(axis=1)).tolist()
        if len(some) == len(cells):
            yield cells
            return
        yield from ([cell] for place, cell in enumerate(cells) if place not in some)
        cells, free = [cells[place] for place in some], free[np.ix_(some, some)]


def _free(cells: list[int], tables: dict[str, Counts]) -> NDArray[np.bool_]:
    """Of each pair, whether enough people could be exchanged under every measure, whichever segment is left out."""
    free = np.ones((len(cells), len(cells)), dtype=np.bool_)
    for measure, (n, counted) in tables.items():
        if measure.endswith(SEEN) and (n == counted)[cells].all():
            continue
        up, down = (n - counted)[cells], counted[cells]
        for one, other in permutations(tables, 2):
            if measure in (one, other) and may_hold(one, other):
                between = (tables[other][1] - tables[one][1])[cells]
                if (between >= 0).all():
                    up, down = (np.minimum(up, between), down) if measure == one else (up, np.minimum(down, between))
        exchanged = np.minimum(up[:, None], down[None, :])
        enough = exchanged.sum(axis=2) - exchanged.max(axis=2) >= _ENOUGH
        free &= enough & enough.T
    return free
