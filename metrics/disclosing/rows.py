"""How closely published counts hold another count: by exchanging what nobody can tell apart, else by linear programming. What the
rows mean is left to `system`."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, vstack

from metrics.disclosing.groups import Group
from metrics.disclosing.programme import ROUNDING, Amounts, End, Programme

_SLACK = 1e-5  # what the solver takes for equal
_WORTH_IT = 10  # fewer found open together cost more than each by itself

Atoms = NDArray[np.bool_]
"""Which atoms a group is made of."""
Kinds = NDArray[np.intp]
"""Atoms that are the same in some way have the same number."""


class Range(NamedTuple):
    """How closely a count is held, and by which groups' figures; as wide as was needed where nobody looked further."""

    width: float
    groups: tuple[Group, ...] = ()

    @property
    def is_solved(self) -> bool:
        """Else the solver gave up, and it is taken to be held by whatever there is."""
        return self.width > -np.inf

    def still_holds(self, told: Collection[Group]) -> bool:
        """Whether it is held as closely as this where only these are told: whatever holds it is among them."""
        return self.is_solved and all(group in told for group in self.groups)


class Known(NamedTuple):
    """Of every atom (a column): how many there are at the `most`, how many it is in `truth`. `groups`: a row for each; `links`: rows that
    come to what `levels` say; `orders`: pairs of atoms of which the first is never more than the second, shape (pairs, 2)."""

    most: Amounts
    truth: Amounts
    groups: csr_array
    links: csr_array
    levels: Amounts
    orders: NDArray[np.intp]

    def order_rows(self) -> csr_array:
        """A row for each order: the first less the second, which is never more than nothing."""
        pairs = len(self.orders)
        entries = np.tile([1.0, -1.0], pairs), self.orders.ravel(), 2 * np.arange(pairs + 1)
        return csr_array(entries, shape=(pairs, len(self.most)))


class Ground:
    """What holds whatever is told, and the `worlds` found so far that agree with it. `origin`: what the solver counts from."""

    def __init__(self, known: Known, origin: Amounts | None = None) -> None:
        self.known = known
        self._origin = np.zeros(len(known.most)) if origin is None else origin
        self._start: object = None
        self.worlds: list[Amounts] = []
        self.sums: list[Amounts] = []
        self._programmes: dict[str, Programme] = {}
        self._measure()

    def _measure(self) -> None:
        """By how much each atom's count could be more or less by itself."""
        known = self.known
        self.above, self.below = known.most - known.truth, known.truth.copy()
        less, more = known.orders.T
        np.minimum.at(self.above, less, known.truth[more] - known.truth[less])
        np.minimum.at(self.below, more, known.truth[more] - known.truth[less])

    def find_truth(self, numbers: NDArray[np.intp], ranges: Amounts, use: str) -> bool:
        """Take any world for the truth in which the rows `numbers` lie in `ranges`; whether there is one."""
        programme = self.programme(use)
        programme.set_levels(self.levels(numbers, ranges))
        world = programme.find()
        self._start = programme.start
        if world is not None:
            self.known = self.known._replace(truth=world)
            self._measure()
        return world is not None

    def take(self, world: Amounts) -> None:
        """With what each group comes to in it."""
        come_to, (low, high) = self.known.links @ world, self.known.levels.T
        if ((come_to >= low - _SLACK) & (come_to <= high + _SLACK)).all():
            self.worlds.append(world)
            self.sums.append(self.known.groups @ world)

    def levels(self, numbers: NDArray[np.intp], ranges: Amounts) -> Amounts:
        """Of all groups, of which only some are told, then of links and orders."""
        told = np.tile([-np.inf, np.inf], (self.known.groups.shape[0], 1))
        told[numbers] = ranges
        return np.concatenate([told, self.known.levels, np.tile([-np.inf, 0.0], (len(self.known.orders), 1))])

    def programme(self, use: str) -> Programme:
        """One for each use, so that few rows change from one goal to the next."""
        if use not in self._programmes:
            self._programmes[use] = self._make_programme()
            if self._start is not None:
                self._programmes[use].begin_at(self._start)
        return self._programmes[use]

    def _make_programme(self) -> Programme:
        known = self.known
        rows = csr_array(vstack([known.groups, known.links, known.order_rows()]))
        nothing = np.zeros(0, dtype=np.intp), np.zeros((0, 2))
        return Programme(rows, self.levels(*nothing), known.most, self._origin)


