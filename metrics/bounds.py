"""How sure we are: intervals for ratios, and for the median of one message. Formulas: `docs/indicators.md`, "Bounds"; the mathematics is
scipy's. Medians of classes are left to `medians`."""

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr, ndtri, stdtr, stdtrit
from scipy.stats import CensoredData, ecdf

Interval = tuple[float, float]
NOT_REACHED = float("inf")
Ends = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Lower and upper ends of many intervals."""
Amounts = NDArray[np.int64] | NDArray[np.float64]
_CONFIDENCE = 0.95
TAIL = 0.025  # what lies beyond one end of a 95 % interval
_Z = float(ndtri(0.5 + 0.5 * _CONFIDENCE))
_SQUARE = _Z**2
ROUNDING = 1e-9  # what many steps come to may miss by this much what it is on paper


def wilson(count: int, people: int) -> Interval:
    """The 95 % Wilson interval of count / people; (0, 1) where there is nobody."""
    lower, upper = wilsons(np.array([count]), np.array([people]))
    return float(lower[0]), float(upper[0])


def wilsons(counts: NDArray[np.int64], people: NDArray[np.int64]) -> Ends:
    """The same of many: E. B. Wilson, 1927. To the last bit what scipy's `binomtest` says, which takes one at a time."""
    n = np.maximum(people, 1)
    share = counts / n
    width = 2 * (n + _SQUARE)
    centre = (2 * n * share + _SQUARE) / width
    reach = _Z / width * np.sqrt(4 * n * share * (1 - share) + _SQUARE)
    return np.where(counts <= 0, 0.0, centre - reach), np.where(counts >= people, 1.0, centre + reach)


def over_messages(counts: Amounts, people: NDArray[np.int64]) -> Interval:
    """The 95 % interval of sum(counts) / sum(people) with the message as the unit of sampling.

    Both shape (messages,); messages with nobody do not count. One message: Wilson. From two: leave-one-message-out
    jackknife on the logit scale, half a person added to both sides, its variance times 1 + 1 / m_eff - 1 / m, Student's t with m_eff - 1
    degrees of freedom, never narrower than the pooled Wilson interval. `counts` need not be whole: a sum of shares of each.
    """
    lower, upper = over_classes(counts, people, np.array([0, len(people)]))
    return float(lower[0]), float(upper[0])


def over_classes(counts: Amounts, people: NDArray[np.int64], bounds: NDArray[np.intp]) -> Ends:
    """The same of many classes, whose messages stand side by side: from `bounds[i]` to just before `bounds[i + 1]` those of the i-th."""
    kept = np.flatnonzero(people > 0)
    begins = np.searchsorted(kept, bounds)
    begins, sizes = begins[:-1], np.diff(begins)
    counts, people = counts[kept], people[kept]
    lower, upper = np.zeros(len(sizes)), np.ones(len(sizes))
    for size in np.unique(sizes[sizes > 0]).tolist():
        alike = np.flatnonzero(sizes == size)
        rows = begins[alike, np.newaxis] + np.arange(size)
        lower[alike], upper[alike] = _over(counts[rows], people[rows])
    return lower, upper


def _over(counts: Amounts, people: NDArray[np.int64]) -> Ends:
    """Of classes with as many messages each: shape (classes, messages)."""
    # Sums in sorted order, so that the same messages give the same bytes whatever order they arrived in.
    total, everybody = np.sort(counts, axis=-1).sum(axis=-1), people.sum(axis=-1)
    least = np.floor(total + ROUNDING).astype(np.int64)
    most = np.minimum(np.ceil(total - ROUNDING).astype(np.int64), everybody)
    lower, upper = wilsons(least, everybody)[0], wilsons(most, everybody)[1]
    if people.shape[-1] < 2:
        return lower, upper
    middle, spread = _jackknife(counts.astype(np.float64), people)
    reach = stdtrit(_freedom(people), 1 - TAIL) * spread
    return np.minimum(expit(middle - reach), lower), np.maximum(expit(middle + reach), upper)


def chance_below(counts: NDArray[np.int64], people: NDArray[np.int64], share: float) -> float:
    """How likely counts as low as these are where the true share is `share`: under a fortieth exactly where the upper end of
    `over_messages` lies below it. Same arguments."""
    return float(chances_below(counts[np.newaxis], people, share)[0])


