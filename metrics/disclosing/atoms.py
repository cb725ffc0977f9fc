"""What groups are made of: units that stand in the same classes, and within those the people of one segment. Which groups follow from
others is left to `system`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from metrics.disclosing.groups import EVERYBODY, Tally, TallyOf
from metrics.disclosing.questions import may_hold
from metrics.reading import Members, Place


class Atom(NamedTuple):
    """`people`: of each unit."""

    measure: str
    place: Place
    units: frozenset[Members]
    people: Mapping[Members, int]
    tally: Tally


class Link(NamedTuple):
    """The counts of `parts` less those of `wholes` lie between these."""

    parts: list[int]
    wholes: list[int]
    low: float = 0.0
    high: float = 0.0


def rest_of(tally_of: TallyOf, members: Members, places: Iterable[Place]) -> Tally:
    whole, parts = tally_of(members, EVERYBODY) or Tally(), [tally_of(members, place) or Tally() for place in places]
    n, counted = whole.n - sum(part.n for part in parts), whole.counted - sum(part.counted for part in parts)
    return Tally(min(n, whole.people), n, counted)


def cut(classes: Collection[frozenset[Members]]) -> list[frozenset[Members]]:
    """The smallest sets that all these are made of: units that stand in the same ones."""
    together: dict[tuple[bool, ...], set[Members]] = {}
    ordered = sorted(classes, key=sorted)
    for members in frozenset().union(*ordered):
        together.setdefault(tuple(members in units for units in ordered), set()).add(members)
    return [frozenset(units) for _, units in sorted(together.items())]


def orders_of(atoms: Iterable[Atom]) -> list[tuple[int, int]]:
    """Pairs of atoms of the same people, by their places, the second of a measure that counts whoever the first counts: a longer window, or
    what follows from the other."""
    number: dict[str, dict[tuple[Place, frozenset[Members]], int]] = {}
    counted = []
    for index, atom in enumerate(atoms):
        number.setdefault(atom.measure, {})[atom.place, atom.units] = index
        counted.append(atom.tally.counted)
    found = []
    for one, other in permutations(sorted(number), 2):
        if may_hold(one, other):
            pairs = [(number[one][each], number[other][each]) for each in number[one].keys() & number[other].keys()]
            if all(counted[less] <= counted[more] for less, more in pairs):
                found += sorted(pairs)
    return without_spare(found)


def without_spare(orders: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of which the first is never more than the second, without those that follow from two others that stay."""
    more: dict[int, set[int]] = {}
    less: dict[int, set[int]] = {}
    for one, other in orders:
        more.setdefault(one, set()).add(other)
        less.setdefault(other, set()).add(one)
    kept = []
    for one, other in orders:
        if more[one].isdisjoint(less[other]):
            kept.append((one, other))
        else:
            more[one].remove(other)
            less[other].remove(one)
    return kept


def sparse(entries: Sequence[tuple[int, int, int]], shape: tuple[int, int]) -> csr_array:
    rows, columns, weights = (np.array([entry[place] for entry in entries], dtype=np.intp) for place in range(3))
    return csr_array((weights.astype(np.float64), (rows, columns)), shape=shape)
