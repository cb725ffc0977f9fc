"""Figures that are no share of people: means of what people come to, and points of a distribution. Formulas: `docs/indicators.md`, "Means".
Shares and medians are left to `figures`."""

import math
from fractions import Fraction
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from metrics.bounds import NOT_REACHED, TAIL, Interval, over_messages, wilson
from metrics.figures import NOTHING, Figures, Method, Question
from metrics.reading import Found, State

SCORE = 10_000  # what people come to is summed in ten-thousandths, so that sums are exact
_NOTHING = np.zeros(0, dtype=np.int64)
# The columns of `extra`: how much each unit weighs (people, or answers), and the sum of their scores.
WEIGHT, TOTAL = 0, 1


def ten_thousandths(share: Fraction) -> int:
    """Rounded; a half is rounded up."""
    return math.floor(share * SCORE + Fraction(1, 2))


def mean(*, lowest: int = 0) -> Method:
    """The method for a mean of scores from `lowest` to 1, published as 0 where it is below. Those who cannot be measured (P, U) may
    come to anything."""
    return partial(_mean, lowest=lowest)


def _mean(found: Found, question: Question, *, lowest: int) -> Figures:
    weights = found.extra[:, WEIGHT]
    # As whole numbers of steps on the way from the lowest score to the highest, as which everything else is computed.
    steps = SCORE * (1 - lowest)
    way = found.extra[:, TOTAL] - lowest * SCORE * weights
    hidden = found.counts[:, State.P] + found.counts[:, State.U]
    known, unknown, total = int(weights.sum()), int(hidden.sum()), int(way.sum())
    if not known + unknown:
        return NOTHING
    value = total / (steps * known) if known and unknown <= known else None
    most = steps * (known + unknown)
    measured = total / most, (total + steps * unknown) / most
    people = int(found.counts[:, State.H].sum())
    bounds = measured
    if question.missing_at_random and value is not None:
        bounds = (value, value) if question.judge == "count" else _process(way, weights, people, steps)
    elif question.judge == "process":
        everybody = weights + hidden, people + unknown, steps
        bounds = _process(way, *everybody)[0], _process(way + steps * hidden, *everybody)[1]
    back = partial(_back, lowest=lowest)
    return Figures(
        None if value is None else back(value), back(bounds[0]), back(bounds[1]), (back(measured[0]), back(measured[1]))
    )


def _back(share: float, *, lowest: int) -> float:
    return max(0.0, lowest + share * (1 - lowest))


def _process(way: NDArray[np.int64], weights: NDArray[np.int64], people: int, steps: int) -> Interval:
    """Chance included: the message as the unit of sampling; never narrower than Wilson over the people, which holds for any mean of
    numbers from 0 to 1, since none varies more than yes and no do."""
    everything = int(weights.sum())
    if not everything:
        return 0.0, 1.0
    as_many = Fraction(
        int(way.sum()) * people, steps * everything
    )  # as if so many of them had said yes, and the others no
    pooled = wilson(math.floor(as_many), people)[0], wilson(math.ceil(as_many), people)[1]
    there = weights > 0
    if there.sum() < 2:
        return pooled
    low, high = over_messages(way[there] / steps, weights[there])
    return min(low, pooled[0]), max(high, pooled[1])


def percentile(share: float) -> Method:
    """The method for the point below which `share` of the people lie (numpy's linear interpolation), over one unit's times."""
    return partial(_percentile, share=share)


def _percentile(found: Found, question: Question, *, share: float) -> Figures:
    amounts = np.sort(np.concatenate([np.repeat(unit.seconds, unit.reached) for unit in found.times] or [_NOTHING]))
    if not len(amounts):
        return NOTHING
    value = float(np.quantile(amounts, share))
    measured = value, value
    if question.judge == "count":
        return Figures(value, value, value, measured)
    # Of n people, how many may lie below the point: the ranks between which it lies. Of too few people it may lie beyond them all.
    low, high = binom.ppf([TAIL, 1 - TAIL], len(amounts), share).astype(int)
    lower = float(amounts[low - 1]) if low > 0 else 0.0
    upper = float(amounts[high]) if high < len(amounts) else NOT_REACHED
    return Figures(value, min(lower, value), max(upper, value), measured)
