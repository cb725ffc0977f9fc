"""Figures that are no share of people: means of what people come to, and points of a distribution. Formulas: `docs/indicators.md`, "Means".
Shares and medians are left to `figures`."""

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from metrics.bounds import ROUNDING, Interval, over_messages, wilson
from metrics.figures import NOTHING, Figures, Method, Question
from metrics.reading import Found, State

SCORE = 10_000  # what people come to is summed in ten-thousandths, so that sums are exact
_NOTHING = np.zeros(0, dtype=np.int64)
WEIGHT, TOTAL = (
    0,
    1,
)  # the columns of `extra`: how much each unit weighs (people, or answers), and the sum of their scores


def mean(*, lowest: float = 0.0, floor: float = 0.0) -> Method:
    """The method for a mean of scores from `lowest` to 1, nowhere published below `floor`. Those who cannot be measured (P, U) may
    come to anything."""
    return partial(_mean, lowest=lowest, floor=floor)


def _mean(found: Found, question: Question, *, lowest: float, floor: float) -> Figures:
    weights = found.extra[:, WEIGHT]
    # As a share of the way from the lowest score to the highest, as which everything else is computed.
    way = (found.extra[:, TOTAL] / SCORE - lowest * weights) / (1 - lowest)
    hidden = found.counts[:, State.P] + found.counts[:, State.U]
    known, unknown = int(weights.sum()), int(hidden.sum())
    if not known + unknown:
        return NOTHING
    total = _sum(way)
    value = total / known if known and unknown <= known else None
    measured = total / (known + unknown), (total + unknown) / (known + unknown)
    people = int(found.counts[:, State.H].sum()), unknown
    bounds = measured
    if question.missing_at_random and value is not None:
        bounds = (value, value) if question.judge == "count" else _process(way, weights, people[0])
    elif question.judge == "process":
        lower = _process(way, weights + hidden, sum(people))[0]
        bounds = lower, _process(way + hidden, weights + hidden, sum(people))[1]
    back = partial(_back, lowest=lowest, floor=floor)
    return Figures(
        None if value is None else back(value), back(bounds[0]), back(bounds[1]), (back(measured[0]), back(measured[1]))
    )


def _back(share: float, *, lowest: float, floor: float) -> float:
    return max(floor, lowest + share * (1 - lowest))


def _process(totals: NDArray[np.float64], weights: NDArray[np.int64], people: int) -> Interval:
    """Chance included: the message as the unit of sampling; never narrower than Wilson over the people, which holds for any mean of
    numbers from 0 to 1, since none varies more than yes and no do."""
    everything = int(weights.sum())
    if not everything:
        return 0.0, 1.0
    # Whole people on either side; a product that comes to a whole number on paper may miss it by a little.
    done = min(1.0, _sum(totals) / everything) * people
    pooled = wilson(math.floor(done + ROUNDING), people)[0], wilson(math.ceil(done - ROUNDING), people)[1]
    there = weights > 0
    if there.sum() < 2:
        return pooled
    low, high = over_messages(totals[there], weights[there])
    return min(low, pooled[0]), max(high, pooled[1])


def _sum(amounts: NDArray[np.float64]) -> float:
    """In sorted order, so that the same units give the same bytes whatever order they arrived in."""
    return float(np.sort(amounts).sum())


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
    # Of n people, how many may lie below the point: the ranks between which it lies.
    low, high = binom.ppf([0.025, 0.975], len(amounts), share).astype(int)
    lower, upper = float(amounts[max(low - 1, 0)]), float(amounts[min(high, len(amounts) - 1)])
    return Figures(value, min(lower, value), max(upper, value), measured)
