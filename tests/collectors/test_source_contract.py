"""What `collectors.source` promises, held against every source there is."""

import pkgutil
import time
from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

import collectors
from collectors.events import BEFORE_START, Gap, Interval
from collectors.files import FileSource
from collectors.source import Block, Poll, Position, Source
from metrics.ledger.intervals import merge
from tests.collectors.stages import STAGES, Stage

_PATIENCE_SECONDS = 180.0
FIRST = [b"first %d" % number for number in range(20)]
SECOND = [b"second %d" % number for number in range(5)]


@pytest.fixture(params=STAGES, ids=lambda kind: kind.__name__)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    stage = STAGES[request.param](tmp_path)
    yield stage
    stage.end()


class Reader:
    """A source from its start on, and the intervals that are safe. `blocks` and `gaps`: all that was handed out."""

    def __init__(self, source: Source, read: dict[Position, list[Interval]] | None = None) -> None:
        self.source = source
        self.read: dict[Position, list[Interval]] = read or {}
        self.blocks: list[Block] = []
        self.gaps: list[Gap] = []
        source.start(self.read)

    def poll(self, limit: int = 1000, *, acknowledge: bool = True) -> Poll:
        poll = self._poll_what_is_assigned(limit)
        self.blocks += poll.blocks
        self.gaps += poll.gaps
        self.keep(poll.begun)
        if acknowledge:
            self.acknowledge(block.read for block in poll.blocks)
        return poll

    def _poll_what_is_assigned(self, limit: int) -> Poll:
        """Past the polls in which a source joins its group, is told where to begin, and waits for what is on its way."""
        late = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < late:
            poll = self.source.poll(limit)
            if poll.begin_again:
                self.source.start(self.read)
            elif poll.blocks or poll.gaps or poll.caught_up or limit == 0:
                return poll
        raise AssertionError("never came to reading")

    def acknowledge(self, intervals: Iterable[Interval]) -> None:
        safe = list(intervals)
        self.source.acknowledge(safe)
        self.keep(safe)

    def keep(self, intervals: Iterable[Interval]) -> None:
        for read in intervals:
            position = (read.stream, read.partition)
            self.read[position] = merge([*self.read.get(position, ()), read])

    def finish(self, limit: int = 1000) -> None:
        for _ in range(1000):
            if self.poll(limit).caught_up:
                return
        raise AssertionError("never caught up")

    def bodies(self) -> list[bytes]:
        return [record.body for block in self.blocks for record in block.records]


def test_the_suite_knows_every_source() -> None:
    names = [module.name for module in pkgutil.iter_modules(collectors.__path__, "collectors.")]
    found = {
        thing
        for name in names
        for thing in vars(import_module(name)).values()
        if isinstance(thing, type) and all(hasattr(thing, promise) for promise in ("start", "poll", "acknowledge"))
    }
    assert found - {Source} == set(STAGES)


def test_every_record_of_every_stream_is_handed_out_once_and_in_order(stage: Stage) -> None:
    stage.write("a", FIRST)
    stage.write("b", SECOND)
    reader = Reader(stage.open())
    reader.finish(limit=7)
    assert [body for body in reader.bodies() if body in FIRST] == FIRST
    assert [body for body in reader.bodies() if body in SECOND] == SECOND
    assert len(reader.bodies()) == 25


def test_offsets_grow_and_intervals_cover_them_without_a_hole(stage: Stage) -> None:
    stage.write("a", FIRST)
    stage.write("b", SECOND)
    reader = Reader(stage.open())
    reader.finish(limit=3)
    reached: dict[Position, int] = {}
    for block in reader.blocks:
        read = block.read
        assert read.start == reached.get((read.stream, read.partition), 0)
        reached[read.stream, read.partition] = read.end
        offsets = [record.offset for record in block.records]
        assert offsets == sorted(set(offsets))
        assert all(read.start <= offset < read.end for offset in offsets)
    assert len(reached) == 2


def test_about_as_many_records_as_asked_for_are_handed_out(stage: Stage) -> None:
    stage.write("a", FIRST)
    stage.write("b", SECOND)
    reader = Reader(stage.open())
    for _ in range(3):
        assert 0 < sum(len(block.records) for block in reader.poll(6).blocks) <= 6


def test_asked_for_no_records_it_hands_out_nothing_and_loses_nothing(stage: Stage) -> None:
    stage.write("a", FIRST)
    reader = Reader(stage.open())
    for _ in range(3):
        poll = reader.poll(0)
        assert not poll.blocks
        assert not poll.gaps
    reader.finish()
    assert reader.bodies() == FIRST


def test_blocks_of_one_stream_follow_one_another(stage: Stage) -> None:
    for name in ("a", "b", "c"):
        stage.write(name, [b"%s %d" % (name.encode(), number) for number in range(10)])
    reader = Reader(stage.open())
    reader.poll()
    streams = [block.read.stream for block in reader.blocks]
    assert sum(one != other for one, other in pairwise(streams)) == len(set(streams)) - 1


def test_what_is_appended_later_is_handed_out_later(stage: Stage) -> None:
    reader = Reader(stage.open())
    assert reader.poll().caught_up
    for number in range(3):
        stage.write("a", FIRST[number * 5 : number * 5 + 5])
        reader.finish()
        assert reader.bodies() == FIRST[: number * 5 + 5]
        assert reader.poll().caught_up


