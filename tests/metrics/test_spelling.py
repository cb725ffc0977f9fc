"""How figures read: shares, times, ranges, counts and moments as people write them."""

from datetime import UTC
from zoneinfo import ZoneInfo

import msgspec
import pytest

from metrics import spelling
from metrics.snapshot import PublishedReading, Unit
from tests.metrics.made_up import AS_OF, reading, target, unknown

WALL = target(unit="seconds", window="30 days")


@pytest.mark.parametrize(
    ("value", "unit", "beside", "text"),
    [
        pytest.param(0.682, "ratio", None, "68.2 %", id="a ratio is a percentage"),
        pytest.param(1.0, "ratio", None, "100.0 %", id="all is a hundred"),
        pytest.param(0.7996, "ratio", 0.8, "79.96 %", id="just under the target does not look like the target"),
        pytest.param(0.8, "ratio", 0.8, "80.0 %", id="at the target is the target"),
        pytest.param(1_500.0, "seconds", None, "25 min", id="under an hour is minutes"),
        pytest.param(11_400.0, "seconds", None, "3.2 h", id="from an hour on it is hours"),
        pytest.param(28_800.0, "seconds", None, "8 h", id="eight hours sharp are eight hours"),
        pytest.param(28_790.0, "seconds", None, "8.0 h", id="ten seconds short of eight hours they are not sharp"),
        pytest.param(172_799.0, "seconds", None, "48.0 h", id="just under two days is hours"),
        pytest.param(172_799.0, "seconds", 172_800.0, "48.000 h", id="and has no room to show beside two days"),
        pytest.param(604_800.0, "seconds", None, "7 days", id="from two days on it is days"),
        pytest.param(648_000.0, "seconds", None, "7.5 days", id="and a part of one"),
        pytest.param(
            604_000.0, "seconds", 604_800.0, "6.99 days", id="just under the target does not look like it, in days"
        ),
        pytest.param(28_801.0, "seconds", 28_800.0, "8.000 h", id="a second over eight hours has no room to show"),
    ],
)
def test_figures_read_as_people_write_them(value: float, unit: Unit, beside: float | None, text: str) -> None:
    assert spelling.figure(value, unit, beside) == text


def test_working_time_is_told_in_hours_however_long() -> None:
    assert spelling.figure(144_000.0, "seconds", working=True) == "40 h"
    week = target(unit="seconds", value=144_000.0, direction="at_most", window="10 working days")
    assert spelling.target_text(week) == "at most 40 h of working time"
    assert spelling.value_text(reading(unit="seconds", value=201_600.0), week) == "56 h"
    assert spelling.range_text(reading(unit="seconds", lower=180_000.0, upper=201_600.0), week) == "50 to 56 h"


@pytest.mark.parametrize(
    ("one", "value", "span", "people"),
    [
        pytest.param(reading(), "86.1 %", "84.2 to 89.3 %", "517 of 600", id="a plain reading"),
        pytest.param(
            reading(coarse="at_most", value=0.05, lower=0.0, upper=0.1, numerator=3, denominator=60),
            "at most 5.0 %",
            "0.0 to 10.0 %",
            "at most 3 of 60",
            id="a coarse reading says at most",
        ),
        pytest.param(reading(lower=0.861, upper=0.861), "86.1 %", "86.1 %", "517 of 600", id="a range without width"),
        pytest.param(
            reading(unit="seconds", value=None, lower=30_600.0, upper=None, target_value=28_800.0),
            "not reached",
            "8.5 h or more",
            "517 of 600",
            id="a time that was not reached",
        ),
        pytest.param(
            reading(unit="seconds", value=None, lower=None, upper=None, target_value=None),
            "not reached",
            "not reached",
            "517 of 600",
            id="a time that was not reached, whatever those who could not be seen did",
        ),
        pytest.param(
            reading(unit="seconds", value=None, lower=0.0, upper=None, target_value=None),
            "-",
            "0 min or more",
            "517 of 600",
            id="a time of which nothing is known",
        ),
        pytest.param(
            reading(unit="seconds", value=2_400.0, lower=1_800.0, upper=5_400.0, target_value=None),
            "40 min",
            "30 min to 1.5 h",
            "517 of 600",
            id="ends in different units keep both",
        ),
        pytest.param(
            reading(unit="seconds", value=300_000.0, lower=259_200.0, upper=345_600.0, target_value=None),
            "3.5 days",
            "3 to 4 days",
            "517 of 600",
            id="ends in the same unit name it once",
        ),
        pytest.param(reading(numerator=None), "86.1 %", "84.2 to 89.3 %", "600", id="a denominator alone"),
        pytest.param(unknown("a", "reach", "suppressed", "hidden"), "-", "-", "-", id="nothing shown"),
    ],
)
def test_value_range_and_people_say_what_was_published(
    one: PublishedReading, value: str, span: str, people: str
) -> None:
    assert (spelling.value_text(one, WALL), spelling.range_text(one, WALL), spelling.people_text(one)) == (
        value,
        span,
        people,
    )


def test_all_mature_is_said_only_where_all_are() -> None:
    assert spelling.maturity_text(reading(maturity=0.999)) == "99 %"
    assert spelling.maturity_text(reading(maturity=1.0)) == "100 %"


def test_a_target_on_the_clock_of_working_hours_says_so() -> None:
    time = target(unit="seconds", value=28_800.0, direction="at_most", window="5 working days")
    assert spelling.target_text(time) == "at most 8 h of working time"
    assert spelling.target_text(msgspec.structs.replace(time, window="48 hours")) == "at most 8 h"
    assert spelling.target_text(target(value=None)) == "no target"


def test_a_moment_is_told_in_the_zone_of_the_organisation() -> None:
    assert spelling.moment_text(AS_OF, UTC) == "2026-11-02 08:45 UTC"
    assert spelling.moment_text(AS_OF, ZoneInfo("Europe/Paris")) == "2026-11-02 09:45 CET"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(-5, "less than a minute", id="a clock that runs ahead"),
        pytest.param(59, "less than a minute", id="just under a minute"),
        pytest.param(60, "1 minute", id="at a minute"),
        pytest.param(7_199, "1 hour", id="just under two hours"),
        pytest.param(259_200, "3 days", id="three days"),
    ],
)
def test_an_age_is_told_in_one_unit(seconds: int, text: str) -> None:
    assert spelling.age_text(seconds * 1_000_000) == text


def test_items_are_called_items_and_a_mean_is_no_number_of_people() -> None:
    item = reading(numerator=11, denominator=15, of="items", messages=15)
    assert spelling.people_text(item) == "11 of 15 items"
    assert spelling.often_text(item) == ""
    assert spelling.people_text(reading(numerator=None, denominator=140)) == "140"
    assert spelling.people_text(reading(numerator=600, denominator=600, of="amounts")) == "600"
    assert (
        spelling.people_text(reading(numerator=3, denominator=40, coarse="at_most", of="deliveries"))
        == "at most 3 of 40 deliveries"
    )


def test_a_time_is_what_it_is_also_where_nearly_everybody_was_reached() -> None:
    assert spelling.value_text(reading(unit="seconds", value=7200.0, coarse="at_least"), WALL) == "2 h"
