"""Where a partition is begun, and what is missing before it, by what the database knows of it and what the broker still holds."""

from collections.abc import Mapping, Sequence

import pytest

from collectors.events import BEFORE_START, Gap, Interval
from collectors.kafka_place import Held, Place, ended, find_place, note_beginnings
from collectors.source import Position, Record

NOW = 9_000
Read = Mapping[Position, Sequence[Interval]]


def interval(start: int, end: int, at: int, partition: int = 0, stream: str = "t:new") -> Interval:
    return Interval(stream, partition, start, end, str(at))


def known(*intervals: Interval) -> Read:
    return {(each.stream, each.partition): [each] for each in intervals}


@pytest.mark.parametrize(
    ("read", "held", "noted"),
    [
        pytest.param({}, (0, 0), interval(0, 0, NOW), id="an empty one is noted, as empty until now"),
        pytest.param({}, (40, 40), interval(40, 40, NOW), id="where everything is gone, what went before is not ours"),
        pytest.param({}, (40, 90), interval(40, 40, 0), id="of one that holds records nobody knows when it was empty"),
        pytest.param(known(interval(0, 7, 50)), (0, 7), None, id="one that was read is known"),
        pytest.param(known(interval(0, 0, 50)), (0, 7), None, id="and so is one that is noted, and filled since"),
        pytest.param(
            known(interval(0, 0, 50)), (0, 0), interval(0, 0, NOW), id="one that is still empty is so until now"
        ),
        pytest.param(
            known(interval(0, 7, 50, partition=1)), (30, 40), interval(0, 0, 50), id="one added later began at 0"
        ),
        pytest.param(
            known(interval(5, 7, 50, stream="t:old"), interval(0, 2, 60, 1, "t:old")),
            (30, 40),
            interval(0, 0, 60),
            id="and so did a topic made again",
        ),
        pytest.param(
            known(interval(0, 7, 50, partition=1)), (0, 0), interval(0, 0, NOW), id="one added just now lost nothing"
        ),
        pytest.param(
            known(interval(0, 7, 50, stream="other:new")),
            (30, 40),
            interval(30, 30, 0),
            id="another topic says nothing",
        ),
    ],
)
def test_where_a_partition_begins_is_noted_as_long_as_nothing_was_read_of_it(
    read: Read, held: tuple[int, int], noted: Interval | None
) -> None:
    found = note_beginnings([Held("t:new", 0, *held)], read, NOW)
    assert list(found.values()) == ([] if noted is None else [noted])


def place(known: Interval, start: int, end: int, first: Record | None) -> tuple[int, list[Gap]]:
    """Where it is begun, and its gaps, once this was the first record behind them."""
    found = find_place([known], start, end)
    return found.next, found.end_gaps(first, NOW)


def record(offset: int, at: int) -> Record:
    return Record(offset, b"{}", received_at=at)


def test_what_retention_took_of_a_partition_of_which_nothing_was_read_is_a_gap_since_it_was_empty() -> None:
    assert place(interval(0, 0, 50), 30, 40, record(30, 70)) == (30, [Gap("t:new", 0, 0, 30, "retention", 50, 70)])


def test_where_nobody_knows_when_it_was_empty_the_gap_has_no_beginning_in_time() -> None:
    assert place(interval(0, 0, 0), 30, 40, record(30, 70)) == (30, [Gap("t:new", 0, 0, 30, "retention", None, 70)])


def test_records_that_are_older_than_the_last_before_them_say_that_nobody_knows_since_when_others_are_missing() -> None:
    assert place(interval(0, 9, 50), 30, 40, record(30, 20)) == (30, [Gap("t:new", 0, 9, 30, "retention", None, 20)])


def test_a_partition_that_is_as_it_was_noted_has_no_gap() -> None:
    assert place(interval(0, 0, 50), 0, 40, None) == (0, [])
    assert place(interval(40, 60, 50), 60, 90, None) == (60, [])


@pytest.mark.parametrize(
    ("empty_at", "first", "before"),
    [
        pytest.param(0, 70, 70, id="until the first record that is left"),
        pytest.param(0, None, NOW, id="until now where that does not say when it came"),
        pytest.param(0, NOW + 1, NOW, id="nor was it later than now"),
        pytest.param(50, 70, 50, id="until it was seen to be empty"),
    ],
)
def test_what_was_gone_before_a_partition_was_first_seen_was_none_of_ours_to_lose(
    empty_at: int, first: int | None, before: int
) -> None:
    gone = Gap("t:new", 0, 0, 40, BEFORE_START, None, before)
    assert place(interval(40, 40, empty_at), 40, 90, Record(40, b"{}", received_at=first)) == (40, [gone])
    assert not gone.is_loss


def test_what_retention_takes_after_a_partition_was_first_seen_is_lost_beside_what_was_gone_before() -> None:
    assert place(interval(40, 40, 50), 60, 90, record(60, 70)) == (
        60,
        [Gap("t:new", 0, 0, 40, BEFORE_START, None, 50), Gap("t:new", 0, 40, 60, "retention", 50, 70)],
    )


def test_what_was_gone_before_is_told_with_whatever_is_read_first_even_if_that_is_no_record() -> None:
    found = find_place([interval(40, 40, 0)], 40, 90)
    assert found.end_gaps(None, NOW) == []
    found.next = 45  # markers of a transaction
    assert found.end_gaps(None, NOW) == [Gap("t:new", 0, 0, 40, BEFORE_START, None, NOW)]
    assert found.end_gaps(record(45, 70), NOW) == []


def test_a_topic_that_is_gone_had_a_gap_in_each_partition_that_was_noted() -> None:
    read = known(interval(0, 7, 50, stream="t:old"), interval(3, 3, 60, 1, "t:old"), interval(0, 4, 80))
    assert list(ended("t", "t:new", read, NOW)) == [
        Gap("t:old", 0, 7, 8, "recreated", 50, NOW),
        Gap("t:old", 1, 3, 4, "recreated", 60, NOW),
    ]


def test_a_gap_is_told_when_it_is_known_where_it_ends() -> None:
    found = find_place([interval(0, 0, 50)], 30, 40)
    assert isinstance(found, Place)
    assert found.end_gaps(None, NOW) == []
    assert [gap.before for gap in found.end_gaps(record(30, 70), NOW)] == [70]
    assert found.end_gaps(record(31, 71), NOW) == []
