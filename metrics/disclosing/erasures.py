"""What was told before somebody was erased: it is about counts of their own, which were at most so many more than today's. How today's hang
together is left to `system`, what is hidden to `suppression`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, kron, vstack

from metrics.disclosing.groups import EVERYBODY, Earlier, Group, Told, told_of
from metrics.disclosing.programme import Amounts
from metrics.disclosing.rows import Atoms, Ground, Known, Rows
from metrics.disclosing.system import System

_USE = "erased"
_STAGES = 2  # with more of them it takes longer than what they leave open is worth


class _Row(NamedTuple):
    """What was told before of a group, whose row is this."""

    group: Group
    number: int
    told: Told


class Erasures:
    """The counts of a system at each stage: today, and before so many were erased, fewer first. Those of a stage are today's and by how
    many more they were from stage to stage. `earlier`: what was told before."""

    def __init__(self, system: System, earlier: Collection[Earlier]) -> None:
        self._system = system
        self._earlier = _few_stages([each for each in earlier if each.group in system.groups])
        self._gone = [0, *sorted({each.gone for each in self._earlier})]
        self._number = self._number_rows()
        self._rows: list[_Row] = []
        self._ground = self._find_ground()

    @property
    def stages(self) -> int:
        """None where nothing agrees with all that was told."""
        return 0 if self._ground is None else len(self._gone)

    def rows(self, told: Mapping[Group, Told], use: str = _USE, *, wholes: bool = False) -> Rows:
        """What is known where these are told today. `wholes`: of what was told before that of everybody alone."""
        assert self._ground is not None
        groups, numbers, ranges = self._system.numbered(told)
        earlier = [row for row in self._rows if not wholes or row.group.place == EVERYBODY]
        return Rows(self._ground, groups, *_joined(numbers, ranges, earlier), use)

    def at(self, stage: int, atoms: Atoms) -> Atoms:
        return np.concatenate([atoms & (step <= stage) for step in range(len(self._gone))])

    def _number_rows(self) -> dict[tuple[int, int], int]:
        """After today's rows one for each that was told before, by its stage and its number today."""
        told = {(self._stage(each), number) for each in self._earlier for number in self._numbers(each.group)}
        return {row: len(self._system.groups) + place for place, row in enumerate(sorted(told))}

    def _stage(self, each: Earlier) -> int:
        return self._gone.index(each.gone)

    def _numbers(self, group: Group) -> list[int]:
        """Of its own row, and of those of whatever else its figure tells."""
        numbers: list[int] = self._system.numbered({group: self._today(group)})[1].tolist()
        return numbers

    def _find_ground(self) -> Ground | None:
        """With counts that agree with all that was told, and with today's: as it was told, where only erasures lie between; else as it
        might be told of today's and of as many more."""
        known = self._known()
        _, numbers, ranges = self._system.numbered({group: self._today(group) for group in self._system.groups})
        for grown in (False, True) if self._earlier else ():
            self._rows = _at_once(row for each in self._earlier for row in self._told(each, grown=grown))
            ground = Ground(known, known.truth)
            if ground.find_truth(*_joined(numbers, ranges, self._rows), _USE):
                return ground
        return None

    def _today(self, group: Group) -> Told:
        return told_of(self._system.sum(group))

    def _told(self, each: Earlier, *, grown: bool) -> Iterable[_Row]:
        """The rows of what was told before: of the count, and of whatever else a figure tells."""
        today, lost, told = self._today(each.group), self._lost(each), each.told
        if grown or told.high < today.low:
            told = Told(min(told.low, today.low), max(told.high, today.high + lost))
        stage, (own, *others) = self._stage(each), self._numbers(each.group)
        _, _, (_, *ranges) = self._system.numbered({each.group: today})
        yield _Row(each.group, self._number[stage, own], told)
        for number, (low, high) in zip(others, ranges, strict=True):
            yield _Row(each.group, self._number[stage, number], Told(low, high + lost))

    def _lost(self, each: Earlier) -> float:
        """How many of a group were erased, at the most: as many as it is fewer, where it is."""
        fewer, most = each.n - self._system.sum(each.group).n, each.gone * len(each.group.units)
        return min(fewer, most) if fewer >= 0 else most

    def _known(self) -> Known:
        known, steps = self._system.known, np.diff(self._gone)
        groups = [self._over(known.groups, 0, 0)]
        groups += [self._over(known.groups[[number]], 0, stage) for stage, number in self._number]
        links = [(self._over(known.links, 0, 0), known.levels), *self._lost_at_most()]
        links += [rows for stage in range(1, len(self._gone)) for rows in self._links_at(stage)]
        return Known(
            np.concatenate([known.most, *(step * self._system.units for step in steps)]),
            np.concatenate([known.truth, np.zeros(len(steps) * len(known.truth))]),
            csr_array(vstack(groups)),
            csr_array(vstack([rows for rows, _ in links])),
            np.concatenate([levels for _, levels in links]),
            known.orders,
        )

    def _links_at(self, stage: int) -> Iterable[tuple[csr_array, Amounts]]:
        """Links and orders as they were. What comes to nothing today comes to nothing of those who are gone."""
        known, orders = self._system.known, self._system.known.order_rows()
        loose = (known.levels != 0).any(axis=1)
        # Who stands on one side alone of segments that are made of others may have been erased.
        strays = self._gone[stage] * (abs(known.links[loose]) @ self._system.units)
        yield self._over(known.links[~loose], stage, stage), known.levels[~loose]
        yield self._over(known.links[loose], 0, stage), known.levels[loose] + np.outer(strays, [-1.0, 1.0])
        yield self._over(orders, 0, stage), np.tile([-np.inf, 0.0], (orders.shape[0], 1))

    def _lost_at_most(self) -> Iterable[tuple[csr_array, Amounts]]:
        """Of each that was told before, by how many more it may have been."""
        for each in self._earlier:
            own = self._numbers(each.group)[:1]
            yield self._over(self._system.known.groups[own], 1, self._stage(each)), np.array([[0.0, self._lost(each)]])

    def _over(self, rows: csr_array, first: int, last: int) -> csr_array:
        """Rows of today's counts and steps (from 0 on), from one to another."""
        signs = np.zeros((1, len(self._gone)))
        signs[0, first : last + 1] = 1.0
        return csr_array(kron(csr_array(signs), rows))


