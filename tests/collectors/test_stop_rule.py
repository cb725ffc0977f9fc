"""The stop rule at its edges."""

import pytest

from collectors.stop_rule import StopRule


def count(rule: StopRule, outcomes: str) -> str | None:
    """`.` a good element, `x` a bad one."""
    for outcome in outcomes:
        if outcome == ".":
            rule.count_good(1)
        else:
            rule.count_bad()
    return rule.tripped


@pytest.mark.parametrize(
    "outcomes",
    [
        pytest.param("x" * 99, id="99 in a row are let pass"),
        pytest.param("x" * 99 + "." + "x", id="a good one among them begins the row anew"),
        pytest.param(("x" + "." * 9) * 500, id="exactly 10 % is let pass for ever"),
        pytest.param("x" * 60 + "." * 240, id="60 of the first 300 are let pass"),
        pytest.param("." * 900 + ("x" * 50 + ".") * 2, id="100 of the last 1,000 are let pass"),
        pytest.param(("x" * 99 + ".") + "." * 900 + "xx", id="what is 1,000 elements ago does not count"),
        pytest.param("", id="nothing at all is let pass"),
    ],
)
def test_what_is_within_the_rule_goes_on(outcomes: str) -> None:
    assert count(StopRule(), outcomes) is None


@pytest.mark.parametrize(
    ("outcomes", "reason"),
    [
        pytest.param("x" * 100, "100 in a row", id="the 100th in a row"),
        pytest.param("." * 5000 + "x" * 100, "100 in a row", id="the 100th in a row after a long good run"),
        pytest.param(("x" + "." * 8) * 200, "10 %", id="every ninth"),
        pytest.param("." * 5000 + "x." * 101, "10 %", id="101 of the last 1,000"),
        pytest.param("x." * 101, "10 %", id="101 before there have been 1,000"),
    ],
)
def test_what_is_over_the_rule_trips(outcomes: str, reason: str) -> None:
    assert reason in (count(StopRule(), outcomes) or "")


def test_the_101st_bad_one_within_1000_trips_and_not_the_100th() -> None:
    rule = StopRule()
    assert count(rule, ("x" + "." * 8) * 100) is None
    assert count(rule, "x") is not None


@pytest.mark.parametrize(
    ("good", "trips"),
    [
        pytest.param(800, True, id="the first of 101 bad ones is 1,000 elements back"),
        pytest.param(801, False, id="the first of 101 bad ones is 1,001 elements back"),
    ],
)
def test_the_window_holds_1000_elements(good: int, trips: bool) -> None:
    assert (count(StopRule(), "x" + "." * good + "x." * 99 + "x") is not None) == trips


def test_good_elements_may_be_counted_in_one_go() -> None:
    one_by_one, at_once = StopRule(), StopRule()
    count(one_by_one, "x" * 50 + "." * 950 + "x" * 60)
    count(at_once, "x" * 50)
    at_once.count_good(950)
    count(at_once, "x" * 60)
    assert one_by_one.tripped == at_once.tripped is None


def test_a_copy_is_counted_apart() -> None:
    rule = StopRule()
    count(rule, "x" * 99)
    twin = rule.copy()
    twin.count_bad()
    assert twin.tripped is not None
    assert rule.tripped is None
    rule.count_good(1)
    assert count(rule, "x") is None
