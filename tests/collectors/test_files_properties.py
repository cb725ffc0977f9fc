"""Whatever is done to a folder of logs, and whenever the reader is stopped and started: every line that is there when
it has read to the end was handed out."""

import shutil
import tempfile
from collections import Counter
from itertools import groupby
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from collectors.events import Gap, Interval
from collectors.files import FileSource
from collectors.source import Poll
from tests.collectors.folder_reader import add_read
from tests.collectors.log_folder import LogFolder

SMALL = st.integers(1, 6)


class Reading(RuleBasedStateMachine):
    """A folder, and a source whose acknowledged intervals survive it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = LogFolder(Path(tempfile.mkdtemp()))
        self.handed_out: Counter[bytes] = Counter()
        self.at: dict[tuple[str, int], bytes] = {}
        self.read: dict[tuple[str, int], list[Interval]] = {}
        self.gaps: list[Gap] = []
        self.lossless = True
        self.source = self.begin()

    def teardown(self) -> None:
        try:
            self.read_to_the_end()
        finally:
            self.source.close()
            shutil.rmtree(self.folder.path)

    def begin(self) -> FileSource:
        source = FileSource("logs", self.folder.path, record_limit=64)
        source.start(self.read)
        return source

    @rule(lines=SMALL, end=st.sampled_from([b"\n", b"\r\n"]), header=st.booleans())
    def append(self, lines: int, end: bytes, header: bool) -> None:
        self.folder.append(lines, end=end, header=header)

    @rule()
    def append_half(self) -> None:
        self.folder.append_half()

    @rule()
    def append_late(self) -> None:
        self.folder.append_late()

    @rule()
    def append_blank(self) -> None:
        self.folder.append_blank()

    @rule()
    def rename(self) -> None:
        self.folder.rename()

    @rule()
    def copy_and_truncate(self) -> None:
        self.folder.copy_and_truncate()

    @rule(number=st.integers(1, 4))
    def compress(self, number: int) -> None:
        self.folder.compress(number)

    @rule()
    def truncate(self) -> None:
        self.lossless = False
        self.folder.truncate()

    @rule(lines=SMALL, header=st.booleans())
    def replace(self, lines: int, header: bool) -> None:
        self.lossless = False
        self.folder.replace(lines, header=header)

    @rule(number=st.integers(1, 4))
    def remove(self, number: int) -> None:
        self.lossless = False
        self.folder.remove(number)

    @rule(forget=st.booleans())
    def restart(self, forget: bool) -> None:
        if forget:
            self.read, self.at = {}, {}
        self.source.close()
        self.source = self.begin()

    @rule()
    def start_again(self) -> None:
        self.source.start(self.read)

    @rule(limit=st.integers(0, 5))
    def poll(self, limit: int) -> None:
        self.take(self.source.poll(limit))

    @rule()
    def wait(self) -> None:
        """Long enough for what stands still to be taken for finished."""
        for _ in range(5):
            self.take(self.source.poll(100))

    @rule()
    def read_to_the_end(self) -> None:
        for _ in range(100):
            if self.take(self.source.poll(100)):
                break
        else:
            raise AssertionError("it never says that it has caught up")
        missed = self.folder.whole_lines() - self.handed_out.keys()
        assert not missed

    def take(self, poll: Poll) -> bool:
        streams = [stream for stream, _ in groupby(poll.blocks, key=lambda block: block.read.stream)]
        assert len(streams) == len(set(streams))
        for block in poll.blocks:
            read = block.read
            for record in block.records:
                assert read.start <= record.offset < read.end
                known = self.at.setdefault((read.stream, record.offset), record.body)
                # A half line may have been handed out first, of a file that seemed to be finished.
                assert record.body.startswith(known) or known.startswith(record.body)
                self.handed_out[record.body] += 1
            before = self.read.get((read.stream, 0))
            assert read.start <= (before[0].end if before else 0)
            add_read(self.read, [read])
        self.gaps += poll.gaps
        add_read(self.read, poll.gaps)
        return poll.caught_up

    @invariant()
    def nothing_is_missed_where_nothing_was_destroyed(self) -> None:
        assert not (self.lossless and self.gaps)


Reading.TestCase.settings = settings(max_examples=300, stateful_step_count=30, deadline=None)
TestReading = Reading.TestCase
