"""The oracle's arithmetic, held against figures worked out on paper; the median's interval against scipy's own."""

from math import inf, log, sqrt

import pytest
from scipy.stats import CensoredData, ecdf

from tests.oracle.figures import across_units, median, median_across_units, median_interval, wilson


def test_wilsons_interval_of_8_in_10() -> None:
    # z^2 = 3.841459; centre (0.8 + 0.192073) / 1.384146; half 1.959964 * sqrt(0.016 + 0.009604) / 1.384146
    assert wilson(8, 10) == pytest.approx((0.490162, 0.943318), abs=1e-6)


@pytest.mark.parametrize(("successes", "end"), [(0, 0), (10, 1)], ids=["none of all", "all of all"])
def test_wilsons_interval_stays_within_0_and_1(successes: int, end: int) -> None:
    assert wilson(successes, 10)[end] == pytest.approx(end, abs=1e-15)


def test_the_jackknife_of_three_messages() -> None:
    # Left out in turn: 12, 13, 11 of 20, on the logit with half a person 0.385663, 0.587787, 0.191055, mean 0.388168.
    # Variance 2/3 * 0.078707; t with 2 degrees of freedom 4.302653; so 0.392042 -+ 0.985595.
    assert across_units([6, 5, 7], [10, 10, 10]) == pytest.approx((0.355820, 0.798611), abs=2e-6)


def test_messages_that_agree_are_no_surer_than_all_people_together() -> None:
    assert across_units([6, 6, 6], [10, 10, 10]) == pytest.approx(wilson(18, 30))


def test_a_message_with_nobody_is_no_unit() -> None:
    assert across_units([6, 0], [10, 0]) == wilson(6, 10)


def test_nobody_at_all_has_no_interval() -> None:
    assert across_units([0, 0], [0, 0]) is None


@pytest.mark.parametrize(
    ("never", "expected"),
    [
        pytest.param(5, 1200, id="S is exactly a half"),
        pytest.param(4, 1200, id="S falls past a half"),
        pytest.param(6, inf, id="a half is never reached"),
    ],
)
def test_the_median_is_the_first_time_at_which_half_are_reached(never: int, expected: float) -> None:
    assert median([300, 600, 600, 900, 1200], never) == expected


@pytest.mark.parametrize("never", [1, 4, 9], ids=["few are left", "some are left", "most are left"])
def test_the_medians_interval_is_the_log_log_one(never: int) -> None:
    delays = [300 * step for step in (1, 1, 2, 4, 4, 4, 7, 9, 12, 15, 15, 20)]
    curve = ecdf(CensoredData(uncensored=delays, right=[9000] * never)).sf
    interval = curve.confidence_interval(method="log-log")
    times = [*curve.quantiles]

    def first_at_half(survival: list[float]) -> float:
        return next((time for time, share in zip(times, survival, strict=True) if share <= 0.5), inf)

    assert median_interval(delays, never) == (
        first_at_half(interval.low.probabilities),
        first_at_half(interval.high.probabilities),
    )


def test_one_person_says_little_of_a_median() -> None:
    assert median_interval([300], 0) == (300, inf)


def test_the_logit_of_the_jackknife_has_half_a_person_on_both_sides() -> None:
    # Two messages, 8 of 10 and 2 of 10: left out in turn -+log(8.5 / 2.5), so the standard error is that very number.
    lower, upper = across_units([8, 2], [10, 10]) or (0.0, 0.0)
    assert log(upper / (1 - upper)) == pytest.approx(12.706205 * log(8.5 / 2.5), rel=1e-6)
    assert lower == pytest.approx(1 - upper, rel=1e-6)


def test_the_median_of_several_messages_lies_where_a_half_is_inside_the_interval_of_shares() -> None:
    # Ten of ten each after 300 s and none before: between nobody and everybody there is no doubt.
    assert median_across_units([([300] * 10, 10), ([290] * 10, 10)]) == (0, 300)
    # Of ten people each 2, 1, 1 are reached in five minutes (at most 0.343), then 5, 4, 5 (0.302 to 0.639), then 9, 8, 9 (from 0.657).
    three = [
        ([300] * 2 + [600] * 3 + [900] * 4, 10),
        ([300] + [600] * 3 + [900] * 4, 10),
        ([200, *[500] * 4, *[900] * 4], 10),
    ]
    assert median_across_units(three) == (300, 900)
    assert median_across_units([([], 10), ([], 10)]) == (inf, inf)


def test_the_jackknife_of_uneven_audiences_is_wider() -> None:
    # 10 of 20 and 20 of 100: left out in turn log(20.5 / 80.5) and 0, variance 1.367832^2 / 4 = 0.467741; m_eff = 120^2 / 10400 = 1.384615.
    lower, upper = across_units([10, 20], [20, 100]) or (0.0, 0.0)
    reach = 12.706205 * sqrt(0.467741 * (1 + 1 / 1.384615 - 1 / 2))
    assert log(upper / (1 - upper)) == pytest.approx(log(30.5 / 90.5) + reach, rel=1e-5)
    assert log(lower / (1 - lower)) == pytest.approx(log(30.5 / 90.5) - reach, rel=1e-5)
