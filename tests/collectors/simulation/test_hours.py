from datetime import datetime

import numpy as np
import pytest

from collectors.simulation.hours import OFFICE, day_of, local_us
from collectors.simulation.parameters import DAY, HOUR, MINUTE, SECOND, ZONE


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZONE).timestamp()) * SECOND


@pytest.mark.parametrize(
    ("start", "working", "end"),
    [
        ("2026-11-02T10:00", HOUR, "2026-11-02T11:00"),
        ("2026-11-02T16:30", HOUR, "2026-11-03T09:30"),
        ("2026-11-06T16:30", HOUR, "2026-11-09T09:30"),
        ("2026-11-07T12:00", HOUR, "2026-11-09T10:00"),
        ("2026-11-02T07:00", MINUTE, "2026-11-02T09:01"),
        ("2026-11-02T09:00", 8 * HOUR, "2026-11-02T17:00"),
        ("2026-10-23T16:00", 2 * HOUR, "2026-10-26T10:00"),
    ],
    ids=[
        "within a day",
        "over an evening",
        "over a weekend",
        "from a Saturday",
        "from before the opening",
        "a whole day ends that evening",
        "over the change of the clocks",
    ],
)
def test_working_time_passes_in_working_hours_only(start: str, working: int, end: str) -> None:
    found = OFFICE.after(np.array([moment(start)]), np.array([working]))
    assert found.tolist() == [moment(end)]


def test_five_working_days_end_a_week_later_at_the_same_time() -> None:
    assert OFFICE.deadline(moment("2026-11-04T10:15"), 5) == moment("2026-11-11T10:15")


def test_many_starts_at_once_are_treated_each_on_its_own() -> None:
    starts = np.array([moment("2026-11-02T10:00") + day * DAY for day in range(14)])
    together = OFFICE.after(starts, np.full(14, 3 * HOUR))
    alone = [int(OFFICE.after(starts[day : day + 1], np.array([3 * HOUR]))[0]) for day in range(14)]
    assert together.tolist() == alone


def test_no_starts_give_no_moments() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert len(OFFICE.after(nothing, nothing)) == 0


def test_a_day_is_the_local_one() -> None:
    assert str(day_of(moment("2026-11-02T00:00"))) == "2026-11-02"
    assert str(day_of(moment("2026-11-02T00:00") - 1)) == "2026-11-01"
    assert local_us(day_of(moment("2026-07-02T12:00")), 9, 30) == moment("2026-07-02T09:30")
