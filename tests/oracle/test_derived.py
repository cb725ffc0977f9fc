"""Readings made of other readings."""

from pathlib import Path

from tests.oracle.oracle import Oracle
from tests.oracle.shares import spread_interval, true_spread
from tests.oracle.small_company import LONG_AFTER, SHOWS, SmallCompany, at, five_people


def big_company(folder: Path) -> SmallCompany:
    """Ten in each of three departments, four in a fourth."""
    company = five_people(folder)
    rows = [f"p{number}@example.org,{'ABC'[number % 3]}" for number in range(30)]
    rows += [f"q{number}@example.org,D" for number in range(4)]
    company.directory["people.csv"] = "\n".join(["address,department", *rows, ""])
    company.send("m")
    for number in (0, 3, 6, 9, 12, 1, 4):
        company.tell("clicked", f"p{number}", "10:00")
    return company


def test_the_gap_between_segments_leaves_small_ones_out(tmp_path: Path) -> None:
    company = big_company(tmp_path)
    settings = company.settings([{"indicator": "segment_gap", "by": "department", "period": "week"}])
    (reading,) = Oracle(settings, shows=SHOWS).readings(at(LONG_AFTER))
    # Five, two and none of ten; the four of D are too few.
    assert reading.value == true_spread([(5, 10), (2, 10), (0, 10)])
    assert (reading.lower, reading.upper) == (reading.value, reading.value)
    assert (reading.segment, reading.period, reading.settled) == ("all", "2026-W45", True)


def test_two_segments_at_least_are_needed(tmp_path: Path) -> None:
    company = five_people(tmp_path)
    company.send("m")
    assert company.read_one(indicator="segment_gap", by="department", period="week").value is None


def test_the_gap_by_chance_rests_on_messages(tmp_path: Path) -> None:
    company = big_company(tmp_path)
    company.send("n", "2026-11-03T10:00:00Z")
    for number in (0, 1, 2):
        company.tell("clicked", f"p{number}", "2026-11-03T11:00:00Z", about="n")
    settings = company.settings(
        [{"indicator": "segment_gap", "by": "department", "period": "week", "judge": "process"}]
    )
    (reading,) = Oracle(settings, shows=SHOWS).readings(at(LONG_AFTER))
    both = [[(5, 10), (2, 10), (0, 10)], [(1, 10), (1, 10), (1, 10)]]
    assert (reading.lower, reading.upper) == spread_interval(both)
