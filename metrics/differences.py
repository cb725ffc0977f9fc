"""How far segments differ beyond chance, from the counts of another indicator. Formula: `docs/indicators.md`, E1."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import binom

from metrics.bounds import TAIL, Interval, quantile
from metrics.classes import Unit
from metrics.figures import NOTHING, Figures, Question
from metrics.reading import Cells, Found, State

_NORMAL = float(ndtri(1 - TAIL))
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
    everything = found.extra.reshape(len(found.extra), -1, 2)
    units = everything[:, everything[:, :, 1].sum(axis=0) >= smallest]
    units = units[units[:, :, 1].any(axis=1)]
    variance = float(_variance(units.sum(axis=0)[np.newaxis])[0])
    if math.isnan(variance):
        return NOTHING
    bounds = (variance, variance) if question.judge == "count" else _interval(units, variance)
    value = _root(variance)
    note = _name_outside(everything, names, smallest)
    return Figures(value, _root(bounds[0]), _root(bounds[1]), (value, value), note=note)


def _root(variance: float) -> float:
    return min(math.sqrt(max(variance, 0.0)), 1.0)


def _interval(units: NDArray[np.int64], variance: float) -> Interval:
    """Chance included, on the scale of variances, which may be negative: the jackknife over messages, never narrower than by chance between
    people alone. Where leaving a message out leaves no two segments, anything is possible."""
    total = units.sum(axis=0)
    people = _by_people(total, variance)
    messages = len(units)
    if messages < 2:
        return people
    # Sums in sorted order, so that the same messages give the same bytes whatever order they arrived in.
    left = np.sort(_variance(total - units))
    if np.isnan(left).any():
        return 0.0, 1.0
    squares = np.sort((left - left.sum() / messages) ** 2).sum()
    reach = quantile(units[:, :, 1].sum(axis=1)) * float((messages - 1) / messages * squares) ** 0.5
    return min(variance - reach, people[0]), max(variance + reach, people[1])


def _by_people(total: NDArray[np.int64], variance: float) -> Interval:
    """The variances from which what was found lies no further than 1.96 of the standard deviations that chance between people has there, as
    Wilson's interval is of a share. `total`: shape (segments, 2)."""
    done, people = total.sum(axis=0).tolist()
    chance = done / people * (1 - done / people)
    weight = people - float((total[:, 1] ** 2).sum()) / people
    shift = 2 * _NORMAL**2 * chance / weight
    inside = 2 * _NORMAL**2 * (len(total) - 1) * (chance / weight) ** 2 + shift * (2 * variance + shift)
    reach = max(inside, 0.0) ** 0.5
    return variance + shift - reach, variance + shift + reach


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


def _variance(classes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of each class, shape (classes, segments, 2) to (classes,); NaN where fewer than two segments have anybody, below 0 where they lie
    nearer together than chance would have it."""
    done, people = classes[..., 0].astype(np.float64), classes[..., 1].astype(np.float64)
    there = people > 0
    segments, everybody = there.sum(axis=1), people.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = done.sum(axis=1) / everybody
        between = np.where(there, people * (done / people - share[:, np.newaxis]) ** 2, 0.0).sum(axis=1)
        by_chance = (segments - 1) * share * (1 - share)
        variance: NDArray[np.float64] = (between - by_chance) / (everybody - (people**2).sum(axis=1) / everybody)
    return np.where(segments > 1, variance, np.nan)
