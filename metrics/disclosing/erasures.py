"""What was told before somebody was erased: it is about counts of their own, which were at most so many more than today's. How today's hang
together is left to `system`, what is hidden to `suppression`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, csr_array, eye_array, kron, vstack

from metrics.disclosing.groups import EVERYBODY, Earlier, Group, Told, told_of
from metrics.disclosing.programme import Amounts
from metrics.disclosing.rows import Atoms, Ground, Known, Rows
from metrics.disclosing.system import System

_USE = "erased"
_STAGES = 2  # each is a system of its own: with more of them it takes minutes


class _Row(NamedTuple):
    """What was told before of a group, whose row is this."""

    group: Group
    number: int
    told: Told


class Erasures:
    """The counts of a system at each stage: today, and before so many were erased, fewer first. `earlier`: what was told before."""

    def __init__(self, system: System, earlier: Collection[Earlier]) -> None:
        self._system = system
        self._earlier = _few_stages([each for each in earlier if each.group in system.groups])
        self._gone = [0, *sorted({each.gone for each in self._earlier})]
        self._rows: list[_Row] = []
        self._ground = self._find_ground()

    @property
    def stages(self) -> int:
        """None where nothing agrees with all that was told."""
        return 0 if self._ground is None else len(self._gone)

    def rows(self, told: Mapping[Group, Told], *, wholes: bool = False) -> Rows:
        """What is known where these are told today. `wholes`: of what was told before that of everybody alone."""
        assert self._ground is not None
        groups, numbers, ranges = self._system.numbered(told)
        earlier = [row for row in self._rows if not wholes or row.group.place == EVERYBODY]
        return Rows(self._ground, groups, *_joined(numbers, ranges, earlier), _USE)

    def at(self, stage: int, atoms: Atoms) -> Atoms:
        found = np.zeros(len(self._gone) * len(atoms), dtype=np.bool_)
        found[stage * len(atoms) : (stage + 1) * len(atoms)] = atoms
        return found

    def _find_ground(self) -> Ground | None:
        """With counts that agree with all that was told, and with today's: as it was told, where only erasures lie between; else as it
        might be told of today's and of as many more."""
        known = self._known()
        _, numbers, ranges = self._system.numbered({group: self._today(group) for group in self._system.groups})
        for grown in (False, True) if self._earlier else ():
            self._rows = [row for each in self._earlier for row in self._told(each, grown=grown)]
            ground = Ground(known)
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
        first = self._gone.index(each.gone) * len(self._system.groups)
        _, (own, *others), (_, *ranges) = self._system.numbered({each.group: today})
        yield _Row(each.group, first + int(own), told)
        for number, (low, high) in zip(others, ranges, strict=True):
            yield _Row(each.group, first + int(number), Told(low, high + lost))

    def _lost(self, each: Earlier) -> float:
        """How many of a group were erased, at the most: as many as it is fewer, where it is."""
        fewer, most = each.n - self._system.sum(each.group).n, each.gone * len(each.group.units)
        return min(fewer, most) if fewer >= 0 else most

    def _known(self) -> Known:
        known, units, stages = self._system.known, self._system.units, len(self._gone)
        # Who stands on one side alone of segments that are made of others may have been erased.
        strays = (known.levels != 0).any(axis=1) * (abs(known.links) @ units)
        levels = [known.levels + np.outer(gone * strays, [-1, 1]) for gone in self._gone]
        steps, amounts = self._steps()
        return Known(
            np.concatenate([known.most + gone * units for gone in self._gone]),
            np.zeros(stages * len(units)),
            csr_array(block_diag([known.groups] * stages)),
            csr_array(vstack([block_diag([known.links] * stages), *steps])),
            np.concatenate([*levels, *amounts]),
            np.concatenate([known.orders + stage * len(units) for stage in range(stages)]),
        )

    def _steps(self) -> tuple[list[csr_array], list[Amounts]]:
        """By how many counts may have been more: from each stage to the next those of every atom, from today those of all that was told."""
        units = self._system.units
        steps = [self._less(eye_array(len(units)), stage + 1, stage) for stage in range(len(self._gone) - 1)]
        amounts = [np.outer((more - fewer) * units, [0.0, 1.0]) for fewer, more in pairwise(self._gone)]
        for each in self._earlier:
            inside = csr_array(self._system.groups[each.group].astype(np.float64)[None, :])
            steps.append(self._less(inside, self._gone.index(each.gone), 0))
            amounts.append(np.array([[0.0, self._lost(each)]]))
        return steps, amounts

    def _less(self, atoms: csr_array, stage: int, other: int) -> csr_array:
        """The counts of one stage less those of another."""
        signs = np.zeros((1, len(self._gone)))
        signs[0, [stage, other]] = 1.0, -1.0
        return csr_array(kron(csr_array(signs), atoms))


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
