"""The linear system over everything that is told of one question: which groups follow from which others, and what is known of each. How
closely that holds a group's own count is left to `rows`, which groups need to be safe, and what is hidden for them, to `suppression`.

Atoms are the smallest groups that published groups are made of: units that stand in the same classes, and within those the people of
one segment. The people of different attributes are not crossed: whatever stands in a department's row and in a site's, some table
agrees with both, so that crossing them tells nothing more of either. Sizes count as known (`docs/decisions/0007-disclosure.md`).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from metrics.disclosing.groups import EVERYBODY, Group, Tally, TallyOf, Told, sums_up
from metrics.disclosing.rows import Atoms, Known, Rows
from metrics.reading import Members, Place

_REST = "\0"  # whoever has none of the values that any group is named after


class _Atom(NamedTuple):
    """`people`: of each unit."""

    measure: str
    place: Place
    units: frozenset[Members]
    people: Mapping[Members, int]
    tally: Tally


class System:
    """All groups of some measures that belong together (windows of one indicator), told or not. A group with units whose counts nobody
    knows any more is left out. `items`: they are counted, not people."""

    def __init__(
        self,
        groups: Iterable[Group],
        tally_of: Callable[[str], TallyOf],
        *,
        sizes_known: bool = True,
        items: bool = False,
    ) -> None:
        self._tally_of = tally_of
        self._items = items
        self._atoms: list[_Atom] = []
        self._links: list[tuple[list[int], list[int]]] = []
        groups = [group for group in dict.fromkeys(groups) if self._is_known(group)]
        self._wholes: dict[tuple[str, frozenset[Members]], int] = {}
        self._add_wholes(groups)
        for attribute in sorted({group.place[0] for group in groups} - {""}):
            self._add_segments(attribute, [group for group in groups if group.place[0] == attribute])
        self.groups = {
            group: self._atoms_of(group)
            for group in groups
            if group.place != EVERYBODY or (group.measure, next(iter(group.units), ())) in self._measured
        }
        self._number = {group: number for number, group in enumerate(self.groups)}
        n = [float(atom.tally.n) if sizes_known else np.inf for atom in self._atoms]
        truth = [float(atom.tally.counted) for atom in self._atoms]
        self._known = Known(np.array(n), np.array(truth), *self._table())

    def _table(self) -> tuple[csr_array, csr_array, NDArray[np.intp]]:
        """A row for each group, and links that come to nothing, over the atoms; and which atom is never more than which."""
        groups = [
            (row, atom, 1)
            for row, inside in enumerate(self.groups.values())
            for atom in np.flatnonzero(inside).tolist()
        ]
        links = [(row, atom, 1) for row, (parts, _) in enumerate(self._links) for atom in parts]
        links += [(row, atom, -1) for row, (_, wholes) in enumerate(self._links) for atom in wholes]
        return (
            _sparse(groups, (len(self.groups), len(self._atoms))),
            _sparse(links, (len(self._links), len(self._atoms))),
            np.array(self._orders(), dtype=np.intp).reshape(-1, 2),
        )

    def _is_known(self, group: Group) -> bool:
        tally_of = self._tally_of(group.measure)
        return all(tally_of(members, group.place) is not None for members in group.units)

    def _add(self, measure: str, place: Place, units: frozenset[Members], tallies: Mapping[Members, Tally]) -> int:
        people = {members: tally.people for members, tally in tallies.items()}
        self._atoms.append(_Atom(measure, place, units, people, sums_up(tallies.values())))
        return len(self._atoms) - 1

    def _add_wholes(self, groups: Sequence[Group]) -> None:
        """Where the counts of everybody are known for all units of a measure; else nothing ties its segments together."""
        self._measured = set()
        cuts = _cut({group.units for group in groups})
        for measure in sorted({group.measure for group in groups}):
            inside = frozenset().union(*(group.units for group in groups if group.measure == measure))
            tally_of = self._tally_of(measure)
            if all(tally_of(members, EVERYBODY) is not None for members in inside):
                self._measured |= {(measure, members) for members in (*inside, ())}
                for units in (cut for cut in cuts if cut <= inside):
                    tallies = {members: tally_of(members, EVERYBODY) or Tally() for members in units}
                    self._wholes[measure, units] = self._add(measure, EVERYBODY, units, tallies)

    def _add_segments(self, attribute: str, groups: Sequence[Group]) -> None:
        places = [(attribute, value) for value in sorted({group.place[1] for group in groups})]
        cuts = _cut({group.units for group in groups})
        for measure in sorted({group.measure for group in groups}):
            inside = frozenset().union(*(group.units for group in groups if group.measure == measure))
            for units in (cut for cut in cuts if cut <= inside):
                self._add_parts(measure, places, units)

    def _add_parts(self, measure: str, places: Sequence[Place], units: frozenset[Members]) -> None:
        tally_of = self._tally_of(measure)
        parts = [
            self._add(measure, place, units, {each: tally_of(each, place) or Tally() for each in units})
            for place in places
        ]
        wholes = [atom for (name, cut), atom in self._wholes.items() if name == measure and cut <= units]
        if wholes:
            rest = {each: _rest(tally_of, each, places) for each in units}
            if any(tally.n for tally in rest.values()):
                parts.append(self._add(measure, (places[0][0], _REST), units, rest))
            self._links.append((parts, wholes))

    def _orders(self) -> list[tuple[int, int]]:
        """Pairs of atoms of the same people, the second of a measure that counts whoever the first counts: a longer window."""
        number = {(atom.measure, atom.place, atom.units): index for index, atom in enumerate(self._atoms)}
        found = []
        for one, other in combinations(sorted({atom.measure for atom in self._atoms}), 2):
            pairs = [
                (index, number[other, atom.place, atom.units])
                for index, atom in enumerate(self._atoms)
                if atom.measure == one and (other, atom.place, atom.units) in number
            ]
            counted = [(self._atoms[a].tally.counted, self._atoms[b].tally.counted) for a, b in pairs]
            if all(a <= b for a, b in counted):
                found += pairs
            if all(a >= b for a, b in counted):
                found += [(b, a) for a, b in pairs]
        return found

    def _atoms_of(self, group: Group) -> Atoms:
        return np.array(
            [
                atom.measure == group.measure and atom.place == group.place and atom.units <= group.units
                for atom in self._atoms
            ],
            dtype=np.bool_,
        )

    def tally(self, atoms: Atoms) -> Tally:
        """Of all of them together: whoever stands in the same unit adds up; of items, whose authors nobody knows, all do."""
        people: Counter[Members] = Counter()
        inside = [self._atoms[atom] for atom in np.flatnonzero(atoms).tolist()]
        for atom in inside:
            people.update(atom.people)
        tally = sums_up(atom.tally for atom in inside)
        return tally._replace(people=tally.n if self._items else max(people.values(), default=0))

    def differences(self, told: Collection[Group]) -> Iterable[Atoms]:
        """Groups that have no figure of their own but may follow from others': every atom, and what is left of every whole that is
        told when the segments that are told are taken off."""
        yield from np.eye(len(self._atoms), dtype=np.bool_)
        told = [group for group in told if group in self.groups]
        for whole in (group for group in told if group.place == EVERYBODY):
            segments = [
                one
                for one in told
                if one.place != EVERYBODY and one.measure == whole.measure and one.units == whole.units
            ]
            for attribute in sorted({one.place[0] for one in segments}):
                shown = np.logical_or.reduce([self.groups[one] for one in segments if one.place[0] == attribute])
                inside = [
                    atom.measure == whole.measure and atom.place[0] == attribute and atom.units <= whole.units
                    for atom in self._atoms
                ]
                yield np.array(inside) & ~shown

    def is_whole(self, atoms: Atoms) -> bool:
        return all(self._atoms[atom].place == EVERYBODY for atom in np.flatnonzero(atoms).tolist())

    def rows(self, told: Mapping[Group, Told]) -> Rows:
        """What is known where these are told."""
        known = {group: range for group, range in told.items() if group in self._number}
        numbers = [self._number[group] for group in known]
        ranges = np.array(list(known.values()), dtype=np.float64).reshape(-1, 2)
        return Rows(self._known, list(known), np.array(numbers, dtype=np.intp), ranges)


def _rest(tally_of: TallyOf, members: Members, places: Iterable[Place]) -> Tally:
    whole, parts = tally_of(members, EVERYBODY) or Tally(), [tally_of(members, place) or Tally() for place in places]
    n, counted = whole.n - sum(part.n for part in parts), whole.counted - sum(part.counted for part in parts)
    return Tally(min(n, whole.people), n, counted)


def _cut(classes: Collection[frozenset[Members]]) -> list[frozenset[Members]]:
    """The smallest sets that all these are made of: units that stand in the same ones."""
    together: dict[tuple[bool, ...], set[Members]] = {}
    for members in frozenset().union(*classes):
        together.setdefault(tuple(members in units for units in classes), set()).add(members)
    return [frozenset(units) for _, units in sorted(together.items())]


def _sparse(entries: Sequence[tuple[int, int, int]], shape: tuple[int, int]) -> csr_array:
    rows, columns, weights = (np.array([entry[place] for entry in entries], dtype=np.intp) for place in range(3))
    return csr_array((weights.astype(np.float64), (rows, columns)), shape=shape)
