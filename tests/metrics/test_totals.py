"""From totals to counts: what a source counted before and after a window closes, cell by cell."""

from collections.abc import Mapping
from typing import Any

import pytest

from config.schema import Organisation, Settings
from metrics.clock import Clocks
from metrics.counting import Measure
from metrics.entries import BadEntry, read_entry
from metrics.indicators import INDICATORS
from metrics.modes import check_mode, served
from metrics.moments import write_moment
from metrics.reading import Cells, D, E, State
from metrics.totals import SHARES, count_totals

CLOCKS = Clocks(Organisation())
SENT = "2026-11-05T09:00:00Z"
SENT_SECONDS = 1_793_869_200
DAY = 86_400


def cells_of(
    indicator: str, *totals: Mapping[str, Any], now: int = SENT_SECONDS + 30 * DAY, **entry: Any
) -> Cells | None:
    message = read_entry({"id": "m", "channel": "email", "sent_at": SENT, "totals": list(totals), **entry})
    measure = Measure(INDICATORS[indicator], None)
    return count_totals([message], [measure], CLOCKS, now).get((("m",), measure.key))


def states(cells: Cells | None, attribute: str = "", row: int = 0) -> dict[str, int]:
    assert cells is not None
    counts = cells.counts[attribute][row]
    return {state.name: int(counts[state]) for state in State if counts[state]} | {
        "E": int(counts[E]),
        "D": int(counts[D]),
    }


def at(day: int, **counts: Any) -> dict[str, Any]:
    return {"at": f"2026-11-{5 + day:02}T09:00:00Z", "audience": 100, **counts}


def test_a_count_at_the_end_of_the_window_is_exact() -> None:
    found = cells_of("opened", at(2, delivered=90, opened=40))
    assert states(found) == {"H": 40, "NOT": 50, "OUT": 10, "E": 100, "D": 90}


def test_between_two_counts_lies_what_nobody_knows() -> None:
    found = cells_of("opened", at(1, delivered=90, opened=30), at(4, delivered=90, opened=45))
    assert states(found) == {"H": 30, "P": 15, "NOT": 45, "OUT": 10, "E": 100, "D": 90}


def test_a_count_after_the_window_alone_is_no_more_than_an_upper_end() -> None:
    assert states(cells_of("opened", at(4, delivered=90, opened=45))) == {
        "P": 45,
        "NOT": 45,
        "OUT": 10,
        "E": 100,
        "D": 90,
    }


def test_with_no_count_after_the_window_anybody_else_may_have_done_it() -> None:
    count = at(1, delivered=90, opened=30)
    closed, open_ = cells_of("opened", count), cells_of("opened", count, now=SENT_SECONDS + DAY)
    assert states(closed) == {"H": 30, "P": 60, "OUT": 10, "E": 100, "D": 90}
    assert states(open_) == {"H": 30, "NOT": 60, "OUT": 10, "E": 100, "D": 90}


def test_what_is_counted_later_than_now_is_not_known_yet() -> None:
    assert cells_of("opened", at(4, delivered=90, opened=45), now=SENT_SECONDS + DAY) is None


def test_cells_come_to_segments_and_to_the_whole() -> None:
    cells = [
        at(2, cell={"department": "Sales", "site": "Lyon"}, delivered=60, opened=30) | {"audience": 60},
        at(2, cell={"department": "Sales", "site": "Graz"}, delivered=20, opened=5) | {"audience": 20},
        at(2, cell={"department": "Service", "site": "Lyon"}, delivered=15, opened=10) | {"audience": 20},
    ]
    found = cells_of("opened", *cells)
    assert found is not None
    assert found.values == {"": ("",), "department": ("Sales", "Service"), "site": ("Graz", "Lyon")}
    assert states(found) == {"H": 45, "NOT": 50, "OUT": 5, "E": 100, "D": 95}
    assert states(found, "department") == {"H": 35, "NOT": 45, "E": 80, "D": 80}
    assert states(found, "site", 1) == {"H": 40, "NOT": 35, "OUT": 5, "E": 80, "D": 75}


