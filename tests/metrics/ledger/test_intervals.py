"""Intervals, against plain sets of positions."""

import random
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from collectors.events import BEFORE_START, Gap, Interval
from metrics.ledger import tables
from metrics.ledger.intervals import count_read, merge, read_gaps, read_intervals, record_gaps, record_read

_intervals = st.lists(
    st.builds(
        lambda start, length, check: Interval("s", 0, start, start + length, check),
        st.integers(0, 40),
        st.integers(0, 10),
        st.sampled_from(["", "x", "y"]),
    ),
    max_size=12,
)


def positions(intervals: list[Interval]) -> set[int]:
    return {position for interval in intervals for position in range(interval.start, interval.end)}


def interval(start: int, end: int, check: str = "", stream: str = "s", partition: int = 0) -> Interval:
    return Interval(stream, partition, start, end, check)


@given(_intervals)
def test_merging_covers_the_same_positions_in_order_and_leaves_none_touching(intervals: list[Interval]) -> None:
    merged = merge(intervals)
    assert positions(merged) == positions(intervals)
    assert all(one.end < two.start for one, two in pairwise(merged))


@given(_intervals, st.randoms(use_true_random=False))
def test_merging_asks_for_no_order(intervals: list[Interval], chance: random.Random) -> None:
    shuffled = intervals * 2
    chance.shuffle(shuffled)
    assert merge(shuffled) == merge(intervals)


@given(_intervals, st.integers(0, 12))
def test_merging_in_steps_is_merging_at_once(intervals: list[Interval], cut: int) -> None:
    assert merge([*merge(intervals[:cut]), *intervals[cut:]]) == merge(intervals)


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        pytest.param([interval(0, 5, "a"), interval(5, 9, "b")], [interval(0, 9, "b")], id="touching ones become one"),
        pytest.param([interval(0, 5), interval(6, 9)], [interval(0, 5), interval(6, 9)], id="a hole of one stays"),
        pytest.param(
            [interval(0, 9, "a"), interval(2, 4, "b")], [interval(0, 9, "a")], id="the farthest end keeps its check"
        ),
        pytest.param([interval(0, 9, "a"), interval(2, 9)], [interval(0, 9, "a")], id="a check stands before none"),
        pytest.param([interval(0, 9), interval(2, 9, "a")], [interval(0, 9, "a")], id="also where it comes later"),
        pytest.param([interval(3, 3, "a")], [interval(3, 3, "a")], id="an empty one stands"),
        pytest.param([interval(3, 3, "a"), interval(3, 3, "b")], [interval(3, 3, "b")], id="with its last check"),
        pytest.param(
            [interval(3, 3, "z"), interval(3, 5, "a")], [interval(3, 5, "a")], id="until it is read from there"
        ),
        pytest.param([interval(0, 3), interval(3, 3, "a")], [interval(0, 3)], id="an empty one brings no check"),
    ],
)
def test_the_union_of_intervals(intervals: list[Interval], expected: list[Interval]) -> None:
    assert merge(intervals) == expected


def test_an_interval_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before its start"):
        merge([interval(5, 4)])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(_intervals, max_size=4))
def test_the_table_holds_the_union_of_what_was_recorded(engine: Engine, batches: list[list[Interval]]) -> None:
    with engine.connect() as connection:
        for batch in batches:
            record_read(connection, "mail", batch)
        expected = merge([each for batch in batches for each in batch])
        assert read_intervals(connection, "mail") == ({("s", 0): expected} if expected else {})
        connection.rollback()


def test_sources_streams_and_partitions_are_kept_apart(engine: Engine) -> None:
    other_stream, other_partition = interval(3, 4, stream="t"), interval(4, 6, partition=1)
    with engine.begin() as connection:
        record_read(connection, "mail", [interval(0, 3), other_stream, other_partition])
        record_read(connection, "intranet", [interval(3, 9)])
        assert read_intervals(connection, "mail") == {
            ("s", 0): [interval(0, 3)],
            ("t", 0): [other_stream],
            ("s", 1): [other_partition],
        }
        assert read_intervals(connection, "intranet") == {("s", 0): [interval(3, 9)]}
        assert read_intervals(connection, "survey") == {}


