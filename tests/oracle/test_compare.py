"""The comparison itself: it must see every difference it is there for."""

from dataclasses import dataclass, replace
from math import inf, nextafter
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.compare import compare
from tests.oracle.reading import OracleReading
from tests.oracle.small_company import five_people


@dataclass(frozen=True)
class Other:
    """A reading of the other side, as far as the comparison asks. The columns of `units`: H P S_likely S U NOT OUT E D."""

    target: str
    segment: str
    message: str | None
    period: str
    units: list[list[int]]
    value: float | None
    lower: float | None
    upper: float | None
    measured: tuple[float | None, float | None]
    raw: float | None
    maturity: float | None
    closed: bool
    settled: bool
    extra: tuple[tuple[int, ...], ...] = ()


def of_one_message(folder: Path, indicator: str = "reach", **target: Any) -> tuple[Other, OracleReading]:
    """The oracle's reading of one message that reached Anna and was not seen by Dan, and the same as the other side tells it."""
    company = five_people(folder)
    company.send("m")
    company.tell("clicked", "anna", "10:00")
    ours = company.read_one(indicator=indicator, **target)
    same = {name: getattr(ours, name) for name in Other.__dataclass_fields__ if name not in ("units", "extra")}
    return Other(**same, units=[[1, 0, 0, 0, 1, 3, 0, 5, 0]]), ours


def test_equal_readings_do_not_differ(tmp_path: Path) -> None:
    theirs, ours = of_one_message(tmp_path)
    assert compare([theirs], [ours]) == []


@pytest.mark.parametrize(
    ("change", "text"),
    [
        pytest.param({"units": [[2, 0, 0, 0, 1, 2, 0, 5, 0]]}, "t all: H 2, the oracle's 1", id="one person more"),
        pytest.param({"units": [[1, 0, 0, 0, 1, 2, 1, 5, 0]]}, "t all: n 4, the oracle's 5", id="one person out"),
        pytest.param({"value": 0.25 + 1e-11}, "t all: value 0.25000000001, the oracle's 0.25", id="a float"),
        pytest.param({"value": None}, "t all: value None, the oracle's 0.25", id="no value"),
        pytest.param({"upper": inf}, "t all: upper inf, the oracle's 0.4", id="a bound never reached"),
        pytest.param({"measured": (0.2, 0.5)}, "t all: measured (0.2, 0.5), the oracle's (0.2, 0.4)", id="measured"),
        pytest.param({"period": "2026-11"}, "t all: period 2026-11, the oracle's rolling 28 days", id="the period"),
        pytest.param({"settled": False}, "t all: settled False, the oracle's True", id="whether it has settled"),
        pytest.param({"segment": "x=y"}, "t all: only the oracle has it", id="a reading of another segment"),
    ],
)
def test_every_difference_is_told(tmp_path: Path, change: dict[str, Any], text: str) -> None:
    theirs, ours = of_one_message(tmp_path)
    assert text in compare([replace(theirs, **change)], [ours])


def test_floats_may_differ_in_their_last_digit(tmp_path: Path) -> None:
    theirs, ours = of_one_message(tmp_path)
    assert compare([replace(theirs, upper=nextafter(0.4, 1))], [ours]) == []


def test_readings_over_nobody_may_stand_on_one_side_alone(tmp_path: Path) -> None:
    theirs, ours = of_one_message(tmp_path)
    nobody = replace(theirs, segment="department=Moon", units=[])
    somebody = replace(theirs, segment="department=Service")
    assert compare([theirs, nobody, somebody], [ours]) == ["t department=Service: the oracle has no such reading"]


def test_the_bounds_of_a_median_are_compared(tmp_path: Path) -> None:
    theirs, ours = of_one_message(tmp_path, "time_to_reach")
    assert compare([theirs], [ours]) == []
    assert compare([replace(theirs, value=300.0)], [ours]) == ["t all: value 300.0, the oracle's inf"]
    assert compare([replace(theirs, upper=1.0)], [ours]) == ["t all: upper 1.0, the oracle's inf"]


def test_a_reading_made_of_others_is_compared_by_its_value(tmp_path: Path) -> None:
    theirs, ours = of_one_message(tmp_path)
    gap = replace(ours, indicator="segment_gap", counts={}, value=0.1, lower=0.05, upper=0.2, raw=None)
    other = replace(theirs, units=[], value=0.1, lower=0.05, upper=0.2)
    assert compare([other], [gap]) == []
    assert compare([replace(other, value=0.2)], [gap]) == ["t all: value 0.2, the oracle's 0.1"]
    assert compare([], [gap]) == ["t all: only the oracle has it"]


def test_what_is_added_up_beside_people_is_compared(tmp_path: Path) -> None:
    theirs, ours = of_one_message(tmp_path)
    mean = replace(ours, extra=(3, 20_000))
    assert compare([replace(theirs, extra=((1, 5_000), (2, 15_000)))], [mean]) == []
    assert compare([replace(theirs, extra=((1, 5_000),))], [mean]) == [
        "t all: extra (1, 5000), the oracle's (3, 20000)"
    ]