def _at_once(rows: Iterable[_Row]) -> list[_Row]:
    """Where one was told twice, what agrees with both; where nothing does, it has moved between the two."""
    found: dict[int, _Row] = {}
    for group, number, (low, high) in rows:
        _, _, other = found.get(number, _Row(group, number, Told(low, high)))
        found[number] = _Row(group, number, Told(*sorted((max(low, other.low), min(high, other.high)))))
    return list(found.values())


def _few_stages(earlier: Sequence[Earlier]) -> list[Earlier]:
    """Where there are many, those between are taken for the oldest: there may have been so many more."""
    gone = sorted({each.gone for each in earlier})
    stages = gone if len(gone) <= _STAGES else [*gone[: _STAGES - 1], gone[-1]]
    return [each if each.gone in stages else _of_more(each, gone[-1]) for each in earlier]


def _of_more(each: Earlier, gone: int) -> Earlier:
    more = (gone - each.gone) * len(each.group.units)
    return Earlier(each.group, gone, Told(each.told.low, each.told.high + more), each.n + more)


def _joined(numbers: NDArray[np.intp], ranges: Amounts, earlier: Sequence[_Row]) -> tuple[NDArray[np.intp], Amounts]:
    more = np.array([row.number for row in earlier], dtype=np.intp)
    levels = np.array([row.told for row in earlier], dtype=np.float64).reshape(-1, 2)
    return np.concatenate([numbers, more]), np.concatenate([ranges, levels])