@pytest.mark.parametrize("seed", range(3))
def test_what_touches_is_one_row_in_whatever_order_it_was_read(engine: Engine, seed: int) -> None:
    pieces = [interval(start, start + 2, f"at {start + 2:02d}") for start in range(0, 60, 2)]
    random.Random(seed).shuffle(pieces)
    with engine.begin() as connection:
        for piece in pieces:
            record_read(connection, "mail", [piece])
        rows = connection.execute(select(tables.interval.c.start, tables.interval.c.end, tables.interval.c.check)).all()
    assert rows == [(0, 60, "at 60")]


def test_a_check_that_comes_later_for_the_same_end_is_kept(engine: Engine) -> None:
    with engine.begin() as connection:
        for check in ("", "x", ""):
            record_read(connection, "mail", [interval(0, 5, check)])
        assert read_intervals(connection, "mail") == {("s", 0): [interval(0, 5, "x")]}


def test_rows_that_two_workers_left_overlapping_are_read_as_one(engine: Engine) -> None:
    row = {"source": "mail", "stream": "s", "partition": 0, "check": ""}
    with engine.begin() as connection:
        connection.execute(tables.interval.insert(), [row | {"start": 0, "end": 8}, row | {"start": 5, "end": 9}])
        assert read_intervals(connection, "mail") == {("s", 0): [interval(0, 9)]}
        record_read(connection, "mail", [interval(9, 10, "end")])
        assert read_intervals(connection, "mail") == {("s", 0): [interval(0, 10, "end")]}


def test_a_gap_is_noted_once_and_sought_no_more(engine: Engine) -> None:
    gap = Gap("s", 0, 3, 7, "expired", after=1_000, before=2_000)
    with engine.begin() as connection:
        record_read(connection, "mail", [interval(0, 3), interval(7, 9, "end")])
        for at in (10, 20):
            record_gaps(connection, "mail", [gap], now=at)
        assert [(each.source, each.gap, each.recorded_at) for each in read_gaps(connection)] == [("mail", gap, 10)]
        assert read_intervals(connection, "mail") == {("s", 0): [interval(0, 9, "end")]}


def test_what_was_gone_before_reading_began_is_noted_and_neither_read_nor_lost(engine: Engine) -> None:
    gone = Gap("s", 0, 0, 40, BEFORE_START, before=1_000)
    with engine.begin() as connection:
        record_read(connection, "mail", [interval(40, 40, "900")])
        for at in (10, 20):
            record_gaps(connection, "mail", [gone], now=at)
        assert [found.gap for found in read_gaps(connection)] == [gone]
        assert read_intervals(connection, "mail") == {("s", 0): [interval(40, 40, "900")]}
        record_read(connection, "mail", [interval(40, 50)])
        assert count_read(connection, "mail") == 10


def test_of_a_log_that_was_cut_off_nothing_behind_the_cut_counts_as_read_any_more(engine: Engine) -> None:
    gap = Gap("s", 0, 12, 12, "truncated")
    with engine.begin() as connection:
        record_read(connection, "mail", [interval(0, 20), interval(30, 40), interval(0, 20, partition=1)])
        record_gaps(connection, "mail", [gap], now=1)
        record_read(connection, "mail", [interval(12, 15)])
        record_gaps(connection, "mail", [gap], now=2)  # told again by somebody who was slow
        assert read_intervals(connection, "mail") == {
            ("s", 0): [interval(0, 15)],
            ("s", 1): [interval(0, 20, partition=1)],
        }


def test_positions_that_were_read_are_counted_once_and_gaps_not_among_them(engine: Engine) -> None:
    with engine.begin() as connection:
        record_read(connection, "mail", [interval(0, 20), interval(10, 30), interval(0, 5, partition=1)])
        record_gaps(connection, "mail", [Gap("s", 0, 30, 37, "retention")], now=1)
        record_read(connection, "chat", [interval(0, 100)])
        assert count_read(connection, "mail") == 35
        assert count_read(connection, "nobody") == 0
