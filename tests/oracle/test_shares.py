"""Percentiles, differences of shares, the spread of segments: held against figures worked out on paper, or against numpy's own."""

from math import inf, sqrt

import numpy as np
import pytest

from tests.oracle.shares import newcombe, percentile, percentile_interval, spread_interval, true_spread, variation


@pytest.mark.parametrize("count", [1, 2, 3, 10, 11, 57])
def test_the_90th_percentile_is_linear_between_two_values(count: int) -> None:
    values = [(7 * place * place) % 101 for place in range(count)]
    assert percentile(values) == pytest.approx(float(np.percentile(values, 90)), rel=1e-12)


def test_of_a_hundred_people_the_percentile_lies_between_the_84th_and_the_96th() -> None:
    # P(X <= 83) = 0.0206 and P(X <= 84) = 0.0399 of 100 at 0.9; P(X <= 94) = 0.9424 and P(X <= 95) = 0.9763.
    assert percentile_interval(range(100)) == (83, 95)


def test_too_few_people_may_all_lie_below_the_percentile() -> None:
    # All 35 of 35 do in 0.9^35 = 2.503 % of draws, all 36 of 36 in 2.25 %.
    assert percentile_interval(range(35)) == (27, inf)
    assert percentile_interval(range(36)) == (28, 35)
    assert percentile_interval([7]) == (0, inf)


def test_newcombes_interval_of_his_own_example() -> None:
    # 56 of 70 and 48 of 80 (Newcombe 1998, method 10): 0.0524 to 0.3339.
    assert newcombe((56, 70), (48, 80)) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_segments_that_differ_by_chance_alone_do_not_lie_apart() -> None:
    assert true_spread([(5, 10), (5, 10)]) == 0


def test_the_spread_is_what_chance_leaves() -> None:
    # Shares 0.2 and 0.8 of 50 each: scatter 50 * 0.09 * 2 = 9, chance 0.25, weight 100 - 5000 / 100 = 50.
    assert true_spread([(10, 50), (40, 50)]) == pytest.approx(sqrt((9 - 0.25) / 50))


def test_the_interval_of_a_spread_by_chance_between_people() -> None:
    # As above with 100 each: variance 0.1775, c = 0.25, w = 100. Both ends x: (x - 0.1775)^2 = 3.8415 * (2 * 0.0625 + 100 * x) / 10000.
    low, high = spread_interval([[(20, 100), (80, 100)]])
    for x in (low**2, high**2):
        assert (x - 0.1775) ** 2 == pytest.approx(3.841459 * (0.125 + 100 * x) / 10_000, rel=1e-6)


def test_the_interval_of_a_spread_over_messages_is_the_jackknifes() -> None:
    # Left out in turn: variances 0.0775 and 0.1775, so the error is 0.05, with one degree of freedom 12.706 of these.
    found = true_spread([(50, 200), (150, 200)]) or 0.0
    apart = spread_interval([[(20, 100), (80, 100)], [(30, 100), (70, 100)]])
    assert apart == pytest.approx((0.0, sqrt(found**2 + 12.706205 * 0.05)), rel=1e-6)


def test_one_segment_has_no_spread() -> None:
    assert true_spread([(5, 10)]) is None


def test_variation_is_half_of_all_differences() -> None:
    assert variation({"a": 0.5, "b": 0.5}, {"a": 0.25, "c": 0.75}) == 0.75