def test_caught_up_and_pending_tell_what_waits(stage: Stage) -> None:
    stage.write("a", FIRST)
    reader = Reader(stage.open())
    poll = reader.poll(5)
    assert not poll.caught_up
    assert poll.pending is None or poll.pending > 0
    reader.finish()
    assert reader.poll().pending in (None, 0)


def test_another_process_goes_on_where_the_last_one_acknowledged(stage: Stage) -> None:
    stage.write("a", FIRST)
    stage.write("b", SECOND)
    first = Reader(stage.open())
    first.poll(8)
    first.source.close()
    second = Reader(stage.open(), first.read)
    second.finish()
    both = first.bodies() + second.bodies()
    assert len(both) == 25
    for written in (FIRST, SECOND):
        assert [body for body in both if body in written] == written
    assert Reader(stage.open(), second.read).poll().blocks == []


def test_what_was_not_acknowledged_is_handed_out_again_after_a_start(stage: Stage) -> None:
    stage.write("a", FIRST)
    reader = Reader(stage.open())
    reader.poll(5)
    reader.poll(5, acknowledge=False)
    reader.poll(5, acknowledge=False)
    reader.source.start(reader.read)
    reader.finish()
    assert reader.bodies() == FIRST[:15] + FIRST[5:]


def test_intervals_of_an_unknown_stream_disturb_nothing(stage: Stage) -> None:
    stage.write("a", FIRST)
    reader = Reader(stage.open(), {("nobody knows", 7): [Interval("nobody knows", 7, 0, 99)]})
    reader.finish()
    assert reader.bodies() == FIRST


def test_after_a_hole_everything_is_handed_out_again_if_need_be(stage: Stage) -> None:
    stage.write("a", FIRST)
    whole = Reader(stage.open())
    whole.finish(limit=5)
    first, *_, last = [block.read for block in whole.blocks if block.records]
    reader = Reader(stage.open(), {(first.stream, first.partition): [first, last]})
    reader.finish()
    assert set(FIRST[5:-5]) <= set(reader.bodies()) <= set(FIRST[5:])


@pytest.mark.parametrize("records", [1, 4, 9])
def test_a_block_that_is_cut_is_gone_on_with_behind_the_cut(stage: Stage, records: int) -> None:
    stage.write("a", FIRST)
    reader = Reader(stage.open())
    (block,) = reader.poll(10, acknowledge=False).blocks
    reader.acknowledge([reader.source.cut(block, records)])
    reader.source.close()
    again = Reader(stage.open(), reader.read)
    again.finish()
    assert again.bodies() == FIRST[records:]


def test_a_block_that_is_not_cut_keeps_its_interval(stage: Stage) -> None:
    stage.write("a", FIRST)
    reader = Reader(stage.open())
    (block,) = reader.poll(10).blocks
    assert reader.source.cut(block, len(block.records)) == block.read


def test_what_is_lost_before_it_is_read_is_a_gap_told_once(stage: Stage) -> None:
    stage.write("a", FIRST)
    reader = Reader(stage.open())
    reader.poll(5)
    stage.lose("a")
    stage.write("a", [b"anew"])
    for _ in range(5):
        reader.finish()
    if reader.bodies() == [*FIRST, b"anew"]:
        assert reader.gaps == []  # all of it was in hand already, and nothing is lost
        return
    (gap,) = reader.gaps
    (read, *_) = (block.read for block in reader.blocks)
    assert (gap.stream, gap.partition, gap.start) == (read.stream, read.partition, read.end)
    assert gap.end > gap.start
    assert reader.bodies() == [*FIRST[:5], b"anew"]


def test_what_is_lost_after_it_was_read_is_no_gap(stage: Stage) -> None:
    stage.write("a", FIRST)
    reader = Reader(stage.open())
    reader.finish()
    stage.lose("a")
    stage.write("a", [b"anew"])
    for _ in range(5):
        reader.finish()
    assert reader.gaps == []
    assert reader.bodies() == [*FIRST, b"anew"]


def test_what_was_gone_before_a_stream_was_ever_looked_at_is_none_of_ours_to_lose_and_told_once_where_it_shows(
    stage: Stage,
) -> None:
    stage.write("a", FIRST)
    stage.lose("a")
    stage.write("a", SECOND)
    reader = Reader(stage.open())
    for _ in range(3):
        reader.finish()
    assert reader.bodies() == SECOND
    # A file does not show what stood in it once.
    gone = [] if isinstance(reader.source, FileSource) else [(0, len(FIRST), BEFORE_START)]
    assert [(gap.start, gap.end, gap.reason) for gap in reader.gaps] == gone
    reader.source.close()
    again = Reader(stage.open(), reader.read)
    again.finish()
    assert again.gaps == []


def test_a_source_may_be_closed_twice(stage: Stage) -> None:
    stage.write("a", FIRST)
    reader = Reader(stage.open())
    reader.poll(5)
    reader.source.close()
    reader.source.close()
    again = Reader(stage.open(), reader.read)
    again.finish()
    assert reader.bodies() + again.bodies() == FIRST
