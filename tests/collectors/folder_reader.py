"""A file source with what it handed out, for tests of files."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from collectors.events import Gap, Interval
from collectors.files import FileSource
from collectors.source import Position, Record
from metrics.ledger.intervals import merge


def add_read(read: dict[Position, list[Interval]], handed_out: Iterable[Interval | Gap]) -> None:
    """Record intervals and gaps as the ledger does, for which a gap counts as read."""
    for one in handed_out:
        interval = one if isinstance(one, Interval) else Interval(one.stream, one.partition, one.start, one.end)
        position = (one.stream, one.partition)
        read[position] = merge([*read.get(position, ()), interval])


class FolderReader:
    """Reads to the end when told, and remembers what is safe: `restart` is a new process."""

    def __init__(self, path: Path, *, record_limit: int = 1024, finish: bool = False) -> None:
        self._path = path
        self._record_limit = record_limit
        self._finish = finish
        self.read: dict[Position, list[Interval]] = {}
        self.records: list[Record] = []
        self.gaps: list[Gap] = []
        self.polls = 0
        self.source = self._begin(self.read)

    def _begin(self, read: Mapping[Position, list[Interval]]) -> FileSource:
        source = FileSource("logs", self._path, record_limit=self._record_limit, finish=self._finish)
        source.start(read)
        return source

    def restart(self, *, finish: bool = False) -> None:
        self.source.close()
        self._finish = finish
        self.source = self._begin(self.read)

    def poll(self, limit: int = 1000) -> bool:
        poll = self.source.poll(limit)
        self.polls += 1
        for block in poll.blocks:
            self.records += block.records
        self.gaps += poll.gaps
        add_read(self.read, (*(block.read for block in poll.blocks), *poll.gaps))
        return poll.caught_up

    def take(self, looks: int = 1) -> list[bytes]:
        """Read to the end so many times; the bodies that came, refused ones left out."""
        before = len(self.records)
        for _ in range(looks):
            for _ in range(1000):
                if self.poll():
                    break
            else:
                raise AssertionError("never caught up")
        return [record.body for record in self.records[before:] if record.refused is None]

    def refused(self) -> list[tuple[str, bytes]]:
        return [(record.refused[0], record.body) for record in self.records if record.refused is not None]


def open_files() -> list[str]:
    """What this process has open, by name."""
    found = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            found.append(os.readlink(handle))
        except OSError:
            continue
    return found
