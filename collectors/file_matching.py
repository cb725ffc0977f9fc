"""Which stream a file carries. Contents with the same first line are one family: told apart, and known again under
another name, by what stands before the positions they were read to."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

from collectors.events import Gap, Interval
from collectors.file import STILL, File
from collectors.file_content import Content
from collectors.file_stream import Stream, digest_before, digest_start
from collectors.source import Position

_STREAM_ID = re.compile(r":([0-9a-f]{16})(?::\d+)?\Z")


class Families:
    """All streams of one source, by the digest of their first line."""

    def __init__(self) -> None:
        self._families: dict[str, list[Stream]] = {}
        self._doubtful: set[str] = set()

    def __iter__(self) -> Iterator[Stream]:
        return (stream for family in self._families.values() for stream in family)

    def restart(self, read: Mapping[Position, Sequence[Interval]]) -> None:
        """Every stream at its first hole; intervals that are not of our making are passed over. One that ends in a gap
        has no check, so no content will ever be taken for that stream again: it would have a new one, read in full."""
        known = {stream.id: stream for stream in self}
        for stream in known.values():
            stream.go_to(0, "")
        for (id_, partition), intervals in read.items():
            named = _STREAM_ID.search(id_)
            if named is None or partition or not intervals:
                continue
            if id_ not in known:
                known[id_] = Stream(id_, named[1])
                self._families.setdefault(named[1], []).append(known[id_])
            known[id_].go_to(intervals[0].end, intervals[0].check if intervals[0].start == 0 else "")

    def guess(self, file: File) -> None:
        """What a file seen for the first time carries, by its first line alone: cheap, and enough to know what would
        be lost with it. May raise OSError."""
        content = file.open()
        start = digest_start(content)
        if start is not None and content.foreign is None:
            family = self._families.get(start)
            file.stream = max(family, key=lambda stream: stream.position) if family else self._add(file, start)

    def match(self, file: File, others: Iterable[File], *, whole: bool) -> Stream | None:
        """The stream that a file carries: the longest read one that fits, else a new one. None where the file has
        nothing to read, or none yet: no whole line (`whole`: no more is expected), or a part of its likeness."""
        content = file.open()
        start = digest_start(content, whole=whole)
        file.rest = start is None and not content.complete and file.size > 0
        file.waiting = False
        if start is None:
            return None
        family = sorted(self._families.get(start, ()), key=lambda stream: stream.position)
        fitting = [stream for stream in family if stream.is_in(content)]
        if fitting:
            return fitting[-1]
        if _is_part_of_one(file, content, family, others):
            return None
        perhaps_copied = file.is_new and file.still < STILL
        file.waiting = perhaps_copied and any(stream.goes_beyond(content) for stream in family)
        return None if file.waiting else self._add(file, start)

    def find_gaps(self, files: Iterable[File]) -> list[Gap]:
        """What was lost, stands in none of the files, and has not turned up by the second time of asking: files that
        are renamed while they are listed may be missed once."""
        standing: dict[str, int] = {}
        for file in files:
            if file.stream is not None:
                standing[file.stream.id] = max(file.extent, standing.get(file.stream.id, 0))
        doubtful, gaps = set(), []
        for stream in self:
            if stream.lost <= max(stream.position, standing.get(stream.id, 0)):
                continue
            if stream.id in self._doubtful:
                gaps.append(stream.gap())
                stream.lost = 0
            else:
                doubtful.add(stream.id)
        self._doubtful = doubtful
        return gaps

    def has_doubts(self) -> bool:
        return bool(self._doubtful)

    def _add(self, file: File, start: str) -> Stream:
        family = self._families.setdefault(start, [])
        name = f"{file.name()}:{start}"
        taken = {stream.id for stream in family}
        # Some of a family may have been forgotten with what was not recorded of them, so counting is not enough.
        names = (f"{name}:{number}" if number > 1 else name for number in count(len(family) + 1))
        family.append(Stream(next(each for each in names if each not in taken), start))
        return family[-1]


def _is_part_of_one(file: File, content: Content, family: Sequence[Stream], others: Iterable[File]) -> bool:
    """Whether another file has the same bytes at this one's end and all of them were read: a copy, perhaps of a
    log that is about to be truncated."""
    if file.is_compressed:
        return False
    ending = digest_before(content, content.extent())
    for other in others:
        stream = other.stream
        if other is file or other.is_compressed or stream is None or stream not in family:
            continue
        try:
            theirs = other.open()
        except OSError:
            continue
        is_same = stream.position >= content.extent() and digest_before(theirs, content.extent()) == ending
        if is_same and stream.is_in(theirs):
            return True
    return False
