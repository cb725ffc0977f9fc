"""A source over files that other programs write, rotate, compress and remove: what is read next, and what is missing.

A stream is a content, not a path: its id has the digest of its first line, its intervals one of the bytes before their
end. So a log that is renamed, copied or compressed goes on where it was read to, and a file that only begins like
another is a stream of its own. In doubt content is read again, which changes nothing, and never left out. The bytes,
lines, streams and looks are left to the modules whose names begin with `file`.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from collectors.events import Gap, Interval
from collectors.file import STILL, File
from collectors.file_content import Content
from collectors.file_listing import Listing
from collectors.file_matching import Families
from collectors.file_stream import Stream
from collectors.source import Block, Poll, Position, Record

RECORD_LIMIT = 1024 * 1024
BYTES_A_POLL = 16 * 1024 * 1024
POLLS_A_LOOK = 32


class FileSource:
    """Lines of the files in a directory (not hidden, not below), or of those that a glob finds; gzip is told by content.

    A last line without an end is handed out when no more of it can be expected: at the end of a gzip file, and where
    the file stood still for three looks and was rotated away, or `finish` says that nobody will look again. A line
    longer than `record_limit` bytes is refused. Oldest modification first, so that history arrives about in order.
    """

    def __init__(self, name: str, path: Path, *, record_limit: int = RECORD_LIMIT, finish: bool = False) -> None:
        self.name = name
        self._record_limit = record_limit
        self._finish = finish
        self._listing = Listing(path)
        self._streams = Families()
        self._queue: deque[File] = deque()
        self._polls = 0
        self._gaps: list[Gap] = []

    def start(self, read: Mapping[Position, Sequence[Interval]]) -> None:
        """Files stay open, since one that lost its name meanwhile could not be found again."""
        self._streams.restart(read)
        for file in self._listing.files.values():
            file.forget()
        self._queue.clear()

    def poll(self, limit: int) -> Poll:
        """May raise OSError where the directory cannot be listed."""
        if not self._queue or self._polls >= POLLS_A_LOOK:
            self._look()
        self._polls += 1
        blocks = list(self._take_blocks(limit))
        if not self._queue and not any(file.waiting for file in self._listing.files.values()):
            self._gaps += self._streams.find_gaps()
        gaps, self._gaps = self._gaps, []
        pending = sum(self._count_pending(file) for file in self._queue)
        return Poll(blocks, gaps, self._is_caught_up(), pending)

    def cut(self, block: Block, records: int) -> Interval:
        """May raise OSError."""
        read = block.read
        if records >= len(block.records):
            return read
        end = block.records[records].offset
        for file in self._listing.files.values():
            if file.stream is not None and file.stream.id == read.stream:
                return file.stream.cover(file.open(), read.start, end)
        return Interval(read.stream, read.partition, read.start, end)

    def acknowledge(self, read: Sequence[Interval]) -> None:
        """Nothing to do: files keep no account of their readers."""

    def close(self) -> None:
        self._listing.close()

    def _look(self) -> None:
        self._queue = deque(self._listing.look())
        self._polls = 0
        for file in self._queue:
            if file.stream is None:
                try:
                    self._streams.guess(file)
                except OSError:
                    continue  # told when its turn to be read comes
                self._listing.release(file)

    def _take_blocks(self, limit: int) -> Iterator[Block]:
        left, size = limit, 0
        ended: set[str] = set()
        last = ""
        while self._queue and left > 0 and size < BYTES_A_POLL:
            file = self._queue[0]
            # Blocks of one stream follow one another: what would come back to one waits for the next poll.
            block = None if file.settled else self._take_block(file, left, ended)
            if file.settled:
                self._queue.popleft()
                self._listing.release(file)
            if block is not None:
                if block.read.stream != last:
                    ended.add(last)
                    last = block.read.stream
                left -= len(block.records)
                size += block.read.end - block.read.start
                yield block
            # Finding where a compressed file was read to takes as long as reading it: one a poll.
            if file.is_compressed and file.settled or block is None and not file.settled:
                return