def test_a_cell_that_does_not_say_is_unseen_and_a_message_that_does_not_say_is_not_judged() -> None:
    one = at(2, cell={"site": "Lyon"}, opened=30)
    other = at(2, cell={"site": "Graz"})
    assert states(cells_of("opened", one, other)) == {"H": 30, "NOT": 70, "U": 100, "E": 200, "D": 200}
    assert cells_of("opened", other) is None


@pytest.mark.parametrize(
    ("indicator", "counts", "expected"),
    [
        ("delivered", {"sent": 95, "delivered": 90}, {"H": 90, "NOT": 5, "OUT": 5, "E": 100, "D": 90}),
        ("delivered", {"delivered": 90}, {"H": 90, "NOT": 10, "E": 100, "D": 90}),
        ("reach", {"delivered": 90, "reached": 70}, {"H": 70, "NOT": 30, "E": 100, "D": 90}),
        ("clicked", {"clicked": 9}, {"H": 9, "NOT": 91, "E": 100, "D": 100}),
        ("read", {"delivered": 90, "read": 20}, {"H": 20, "NOT": 70, "OUT": 10, "E": 100, "D": 90}),
        ("acknowledged", {"delivered": 90, "acknowledged": 95}, {"H": 95, "NOT": 5, "E": 100, "D": 90}),
        ("response", {"delivered": 90, "responded": 95}, {"H": 90, "OUT": 10, "E": 100, "D": 90}),
    ],
)
def test_each_share_has_the_denominator_of_its_formula(
    indicator: str, counts: Mapping[str, int], expected: Mapping[str, int]
) -> None:
    window = INDICATORS[indicator].window
    assert window is not None
    end = write_moment(CLOCKS.deadline(SENT_SECONDS, window) * 1_000_000)
    assert states(cells_of(indicator, {"at": end, "audience": 100, **counts})) == expected


def test_what_has_a_due_date_is_judged_by_it() -> None:
    counts = at(3, reached=60)
    assert cells_of("reach_on_time", counts) is None
    assert states(cells_of("reach_on_time", counts, due_at="2026-11-08T09:00:00Z"))["H"] == 60


@pytest.mark.parametrize("indicator", sorted(SHARES))
def test_every_share_is_one_of_an_indicator(indicator: str) -> None:
    assert INDICATORS[indicator].unit == "ratio"
    assert served(indicator, "counts", "reach")


def test_what_needs_people_is_refused_in_a_sentence() -> None:
    def problems(**said: Any) -> list[str]:
        return [str(each) for each in check_mode(Settings.model_validate({"mode": "counts", **said}))]

    assert problems(targets=[{"name": "a", "indicator": "opened"}, {"name": "b", "indicator": "loop_closure"}]) == []
    (said,) = problems(targets=[{"name": "a", "indicator": "time_to_reach"}])
    assert "nobody is kept, and totals cannot tell `time_to_reach`" in said
    assert problems(targets=[{"name": "a", "indicator": "segment_gap"}], indicators={"gap_of": "addressable"})
    assert not problems(targets=[{"name": "a", "indicator": "segment_gap"}])
    assert check_mode(Settings.model_validate({"targets": [{"name": "a", "indicator": "time_to_reach"}]})) == []


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ([at(1, opened=101)], "no more people than the `audience` has"),
        ([at(1), at(1)], "each cell once at a time"),
        ([at(1, cell={"site": "Lyon"}), at(1, cell={"department": "Sales"})], "of the same attributes"),
        ([{"at": SENT}], "totals[0].audience"),
        ([at(1, opend=3)], "Did you mean `opened`?"),
        ([at(1, cell={"person": "anna@example.org"})], "what the people of a cell have in common"),
    ],
)
def test_totals_that_cannot_be_are_refused(totals: list[Any], said: str) -> None:
    with pytest.raises(BadEntry) as refused:
        read_entry({"id": "m", "totals": totals})
    assert said in str(refused.value)
    assert "anna@example.org" not in str(refused.value)
