"""Times as people and programs write them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.moments import midnight, read_day, read_moment, write_moment

PARIS = ZoneInfo("Europe/Paris")
NOON = 1_772_449_200_000_000  # 2026-03-02T11:00:00Z


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-02T11:00:00Z",
        "2026-03-02T11:00:00.000000Z",
        "2026-03-02t11:00:00z",
        "2026-03-02T12:00:00+01:00",
        "2026-03-02T12:00:00+0100",
        "2026-03-02 12:00 +01:00",
        "2026-03-02 12:00",
        " 2026-03-02T12:00:00 ",
    ],
)
def test_one_moment_has_many_spellings(text: str) -> None:
    assert read_moment(text, PARIS) == NOON


def test_fractions_count_to_the_microsecond_and_no_further() -> None:
    assert read_moment("2026-03-02T11:00:00.5Z", None) == NOON + 500_000
    assert read_moment("2026-03-02T11:00:00.000001999Z", None) == NOON + 1


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-03-02 12:00", None),
        ("2026-03-02", PARIS),
        ("02.03.2026 12:00", PARIS),
        ("2026-02-30 12:00", PARIS),
        ("2026-03-02 24:30", PARIS),
        ("2026-03-02T11:00:60Z", PARIS),
        ("1772449200", PARIS),
        ("1994-12-31 12:00", PARIS),
        ("9999-12-31 12:00", PARIS),
        ("２０２６-03-02 12:00", PARIS),
        ("", PARIS),
    ],
    ids=[
        "a time without a zone where none is given",
        "a day",
        "another order",
        "a day that no calendar has",
        "an hour that no clock has",
        "a leap second",
        "a number",
        "before anything of ours",
        "after anything of ours",
        "digits of another script",
        "nothing",
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(text: str, zone: ZoneInfo | None) -> None:
    with pytest.raises(ValueError, match="a time"):
        read_moment(text, zone)


def test_an_hour_that_occurs_twice_is_the_earlier_one() -> None:
    assert read_moment("2026-10-25 02:30", PARIS) == read_moment("2026-10-25T00:30:00Z", None)


def test_a_day_begins_at_midnight_of_its_zone_in_summer_and_winter() -> None:
    assert midnight(date(2026, 7, 1), PARIS) == read_moment("2026-06-30T22:00:00Z", None)
    assert midnight(date(2026, 1, 1), PARIS) == read_moment("2025-12-31T23:00:00Z", None)


def test_a_day_is_written_in_one_way() -> None:
    assert read_day(" 2026-03-02 ") == date(2026, 3, 2)
    for text in ("20260302", "2026-W10-1", "2026-02-30"):
        with pytest.raises(ValueError, match=r"day"):
            read_day(text)


@given(st.integers(800_000_000_000_000, 7_000_000_000_000_000))
def test_what_is_written_is_read_back(microseconds: int) -> None:
    assert read_moment(write_moment(microseconds), None) == microseconds
