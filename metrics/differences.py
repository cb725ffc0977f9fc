"""How far segments differ beyond chance, from the counts of another indicator. Formula: `docs/indicators.md`, E1."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from metrics.classes import Unit
from metrics.figures import NOTHING, Figures, Question
from metrics.reading import Cells, Found, State

_RESAMPLES = 999
_CONFIDENCE = 0.95
_OUTSIDE = 0.001  # on either side of a funnel of 99.8 %

CellsOf = Callable[[Unit], Cells | None]


def segments_of(units: Sequence[Unit], cells_of: CellsOf, attribute: str) -> list[str]:
    """The values of an attribute that anybody has in any of the units, sorted."""
    return sorted({name for unit in units if (cells := cells_of(unit)) for name in cells.values.get(attribute, ())})


def by_segment(cells_of: CellsOf, attribute: str, names: Sequence[str]) -> CellsOf:
    """The same counts with those of each segment beside them (`extra`): who did it, and about whom it is known, in the order of
    `names`."""

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


def spread(found: Found, question: Question, *, names: Sequence[str], smallest: int) -> Figures:
    """The method: standard deviation of the segments' true values, chance removed (beta-binomial, by moments); segments of fewer than
    `smallest` people say nothing. Those that chance does not explain are named."""
    units = found.extra.reshape(len(found.extra), -1, 2)
    value = _deviation(units.sum(axis=0)[np.newaxis], smallest)[0]
    if np.isnan(value):
        return NOTHING
    measured = float(value), float(value)
    note = _name_outside(units, names, smallest)
    if question.judge == "count" or len(units) < 2:
        return Figures(float(value), *measured, measured, note=note)
    drawn = np.random.default_rng(question.seed).multinomial(
        len(units), np.full(len(units), 1 / len(units)), _RESAMPLES
    )
    deviations = _deviation(np.tensordot(drawn, units, axes=1), smallest)
    known = np.sort(deviations[~np.isnan(deviations)])
    if not len(known):
        return Figures(float(value), *measured, measured, note=note)
    low, high = np.quantile(known, [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2])
    return Figures(float(value), min(float(low), measured[0]), max(float(high), measured[1]), measured, note=note)


def _name_outside(units: NDArray[np.int64], names: Sequence[str], smallest: int) -> str:
    """The segments outside the 99.8 % funnel around what all do together, in a sentence; none of fewer than `smallest` people."""
    done, people = units.sum(axis=0).T
    there = units[:, :, 1].max(axis=0) >= smallest
    share = done[there].sum() / max(people[there].sum(), 1)
    low = there & (binom.cdf(done, people, share) < _OUTSIDE)
    high = there & (binom.sf(done - 1, people, share) < _OUTSIDE)
    sides = [
        f"{name} {side}"
        for outside, side in ((low, "lower"), (high, "higher"))
        for name, is_outside in zip(names, outside.tolist(), strict=True)
        if is_outside
    ]
    return f"Beyond what chance explains: {', '.join(sides)}." if sides else ""


def _deviation(classes: NDArray[np.int64], smallest: int) -> NDArray[np.float64]:
    """Of each class, shape (classes, segments, 2) to (classes,); NaN where fewer than two segments say anything."""
    done, people = classes[..., 0].astype(np.float64), classes[..., 1].astype(np.float64)
    there = people >= smallest
    done, people = np.where(there, done, 0.0), np.where(there, people, 0.0)
    segments, everybody = there.sum(axis=1), people.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = done.sum(axis=1) / everybody
        between = np.where(there, people * (done / people - share[:, np.newaxis]) ** 2, 0.0).sum(axis=1)
        by_chance = (segments - 1) * share * (1 - share)
        variance = (between - by_chance) / (everybody - (people**2).sum(axis=1) / everybody)
    deviation: NDArray[np.float64] = np.sqrt(np.maximum(variance, 0.0))
    return np.where(segments > 1, deviation, np.nan)
