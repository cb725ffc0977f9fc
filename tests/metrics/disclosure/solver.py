"""Linear programming for many goals over the same rows: HiGHS keeps where it stood, so that the next goal costs a fraction of the first.
scipy's own functions begin anew each time; its binding of HiGHS is nobody's public door, and scipy is pinned."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize._highspy import _core as highs
from scipy.sparse import csr_array

_FINISHED = highs.HighsModelStatus.kOptimal
_ENDLESS = (highs.HighsModelStatus.kUnbounded, highs.HighsModelStatus.kUnboundedOrInfeasible)


class Solver:
    """Columns of 0 and more; each row of `matrix` lies between `low` and `high`."""

    def __init__(self, matrix: csr_array, low: NDArray[np.float64], high: NDArray[np.float64]) -> None:
        rows, columns = matrix.shape
        self._columns = np.arange(columns, dtype=np.int32)
        self._solver = highs._Highs()
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("simplex_strategy", 4)  # primal: the last world stays possible for the next goal
        model = highs.HighsLp()
        model.num_col_, model.num_row_ = columns, rows
        model.col_cost_ = np.zeros(columns)
        model.col_lower_, model.col_upper_ = np.zeros(columns), np.full(columns, highs.kHighsInf)
        model.row_lower_, model.row_upper_ = low, high
        model.a_matrix_.format_ = highs.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
            matrix.indptr,
            matrix.indices,
            matrix.data,
        )
        self._solver.passModel(model)

    def solve(self, goal: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Where `goal` is least; None where it can be as little as one likes."""
        self._solver.changeColsCost(len(self._columns), self._columns, goal)
        self._solver.run()
        status = self._solver.getModelStatus()
        if status in _ENDLESS:
            return None
        assert status == _FINISHED, status
        return np.array(self._solver.getSolution().col_value)
