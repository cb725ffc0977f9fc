"""The oracle's arithmetic: Wilson, the jackknife over messages, Kaplan-Meier; each written out from its definition.

Only the quantile of Student's t is asked of scipy. What the counts mean is left to `states`, which are pooled to `oracle`.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import cache
from math import ceil, exp, floor, inf, log, sqrt
from statistics import NormalDist

from scipy.stats import t as student

Z = NormalDist().inv_cdf(0.975)
_TOLERANCE = 1e-9
_SLOT = 300
Interval = tuple[float, float]


def wilson(successes: float, trials: float) -> Interval:
    """Wilson's 95 % interval for a share; `trials` over 0."""
    share, square = successes / trials, Z * Z / trials
    centre = (share + square / 2) / (1 + square)
    half = Z * sqrt(share * (1 - share) / trials + square / (4 * trials)) / (1 + square)
    return max(0.0, centre - half), min(1.0, centre + half)


def across_units(successes: Sequence[float], trials: Sequence[float]) -> Interval | None:
    """The 95 % interval of a pooled share with the message (or campaign) as the unit of sampling; None over nobody.

    Leave-one-out jackknife on the logit with half a person on both sides, never narrower than the pooled Wilson.
    """
    pairs = [(y, n) for y, n in zip(successes, trials, strict=True) if n > 0]
    if not pairs:
        return None
    all_y, all_n = sum(y for y, _ in pairs), sum(n for _, n in pairs)
    # Of parts that are no whole people, the whole ones on either side.
    pooled = wilson(floor(all_y + _TOLERANCE), all_n)[0], wilson(ceil(all_y - _TOLERANCE), all_n)[1]
    if len(pairs) == 1:
        return pooled
    without = [_logit(all_y - y, all_n - n) for y, n in pairs]
    mean = sum(without) / len(without)
    variance = (len(pairs) - 1) / len(pairs) * sum((value - mean) ** 2 for value in without)
    effective = all_n**2 / sum(n * n for _, n in pairs)
    variance *= 1 + 1 / effective - 1 / len(pairs)
    reach = _quantile(max(1.0, effective - 1)) * sqrt(variance)
    centre = _logit(all_y, all_n)
    return min(_expit(centre - reach), pooled[0]), max(_expit(centre + reach), pooled[1])


@cache
def _quantile(freedom: float) -> float:
    return float(student.ppf(0.975, freedom))


def _logit(y: float, n: float) -> float:
    return log((y + 0.5) / (n - y + 0.5))


def _expit(value: float) -> float:
    # Beyond 700 `exp` leaves the range of floats; the share is 0 or 1 long before.
    return 1 / (1 + exp(-max(-700.0, min(700.0, value))))


def median(delays: Sequence[int], never: int, left: Sequence[int] = ()) -> float:
    """The Kaplan-Meier median where `never` people were watched for longer than any of the delays, and others only for as long as
    `left` says: inf where it is not reached. Who is reached at the moment at which others leave is reached before."""
    for moment, survival, _ in _curve(delays, never, left):
        if survival <= 0.5 + _TOLERANCE:
            return moment
    return inf


def median_interval(delays: Sequence[int], never: int, left: Sequence[int] = ()) -> Interval:
    """The 95 % log-log interval of that median. Where nobody is left (S = 0) the formula has no answer: there it is the
    interval of nobody out of everybody."""
    lower = upper = inf
    everybody = len(delays) + never + len(left)
    for moment, survival, greenwood in _curve(delays, never, left):
        low, high = _log_log(survival, greenwood) if survival > 0 else wilson(0, everybody)
        if lower == inf and low <= 0.5 + _TOLERANCE:
            lower = moment
        if upper == inf and high <= 0.5 + _TOLERANCE:
            upper = moment
    return lower, upper


def median_across_units(units: Sequence[tuple[Sequence[int], int]]) -> Interval:
    """The 95 % interval of the median over several units, each as its delays and its people: asked at the end of every five minutes whether
    a half lies inside the interval of the share reached by then. From where the first of these in which it may begins, to the end of the
    first by which more than half surely are."""
    lower = upper = inf
    everybody = [people for _, people in units]
    last = max((delay for delays, _ in units for delay in delays), default=-1)
    for moment in range(0, last + _SLOT, _SLOT):
        reached = [sum(delay <= moment for delay in delays) for delays, _ in units]
        low, high = across_units(reached, everybody) or (0.0, 1.0)
        if lower == inf and high >= 0.5:
            lower = max(0, moment - _SLOT)
        if low > 0.5:
            upper = moment
            break
    return lower, upper


def _curve(delays: Sequence[int], never: int, left: Sequence[int]) -> list[tuple[float, float, float]]:
    """For each time at which somebody was reached: the time, S just after it, Greenwood's sum."""
    curve = []
    survival, greenwood = 1.0, 0.0
    watched = sorted([*delays, *left])
    for moment, reached in sorted(Counter(delays).items()):
        at_risk = never + len(watched) - bisect_left(watched, moment)
        survival *= (at_risk - reached) / at_risk
        greenwood += reached / (at_risk * (at_risk - reached)) if at_risk > reached else inf
        curve.append((float(moment), survival, greenwood))
    return curve


def _log_log(survival: float, greenwood: float) -> Interval:
    spread = Z * sqrt(greenwood) / abs(log(survival))
    return survival ** exp(spread), survival ** exp(-spread)