class Rows:
    """`groups` are told, their rows being the first of `numbers`, to lie in `ranges`; the other rows are nobody's to hide. `use`: what
    they are looked at for."""

    def __init__(
        self, ground: Ground, groups: Sequence[Group], numbers: NDArray[np.intp], ranges: Amounts, use: str
    ) -> None:
        known = ground.known
        self._use = use
        self._ground, self._told = ground, (numbers, ranges)
        self._looked_at, self._possible = 0, [known.truth]
        self._groups: dict[int, list[Group]] = {}
        for group, number in zip(groups, numbers.tolist(), strict=False):
            self._groups.setdefault(number, []).append(group)
        # Atoms that stand in the same rows can be exchanged for one another: nobody can tell them apart.
        matrix = csc_array(vstack([known.groups[numbers], known.links]))
        self._alike = _number(*(marks @ matrix for marks in _marks(matrix.shape[0])))

    def holds(self, atoms: Atoms, needed: float) -> Range:
        """How closely a group's count is held: its width, up to `needed`, and what holds it where that is less."""
        if self._differs(atoms) >= needed - ROUNDING:
            return Range(needed)
        swapped = self._swaps(atoms)
        if swapped >= needed:
            return Range(swapped)
        inside = atoms.astype(np.float64)
        high = self._least(-inside)
        return Range(needed) if self._differs(atoms) >= needed - ROUNDING else self._range(high, self._least(inside))

    def holds_afresh(self, atoms: Atoms) -> Range:
        """The same, and by groups that do not depend on what was solved before."""
        inside = atoms.astype(np.float64)
        return self._range(*(self._least(goal, afresh=True) for goal in (-inside, inside)))

    def _worlds(self) -> list[Amounts]:
        """Those found so far that nobody can exclude."""
        numbers, ranges = self._told
        low, high = ranges[:, 0] - _SLACK, ranges[:, 1] + _SLACK
        for place in range(self._looked_at, len(self._ground.worlds)):
            sums = self._ground.sums[place][numbers]
            if ((sums >= low) & (sums <= high)).all():
                self._possible.append(self._ground.worlds[place])
        self._looked_at = len(self._ground.worlds)
        return self._possible

    def _differs(self, atoms: Atoms) -> float:
        """By how much the count differs between these."""
        inside = np.flatnonzero(atoms)
        counts = [float(world[inside].sum()) for world in self._worlds()]
        return max(counts) - min(counts)

    def explore(self, groups: Sequence[tuple[Atoms, float]]) -> list[int]:
        """Look for worlds in which the counts of many groups differ by as much as each needs: a few are enough for most. The places of
        those that are left."""
        random = np.random.default_rng(0)
        needed = np.array([needed for _, needed in groups])
        inside = [np.flatnonzero(atoms) for atoms, _ in groups]
        ends = np.cumsum([0, *map(len, inside)])
        entries = np.ones(ends[-1]), np.concatenate([np.zeros(0, dtype=np.intp), *inside]), ends
        table = csr_array(entries, shape=(len(groups), len(self._ground.known.most)))
        narrow = np.array([place for place, each in enumerate(groups) if self._swaps(each[0]) < each[1]], dtype=np.intp)
        while len(narrow):
            before, goal = len(narrow), random.choice([-1.0, 1.0], len(narrow)) @ table[narrow]
            for end in (goal, -goal):
                self._least(end)
            counts = table[narrow] @ np.array(self._worlds()).T
            narrow = narrow[counts.max(axis=1) - counts.min(axis=1) < needed[narrow] - ROUNDING]
            if before - len(narrow) < _WORTH_IT:
                break
        left: list[int] = narrow.tolist()
        return left

    def _least(self, goal: Amounts, *, afresh: bool = False) -> End:
        programme = self._ground.programme(self._use)
        programme.set_levels(self._ground.levels(*self._told))
        found = programme.least(goal, afresh=afresh)
        if found.world is not None:
            self._ground.take(found.world)
        return found

    def _swaps(self, atoms: Atoms) -> float:
        """By how much the count can move at the least: what can be exchanged with atoms alike outside the group."""
        if not atoms.any():
            return 0.0
        kinds = int(self._alike.max()) + 1

        def sums(amounts: Amounts, chosen: Atoms) -> Amounts:
            return np.bincount(self._alike[chosen], amounts[chosen], kinds).astype(np.float64)

        up = np.minimum(sums(self._ground.above, atoms), sums(self._ground.below, ~atoms))
        down = np.minimum(sums(self._ground.below, atoms), sums(self._ground.above, ~atoms))
        return float((up + down).sum())

    def _range(self, high: End, low: End) -> Range:
        held = (group for row in sorted(high.rows | low.rows) for group in self._groups.get(row, ()))
        return Range(-high.value - low.value, tuple(dict.fromkeys(held)))


def _marks(size: int) -> Amounts:
    """Two numbers for each, so large and so mixed that different sums of them differ; small enough to be added exactly."""
    return np.random.default_rng(0).integers(1, 2**40, (2, size)).astype(np.float64)


def _number(one: Amounts, other: Amounts) -> Kinds:
    """Those with the same features get the same number."""
    return np.unique(one + 1j * other, return_inverse=True)[1]
