"""More of the oracle's arithmetic: percentiles, differences of shares, the spread of segments. Each written out from its definition.

Only the distribution function of the binomial and the quantile of Student's t are asked of scipy.
"""

from collections.abc import Mapping, Sequence
from math import inf, sqrt

from scipy.stats import binom
from scipy.stats import t as student

from tests.oracle.figures import Interval, Z, wilson

NINETY = 0.9
Trials = tuple[int, int]  # successes, trials


def percentile(values: Sequence[int]) -> float:
    """The 90th percentile, linear between the two values that it falls between."""
    ordered = sorted(values)
    below, tenths = divmod(9 * (len(ordered) - 1), 10)
    above = min(below + 1, len(ordered) - 1)
    return (ordered[below] * (10 - tenths) + ordered[above] * tenths) / 10


def percentile_interval(values: Sequence[int]) -> Interval:
    """The values at the ranks between which that percentile lies in 95 % of all draws: the highest rank r such that r or more of n
    lie below it in 97.5 %, and the lowest such that fewer than r do. Where there is no such rank, the end is open."""
    ordered = sorted(values)
    n = len(ordered)
    lower = [rank for rank in range(1, n + 1) if binom.sf(rank - 1, n, NINETY) > 0.975]
    upper = [rank for rank in range(1, n + 1) if binom.cdf(rank - 1, n, NINETY) >= 0.975]
    return ordered[lower[-1] - 1] if lower else 0, ordered[upper[0] - 1] if upper else inf


def newcombe(first: tuple[int, int], second: tuple[int, int]) -> Interval:
    """Newcombe's hybrid score interval of a difference of two shares, each as successes and trials."""
    one, other = first[0] / first[1], second[0] / second[1]
    (one_low, one_high), (other_low, other_high) = wilson(*first), wilson(*second)
    down = sqrt((one - one_low) ** 2 + (other_high - other) ** 2)
    up = sqrt((one_high - one) ** 2 + (other - other_low) ** 2)
    return one - other - down, one - other + up


def true_spread(segments: Sequence[Trials]) -> float | None:
    """The standard deviation of the segments' true shares without chance (beta-binomial, by moments); None for fewer than two."""
    variance = _true_variance(segments)
    return None if variance is None else sqrt(max(0.0, variance))


def _true_variance(segments: Sequence[Trials]) -> float | None:
    known = [(y, n) for y, n in segments if n]
    if len(known) < 2:
        return None
    everybody, count = sum(n for _, n in known), len(known)
    share = sum(y for y, _ in known) / everybody
    scatter = sum(n * (y / n - share) ** 2 for y, n in known)
    return (scatter - (count - 1) * share * (1 - share)) / _weight(known)


def _weight(segments: Sequence[Trials]) -> float:
    everybody = sum(n for _, n in segments)
    return everybody - sum(n * n for _, n in segments) / everybody


def spread_interval(messages: Sequence[Sequence[Trials]]) -> Interval:
    """The 95 % interval of that deviation: of every message the segments, in one order. The jackknife over messages on the variance, with
    Student's t; never narrower than those variances that lie within 1.96 of their own standard deviations by chance between people."""
    messages = [message for message in messages if any(n for _, n in message)]
    total = [(sum(y for y, _ in segment), sum(n for _, n in segment)) for segment in zip(*messages, strict=True)]
    found = _true_variance(total) or 0.0
    low, high = _variances_by_chance(total, found)
    if len(messages) > 1:
        without = [_true_variance(_less(total, message)) for message in messages]
        known = [one for one in without if one is not None]
        if len(known) < len(without):
            return 0.0, 1.0
        middle = sum(known) / len(known)
        error = sqrt((len(known) - 1) / len(known) * sum((one - middle) ** 2 for one in known))
        people = [sum(n for _, n in message) for message in messages]
        reach = float(student.ppf(0.975, max(1.0, sum(people) ** 2 / sum(n * n for n in people) - 1))) * error
        low, high = min(low, found - reach), max(high, found + reach)
    return sqrt(max(0.0, low)), min(1.0, sqrt(max(0.0, high)))


def _less(total: Sequence[Trials], message: Sequence[Trials]) -> list[Trials]:
    return [(all_y - y, all_n - n) for (all_y, all_n), (y, n) in zip(total, message, strict=True)]


def _variances_by_chance(segments: Sequence[Trials], found: float) -> Interval:
    """Both x with (x - found)^2 = z^2 (2 (J - 1) c^2 + 4 c w x) / w^2, where c = p (1 - p): by chance between people what is found has the
    variance on the right side where x is true."""
    share = sum(y for y, _ in segments) / sum(n for _, n in segments)
    part = share * (1 - share) / _weight(segments)
    # x^2 - 2 b x + c = 0
    b = found + 2 * Z * Z * part
    c = found * found - 2 * Z * Z * (len(segments) - 1) * part * part
    half = sqrt(max(0.0, b * b - c))
    return b - half, b + half


def variation(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Half the sum of the absolute differences between two ways to share out one whole; what one of them lacks is 0 there."""
    names = sorted(first.keys() | second.keys())
    return sum(abs(first.get(name, 0.0) - second.get(name, 0.0)) for name in names) / 2
