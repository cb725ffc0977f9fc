"""How closely published counts hold another count: by exchanging what nobody can tell apart, else by linear programming. What the
rows mean is left to `system`."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array, csr_array, vstack

from metrics.disclosing.groups import Group

ROUNDING = 1e-6

Atoms = NDArray[np.bool_]
"""Which atoms a group is made of."""
Amounts = NDArray[np.float64]
Kinds = NDArray[np.intp]
"""Atoms that are the same in some way have the same number."""


class Range(NamedTuple):
    """How closely a count is held, and by which groups' figures; as wide as was needed where nobody looked further."""

    width: float
    groups: tuple[Group, ...] = ()


class Known(NamedTuple):
    """Of every atom (a column): how many there are at the `most`, how many it is in `truth`. `groups`: a row for each; `links`: rows that
    come to nothing; `orders`: pairs of atoms of which the first is never more than the second, shape (pairs, 2)."""

    most: Amounts
    truth: Amounts
    groups: csr_array
    links: csr_array
    orders: NDArray[np.intp]


class Rows:
    """`groups` are told, their rows being `numbers`, to lie in `ranges`."""

    def __init__(self, known: Known, groups: Sequence[Group], numbers: NDArray[np.intp], ranges: Amounts) -> None:
        self._known, self._groups = known, groups
        self._matrix = csc_array(vstack([known.groups[numbers], known.links]))
        self._levels = np.concatenate([ranges, np.zeros((known.links.shape[0], 2))])
        # Atoms that stand in the same rows can be exchanged for one another: nobody can tell them apart.
        self._alike = _number(*(marks @ self._matrix for marks in _marks(self._matrix.shape[0])))
        self._above, self._below = known.most - known.truth, known.truth.copy()
        for less, more in known.orders.tolist():
            room = known.truth[more] - known.truth[less]
            self._above[less] = min(self._above[less], room)
            self._below[more] = min(self._below[more], room)

    def holds(self, atoms: Atoms, needed: float) -> Range:
        """How closely a group's count is held: its width, up to `needed`, and what holds it where that is less."""
        swapped = self._swaps(atoms)
        return Range(swapped) if swapped >= needed else self._solve(atoms, needed)

    def _swaps(self, atoms: Atoms) -> float:
        """By how much the count can move at the least: what can be exchanged with atoms alike outside the group."""
        if not atoms.any():
            return 0.0
        kinds = int(self._alike.max()) + 1

        def sums(amounts: Amounts, chosen: Atoms) -> Amounts:
            return np.bincount(self._alike[chosen], amounts[chosen], kinds).astype(np.float64)

        up = np.minimum(sums(self._above, atoms), sums(self._below, ~atoms))
        down = np.minimum(sums(self._below, atoms), sums(self._above, ~atoms))
        return float((up + down).sum())

    def _solve(self, atoms: Atoms, needed: float) -> Range:
        """Atoms alike, all in the group or all outside of it, are put together: their sum is all that any row speaks of."""
        kind = self._tell_apart(_number(self._alike, atoms))
        kinds, first = np.unique(kind, return_index=True)
        most = np.bincount(kind, self._known.most, len(kinds)).astype(np.float64)
        orders = np.unique(kind[self._known.orders], axis=0)
        entries = np.tile([1.0, -1.0], len(orders)), orders.ravel(), 2 * np.arange(len(orders) + 1)
        signs = csr_array(entries, shape=(len(orders), len(kinds)))
        matrix = csr_array(vstack([self._matrix[:, first], signs]))
        levels = np.concatenate([self._levels, np.tile([-np.inf, 0.0], (len(orders), 1))])
        inside, truth = atoms[first].astype(np.float64), float(self._known.truth[atoms].sum())
        high, above = _least(-inside, matrix, levels, most)
        if -high - truth >= needed - ROUNDING:
            return Range(needed)
        low, below = _least(inside, matrix, levels, most)
        return Range(-high - low, tuple(self._groups[row] for row in sorted(above | below) if row < len(self._groups)))

    def _tell_apart(self, kind: Kinds) -> Kinds:
        """Finer, until all of a kind are held against the same kinds by their orders."""
        less, more = self._known.orders.T
        while len(less):
            marks = _marks(int(kind.max()) + 1)
            held = np.zeros((2, len(kind)))
            np.add.at(held[0], less, marks[0][kind[more]])
            np.add.at(held[1], more, marks[1][kind[less]])
            finer = _number(kind, *held)
            if finer.max() == kind.max():
                break
            kind = finer
        return kind


def _marks(size: int) -> Amounts:
    """Two numbers for each, so large and so mixed that different sums of them differ; small enough to be added exactly."""
    return np.random.default_rng(0).integers(1, 2**40, (2, size)).astype(np.float64)


def _number(*features: NDArray[np.generic]) -> Kinds:
    """Those with the same features get the same number."""
    table = np.column_stack([feature.astype(np.float64) for feature in features])
    return np.unique(table, axis=0, return_inverse=True)[1].reshape(-1)


def _least(goal: Amounts, matrix: csr_array, levels: Amounts, most: Amounts) -> tuple[float, set[int]]:
    """The least that `goal` can come to where each row of `matrix` lies in its `levels`, and the rows that keep it from being less."""
    exact = levels[:, 0] == levels[:, 1]
    upper, lower = ~exact, ~exact & np.isfinite(levels[:, 0])
    found = linprog(
        goal,
        A_ub=vstack([matrix[upper], -matrix[lower]]),
        b_ub=np.concatenate([levels[upper, 1], -levels[lower, 0]]),
        A_eq=matrix[exact],
        b_eq=levels[exact, 0],
        bounds=np.column_stack([np.zeros(len(most)), most]),
    )
    if found.status != 0:  # without end: nothing holds it
        return -np.inf, set()
    tight = np.concatenate([np.flatnonzero(exact), np.flatnonzero(upper), np.flatnonzero(lower)])
    prices = np.concatenate([found.eqlin.marginals, found.ineqlin.marginals])
    return float(found.fun), set(tight[np.abs(prices) > ROUNDING].tolist())
