"""Linear programming over one system, for many goals and changing rows: HiGHS keeps where it stood, so that the next goal costs a fraction
of the first. What the rows mean is left to `system`.

scipy's own functions begin anew each time, which takes ten times as long. Its binding of HiGHS is no public door of scipy's: scipy is
pinned, and tests would tell."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize._highspy import _core as highs
from scipy.sparse import csr_array

ROUNDING = 1e-6
_DUAL = 1
_PRIMAL = 4  # the last world stays possible for the next goal, and where rows are let go
_LARGE = 15_000  # rows: from here on a first world is found from the inside, and the goals after it are nearer
_ENDLESS = (highs.HighsModelStatus.kUnbounded, highs.HighsModelStatus.kUnboundedOrInfeasible)
_SOLVED = (highs.HighsModelStatus.kOptimal, *_ENDLESS)

Amounts = NDArray[np.float64]


class End(NamedTuple):
    """The least that a goal can be, the rows that keep it from being less, and a world in which it is."""

    value: float
    rows: frozenset[int]
    world: Amounts | None


class Programme:
    """Columns from 0 to their `most`; each row of `matrix` lies in its `levels`, which may change. All are counted from `origin`: the
    solver puts a row that is let go to nothing, and where that is what it was, the world it stands in stays possible."""

    def __init__(self, matrix: csr_array, levels: Amounts, most: Amounts, origin: Amounts) -> None:
        self._origin, self._rows_at = origin, (matrix @ origin)[:, None]
        levels = levels - self._rows_at
        self._levels = levels
        self._start: object = None
        self._goal = np.zeros(len(most))
        self._is_begun = False
        model = highs.HighsLp()
        model.num_col_, model.num_row_ = len(most), len(levels)
        model.col_cost_, model.col_lower_, model.col_upper_ = np.zeros(len(most)), 0.0 - origin, most - origin
        model.row_lower_, model.row_upper_ = levels[:, 0], levels[:, 1]
        model.a_matrix_.format_ = highs.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
            matrix.indptr,
            matrix.indices,
            matrix.data,
        )
        self._solver = highs._Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("simplex_strategy", _PRIMAL)
        self._solver.passModel(model)

    def set_levels(self, levels: Amounts) -> None:
        levels = levels - self._rows_at
        for row in np.flatnonzero((levels != self._levels).any(axis=1)).tolist():
            self._solver.changeRowBounds(row, levels[row, 0], levels[row, 1])
        self._levels = levels

    @property
    def start(self) -> object:
        """Where it stood when a first world was found; None before."""
        return self._start

    def begin_at(self, start: object) -> None:
        """Where another programme of the same rows began."""
        self._solver.setBasis(start)
        self._start, self._is_begun = start, True

    def _begin(self) -> None:
        """Find a world, any: from there to the first goal it is half as far as from nothing at all."""
        self._solver.setOptionValue("simplex_strategy", _DUAL)
        self._solver.run()
        self._solver.setOptionValue("simplex_strategy", _PRIMAL)

    def _run(self) -> object:
        self._solver.run()
        return self._solver.getModelStatus()

    def find(self) -> Amounts | None:
        """Any world that agrees with all rows; None where there is none."""
        self._solver.setOptionValue("solver", "ipm" if len(self._levels) > _LARGE else "simplex")
        self._solver.setOptionValue("simplex_strategy", _DUAL)  # without a goal it has nothing to lose on the way
        status = self._run()
        self._solver.setOptionValue("solver", "choose")
        self._solver.setOptionValue("simplex_strategy", _PRIMAL)
        if status not in _SOLVED:
            return None
        self.begin_at(self._solver.getBasis())
        world: Amounts = self._origin + np.array(self._solver.getSolution().col_value)
        return world

    def least(self, goal: Amounts, *, afresh: bool = False) -> End:
        """`afresh`: as if nothing had been solved before, but for where it began."""
        if afresh:
            self._solver.clearSolver()
            self._solver.setBasis(self._start) if self._start is not None else None
        elif not self._is_begun:
            self._begin()
        self._is_begun = True
        changed = np.flatnonzero(goal != self._goal).astype(np.int32)
        self._solver.changeColsCost(len(changed), changed, goal[changed])
        self._goal = goal
        status = self._run()
        if status not in _SOLVED:
            self._solver.clearSolver()  # what it went on from misled it: once more from nothing
            status = self._run()
        if status in _ENDLESS:  # nothing holds it
            return End(-np.inf, frozenset(), None)
        if status not in _SOLVED:  # nobody can say how closely it is held: as closely as can be, by any of them
            return End(np.inf, frozenset(range(len(self._levels))), None)
        found = self._solver.getSolution()
        world, prices = self._origin + np.array(found.col_value), np.array(found.row_dual)
        return End(float(goal @ world), frozenset(np.flatnonzero(np.abs(prices) > ROUNDING).tolist()), world)
