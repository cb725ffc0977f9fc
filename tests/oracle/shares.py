"""More of the oracle's arithmetic: percentiles, differences of shares, the spread of segments. Each written out from its definition.

Only the distribution function of the binomial is asked of scipy.
"""

from collections.abc import Mapping, Sequence
from math import inf, sqrt

from scipy.stats import binom

from tests.oracle.figures import Interval, wilson

NINETY = 0.9


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


def true_spread(segments: Sequence[tuple[int, int]]) -> float | None:
    """The standard deviation of the segments' true shares without chance (beta-binomial, by moments), each segment as successes
    and trials; None for fewer than two."""
    if len(segments) < 2:
        return None
    everybody, count = sum(n for _, n in segments), len(segments)
    share = sum(y for y, _ in segments) / everybody
    scatter = sum(n * (y / n - share) ** 2 for y, n in segments)
    weight = everybody - sum(n * n for _, n in segments) / everybody
    return sqrt(max(0.0, (scatter - (count - 1) * share * (1 - share)) / weight))


def variation(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Half the sum of the absolute differences between two ways to share out one whole; what one of them lacks is 0 there."""
    names = sorted(first.keys() | second.keys())
    return sum(abs(first.get(name, 0.0) - second.get(name, 0.0)) for name in names) / 2
