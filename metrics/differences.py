"""How far segments differ beyond chance, from the counts of another indicator. Formula: `docs/indicators.md`, E1."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from metrics.classes import Unit
from metrics.figures import NOTHING, Figures, Question
from metrics.reading import Cells, Found, State

_FEWEST = 10  # people of a segment: fewer say nothing of it
_RESAMPLES = 999
_CONFIDENCE = 0.95

CellsOf = Callable[[Unit], Cells | None]


def by_segment(units: Sequence[Unit], cells_of: CellsOf, attribute: str) -> CellsOf:
    """The same counts with those of each segment beside them (`extra`): who did it, and about whom it is known, in one order for all."""
    names = sorted({name for unit in units if (cells := cells_of(unit)) for name in cells.values.get(attribute, ())})

    def widened(unit: Unit) -> Cells | None:
        cells = cells_of(unit)
        if cells is None:
            return None
        pairs = np.zeros((len(names), 2), dtype=np.int64)
        for row, name in enumerate(cells.values.get(attribute, ())):
            counts = cells.counts[attribute][row]
            known = counts[: State.OUT].sum() - counts[State.P] - counts[State.U]
            pairs[names.index(name)] = counts[State.H], known
        return Cells({"": ("",)}, {"": cells.counts[""]}, extra={"": pairs.reshape(1, -1)})

    return widened


def spread(found: Found, question: Question) -> Figures:
    """The method: standard deviation of the segments' true values, chance removed (beta-binomial, by moments)."""
    units = found.extra.reshape(len(found.extra), -1, 2)
    value = _deviation(units.sum(axis=0)[np.newaxis])[0]
    if np.isnan(value):
        return NOTHING
    measured = float(value), float(value)
    if question.judge == "count" or len(units) < 2:
        return Figures(float(value), *measured, measured)
    drawn = np.random.default_rng(question.seed).multinomial(
        len(units), np.full(len(units), 1 / len(units)), _RESAMPLES
    )
    deviations = _deviation(np.tensordot(drawn, units, axes=1))
    known = np.sort(deviations[~np.isnan(deviations)])
    low, high = np.quantile(known, [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2])
    return Figures(float(value), min(float(low), measured[0]), max(float(high), measured[1]), measured)


def _deviation(classes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of each class, shape (classes, segments, 2) to (classes,); NaN where fewer than two segments say anything."""
    done, people = classes[..., 0].astype(np.float64), classes[..., 1].astype(np.float64)
    there = people >= _FEWEST
    done, people = np.where(there, done, 0.0), np.where(there, people, 0.0)
    segments, everybody = there.sum(axis=1), people.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = done.sum(axis=1) / everybody
        between = np.where(there, people * (done / people - share[:, np.newaxis]) ** 2, 0.0).sum(axis=1)
        by_chance = (segments - 1) * share * (1 - share)
        variance = (between - by_chance) / (everybody - (people**2).sum(axis=1) / everybody)
    deviation: NDArray[np.float64] = np.sqrt(np.maximum(variance, 0.0))
    return np.where(segments > 1, deviation, np.nan)