def chances_below(counts: NDArray[np.int64], people: NDArray[np.int64], share: float) -> NDArray[np.float64]:
    """The same of many draws: shape (draws, messages) to (draws,)."""
    counts, people = counts[:, people > 0], people[people > 0]
    total, everybody = counts.sum(axis=1), int(people.sum())
    if not 0 < share < 1:
        return np.where((total >= everybody) | (share <= 0), 1.0, 0.0)
    pooled: NDArray[np.float64] = ndtr((total / everybody - share) / (share * (1 - share) / everybody) ** 0.5)
    if len(people) < 2:
        return pooled
    middle, spread = _jackknife(counts.astype(np.float64), people[np.newaxis])
    # Where all messages agree, `pooled` alone holds.
    distance = np.divide(middle - float(logit(share)), spread, out=np.full(len(total), -np.inf), where=spread > 0)
    chances: NDArray[np.float64] = np.maximum(pooled, stdtr(_freedom(people), distance))
    return chances


def quantile(people: NDArray[np.int64]) -> float:
    """How many standard errors a 95 % interval reaches to either side where messages to so many people are the units: Student's."""
    return float(stdtrit(_freedom(people), 1 - TAIL))


def _freedom(people: NDArray[np.int64]) -> NDArray[np.float64]:
    freedom: NDArray[np.float64] = np.maximum(_effective(people) - 1, 1.0)
    return freedom


def _effective(people: NDArray[np.int64]) -> NDArray[np.float64]:
    """As many messages to equally many people say as much; shape (..., messages) to (...,)."""
    number: NDArray[np.float64] = people.sum(axis=-1) ** 2 / (people.astype(np.float64) ** 2).sum(axis=-1)
    return number


def _jackknife(counts: NDArray[np.float64], people: NDArray[np.int64]) -> Ends:
    """Middle and standard error on the logit scale; shapes (classes, messages) to (classes,)."""
    everybody, m = people.sum(axis=-1, keepdims=True), people.shape[-1]
    total = np.sort(counts, axis=-1).sum(axis=-1, keepdims=True)
    left = _logit(total - counts, everybody - people)
    centre = np.sort(left, axis=-1).sum(axis=-1, keepdims=True) / m
    variance = (m - 1) / m * np.sort((left - centre) ** 2, axis=-1).sum(axis=-1)
    # Where a few messages have most of the people, what is left without them tells too little of how far they vary.
    uneven = 1 / _effective(people) - 1 / m
    return _logit(total, everybody)[..., 0], np.sqrt(variance * (1 + uneven))


def _logit(counts: NDArray[np.float64], people: NDArray[np.int64]) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = np.log(counts + 0.5) - np.log(people - counts + 0.5)
    return odds


def kaplan_meier(delays: NDArray[np.int64], censored: NDArray[np.int64]) -> tuple[float, Interval]:
    """The median delay and its 95 % interval by log-log bounds of the survival curve, both in the unit of the arguments
    (one entry a person; `censored` were watched that long and not reached). The median is the first time with S <= 0.5."""
    if not len(delays):
        return NOT_REACHED, (NOT_REACHED, NOT_REACHED)
    survival = ecdf(CensoredData(uncensored=delays.astype(float), right=censored.astype(float))).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
        interval = survival.confidence_interval(_CONFIDENCE, method="log-log")
    times, standing = survival.quantiles, survival.probabilities
    # Where nobody is left the log-log bounds are not defined: the interval of none out of everybody stands in.
    nobody_left = standing <= ROUNDING
    low = np.where(nobody_left, 0.0, interval.low.probabilities)
    high = np.where(nobody_left, wilson(0, len(delays) + len(censored))[1], interval.high.probabilities)
    return (
        _first_below_half(times, standing),
        (_first_below_half(times, low), _first_below_half(times, high)),
    )


def _first_below_half(times: NDArray[np.float64], survival: NDArray[np.float64]) -> float:
    below = np.flatnonzero(survival <= 0.5 + ROUNDING)
    return float(times[below[0]]) if len(below) else NOT_REACHED
