"""One linear system over everything that is told of one measure: how closely do the published counts hold a group's own count?
Which groups need to be safe, and what is hidden for them, is left to `suppression`.

Atoms are the smallest groups that published groups are made of: units that stand in the same classes, and within those the people of
one segment. The people of different attributes are not crossed: whatever stands in a department's row and in a site's, some table
agrees with both, so that crossing them tells nothing more of either. Sizes count as known (see `docs/decisions/0007-disclosure.md`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from metrics.disclosing.groups import EVERYBODY, Group, Tally, TallyOf, Told, sums_up
from metrics.reading import Members, Place

ROUNDING = 1e-6
_REST = "\0"  # whoever has none of the values that any group is named after

Atoms = NDArray[np.bool_]
"""Which atoms a group is made of."""


class Range(NamedTuple):
    """How closely a count is held, and by which rows. `low` and `high` are the ends, as far as they were looked for."""

    width: float
    rows: tuple[Group, ...] = ()


class System:
    """All groups of one measure, told or not. A group with units whose counts nobody knows any more is left out. `items`: they are
    counted, not people."""

    def __init__(
        self, groups: Iterable[Group], tally_of: TallyOf, *, sizes_known: bool = True, items: bool = False
    ) -> None:
        self._tally_of = tally_of
        self._known: dict[tuple[Members, str], bool] = {}
        groups = [group for group in dict.fromkeys(groups) if self._is_known(group)]
        self._items = items
        self._kinds: list[tuple[Place, frozenset[Members]]] = []
        self._links: list[tuple[list[int], list[int]]] = []
        self.tallies: list[Tally] = []
        self._by_unit: list[dict[Members, int]] = []
        wholes = _cut({group.units for group in groups})
        self._wholes = self._add_wholes(wholes) if self._whole_is_known(wholes) else {}
        for attribute in sorted({group.place[0] for group in groups} - {""}):
            self._add_segments(attribute, [group for group in groups if group.place[0] == attribute])
        self.atoms = {group: self._atoms_of(group) for group in groups if group.place != EVERYBODY or self._wholes}
        n = [float(tally.n) if sizes_known else np.inf for tally in self.tallies]
        self._most = np.array(n)
        self._truth = np.array([float(tally.counted) for tally in self.tallies])

    def _is_known(self, group: Group) -> bool:
        return all(self._tally_of(members, group.place) is not None for members in group.units)

    def _whole_is_known(self, classes: Iterable[frozenset[Members]]) -> bool:
        return all(self._tally_of(members, EVERYBODY) is not None for units in classes for members in units)

    def _add(self, place: Place, units: frozenset[Members], tallies: Mapping[Members, Tally]) -> int:
        self._kinds.append((place, units))
        self._by_unit.append({members: tally.people for members, tally in tallies.items()})
        self.tallies.append(sums_up(tallies.values()))
        return len(self.tallies) - 1

    def _add_wholes(self, classes: Iterable[frozenset[Members]]) -> dict[frozenset[Members], int]:
        return {
            units: self._add(EVERYBODY, units, {each: self._tally(each, EVERYBODY) for each in units})
            for units in classes
        }

    def _add_segments(self, attribute: str, groups: Sequence[Group]) -> None:
        values = sorted({group.place[1] for group in groups})
        for units in _cut({group.units for group in groups}):
            places = [(attribute, value) for value in values]
            parts = [self._add(place, units, {each: self._tally(each, place) for each in units}) for place in places]
            inside = [atom for whole, atom in self._wholes.items() if whole <= units]
            if inside:
                rest = {each: self._rest(each, places) for each in units}
                if any(tally.n for tally in rest.values()):
                    parts.append(self._add((attribute, _REST), units, rest))
                self._links.append((parts, inside))

    def _tally(self, members: Members, place: Place) -> Tally:
        return self._tally_of(members, place) or Tally()

    def _rest(self, members: Members, places: Iterable[Place]) -> Tally:
        whole, parts = self._tally(members, EVERYBODY), [self._tally(members, place) for place in places]
        n, counted = whole.n - sum(part.n for part in parts), whole.counted - sum(part.counted for part in parts)
        return Tally(min(n, whole.people), n, counted)

    def _atoms_of(self, group: Group) -> Atoms:
        return np.array([place == group.place and units <= group.units for place, units in self._kinds], dtype=np.bool_)

    def tally(self, atoms: Atoms) -> Tally:
        """Of all of them together: whoever stands in the same unit adds up; of items, whose authors nobody knows, all do."""
        people: Counter[Members] = Counter()
        inside = np.flatnonzero(atoms).tolist()
        for atom in inside:
            people.update(self._by_unit[atom])
        tally = sums_up(self.tallies[atom] for atom in inside)
        return tally._replace(people=tally.n if self._items else max(people.values(), default=0))

    def differences(self, told: Collection[Group]) -> Iterable[Atoms]:
        """Groups that have no figure of their own but may follow from others': every atom, and what is left of every whole that is
        told when the segments that are told are taken off."""
        yield from np.eye(len(self.tallies), dtype=np.bool_)
        told = [group for group in told if group in self.atoms]
        for whole in (group for group in told if group.place == EVERYBODY):
            segments = [one for one in told if one.place != EVERYBODY and one.units == whole.units]
            for attribute in sorted({one.place[0] for one in segments}):
                inside = np.array([place[0] == attribute and units <= whole.units for place, units in self._kinds])
                yield inside & ~np.logical_or.reduce([self.atoms[one] for one in segments if one.place[0] == attribute])

    def is_whole(self, atoms: Atoms) -> bool:
        return all(self._kinds[atom][0] == EVERYBODY for atom in np.flatnonzero(atoms).tolist())

    def rows(self, told: Mapping[Group, Told]) -> "Rows":
        """What is known where these are told."""
        known = {group: range for group, range in told.items() if group in self.atoms}
        table = [self.atoms[group].astype(np.float64) for group in known]
        for parts, wholes in self._links:
            row = np.zeros(len(self.tallies))
            row[parts], row[wholes] = 1, -1
            table.append(row)
        matrix = np.array(table).reshape(len(table), len(self.tallies))
        return Rows(
            matrix,
            list(known),
            np.array(list(known.values()), dtype=np.float64).reshape(-1, 2),
            self._most,
            self._truth,
        )


class Rows:
    """The system with what is told in it. `matrix`: the rows of `groups`, told to lie in `ranges`, then links that come to nothing."""

    def __init__(
        self,
        matrix: NDArray[np.float64],
        groups: Sequence[Group],
        ranges: NDArray[np.float64],
        most: NDArray[np.float64],
        truth: NDArray[np.float64],
    ) -> None:
        self._matrix, self._groups, self._ranges = matrix, groups, ranges
        self._most, self._truth = most, truth
        # Atoms that stand in the same rows can be exchanged for one another: nobody can tell them apart.
        alike = np.unique(matrix, axis=1, return_inverse=True)[1] if len(matrix) else np.zeros(len(most), dtype=np.intp)
        self._alike: NDArray[np.intp] = alike

    def holds(self, atoms: Atoms, needed: float) -> Range:
        """How closely a group's count is held: its width, up to `needed`, and the rows that hold it where that is less."""
        swapped = self._swaps(atoms)
        if swapped >= needed:
            return Range(swapped)
        return self._solve(atoms, needed)

    def _swaps(self, atoms: Atoms) -> float:
        """By how much the count can move at the least: what can be exchanged with atoms alike outside the group."""
        if not atoms.any():
            return 0.0
        kinds = int(self._alike.max()) + 1

        def sums(amounts: NDArray[np.float64], chosen: Atoms) -> NDArray[np.float64]:
            return np.bincount(self._alike[chosen], amounts[chosen], kinds).astype(np.float64)

        up = np.minimum(sums(self._most - self._truth, atoms), sums(self._truth, ~atoms))
        down = np.minimum(sums(self._truth, atoms), sums(self._most - self._truth, ~atoms))
        return float((up + down).sum())

    def _solve(self, atoms: Atoms, needed: float) -> Range:
        """By linear programming, over atoms alike put together."""
        kind = self._alike * 2 + atoms
        kinds, first = np.unique(kind, return_index=True)
        most = np.bincount(np.searchsorted(kinds, kind), self._most, len(kinds)).astype(np.float64)
        matrix, inside = self._matrix[:, first], atoms[first].astype(np.float64)
        truth = float(self._truth[atoms].sum())
        exact = np.ones(len(matrix), dtype=np.bool_)
        exact[: len(self._groups)] = self._ranges[:, 0] == self._ranges[:, 1]
        levels = np.concatenate([self._ranges, np.zeros((len(matrix) - len(self._groups), 2))])
        high, above = self._extreme(-inside, matrix, exact, levels, most)
        if -high - truth >= needed - ROUNDING:
            return Range(needed)
        low, below = self._extreme(inside, matrix, exact, levels, most)
        rows = tuple(self._groups[row] for row in sorted(above | below) if row < len(self._groups))
        return Range(-high - low, rows)

    @staticmethod
    def _extreme(
        goal: NDArray[np.float64],
        matrix: NDArray[np.float64],
        exact: NDArray[np.bool_],
        levels: NDArray[np.float64],
        most: NDArray[np.float64],
    ) -> tuple[float, set[int]]:
        """The least that `goal` can come to, and the rows that keep it from being less."""
        loose = ~exact
        found = linprog(
            goal,
            A_ub=np.concatenate([matrix[loose], -matrix[loose]]) if loose.any() else None,
            b_ub=np.concatenate([levels[loose, 1], -levels[loose, 0]]) if loose.any() else None,
            A_eq=matrix[exact] if exact.any() else None,
            b_eq=levels[exact, 0] if exact.any() else None,
            bounds=np.column_stack([np.zeros(len(most)), most]),
        )
        if found.status != 0:  # without end: nothing holds it
            return -np.inf, set()
        binding = (
            set(np.flatnonzero(exact)[np.abs(found.eqlin.marginals) > ROUNDING].tolist()) if exact.any() else set()
        )
        if loose.any():
            tight = np.abs(found.ineqlin.marginals) > ROUNDING
            binding |= set(np.flatnonzero(loose)[tight[: loose.sum()] | tight[loose.sum() :]].tolist())
        return float(found.fun), binding


def _cut(classes: Collection[frozenset[Members]]) -> list[frozenset[Members]]:
    """The smallest sets that all these are made of: units that stand in the same ones."""
    together: dict[tuple[bool, ...], set[Members]] = {}
    for members in frozenset().union(*classes):
        together.setdefault(tuple(members in units for units in classes), set()).add(members)
    return [frozenset(units) for _, units in sorted(together.items())]
