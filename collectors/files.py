"""A source over files that other programs write, rotate, compress and remove: what is read next, and what is missing.

A stream is a content, not a path: its id has the digest of its first line, its intervals one of the bytes before their
end. So a log that is renamed, copied or compressed goes on where it was read to, and a file that only begins like
another is a stream of its own. In doubt content is read again, which changes nothing, and never left out. The bytes,
lines, streams and looks are left to the modules whose names begin with `file`.
"""

from collections import deque
from collections.abc import Container, Iterator, Mapping, Sequence
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
        looked = not self._queue or self._polls >= POLLS_A_LOOK
        if looked:
            self._look()
        self._polls += 1
        blocks = list(self._take_blocks(limit))
        gaps: list[Gap] = []
        if limit > 0:
            gaps, self._gaps = self._gaps, []
            files = self._listing.files.values()
            if not self._queue and not any(file.waiting for file in files):
                gaps += self._streams.find_gaps(files)
        pending = sum(self._count_pending(file) for file in self._queue)
        return Poll(blocks, gaps, looked and self._is_caught_up(), pending)

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
        last, ended = "", set[str]()
        while self._queue and left > 0 and size < BYTES_A_POLL:
            file = self._queue[0]
            try:
                block = self._take_block(file, left, ended)
            except FileNotFoundError:
                self._queue.popleft()  # renamed or removed since it was listed: the next look tells which
                continue
            if block is not None:
                if block.read.stream != last:
                    ended.add(last)
                    last = block.read.stream
                left -= len(block.records)
                size += block.read.end - block.read.start
                yield block
            elif not file.settled:
                return
            if file.settled:
                self._queue.popleft()
                self._listing.release(file)
                # Finding where a compressed file was read to takes as long as reading it: one a poll.
                if file.is_compressed and file.refused is None:
                    return

    def _take_block(self, file: File, lines: int, ended: Container[str]) -> Block | None:
        """The next lines of a file. None where there are none for now, which settles it; or else where its stream was
        ended in this poll: blocks of one stream follow one another, so it has to wait for the next. FileNotFoundError
        where its name is not its own any more."""
        try:
            content = file.open()
            if content.foreign is not None:
                detail = f"a file compressed with {content.foreign}; gzip is the only compression that is read"
                return self._refuse(file, "compression", detail)
            stream = self._find_stream(file, content)
            if stream is None:
                file.settled = True
                if file.rest and content.damage is not None and self._is_finished(file, content):
                    return self._refuse(file, "damaged", content.damage)
                return None
            file.refused = None
            if stream.id in ended:
                return None
            return stream.take(content, lines, self._record_limit) or self._take_rest(file, content, stream)
        except FileNotFoundError:
            raise
        except OSError as why:
            return self._refuse(file, "unreadable", f"a file that cannot be read: {why.strerror}")

    def _find_stream(self, file: File, content: Content) -> Stream | None:
        if file.stream is None or not file.stream.is_in(content):
            file.leave()
            whole = self._is_finished(file, content)
            file.stream = self._streams.match(file, self._listing.files.values(), whole=whole)
        if file.stream is not None:
            file.prove()
        return file.stream

    def _take_rest(self, file: File, content: Content, stream: Stream) -> Block | None:
        """A last line without an end, or the dead letter of damage, once no more of it can be expected."""
        file.settled = True
        file.rest = stream.has_rest(content)
        if not file.rest or not self._is_finished(file, content):
            return None
        file.rest = False
        block = stream.take_rest(content, self._record_limit)
        if content.damage is not None:
            # Empty, since nobody can tell how much more there was.
            end = stream.position
            self._gaps.append(Gap(stream.id, 0, end, end, "damaged", before=file.modified_ns // 1000))
        return block

    def _refuse(self, file: File, reason: str, detail: str) -> Block | None:
        """A dead letter, once, for a file none of which can be read. Nothing of it counts as read."""
        file.settled, file.rest = True, False
        if file.refused is not None:
            return None
        file.refused = reason
        nothing = Interval(f"{file.name()}:unread", 0, 0, 0)
        return Block([Record(0, b"", refused=(reason, detail))], nothing)

    def _is_finished(self, file: File, content: Content) -> bool:
        if content.complete:
            return True
        if file.still < STILL:
            return False
        paths = [other.path for other in self._listing.files.values()]
        if content.damage is not None:
            # While the original stands beside it, it may still be on its way to being compressed.
            return self._finish or file.path.suffix != ".gz" or file.path.with_suffix("") not in paths
        return self._finish or file.is_rotated(paths)

    def _is_caught_up(self) -> bool:
        if self._queue or self._streams.has_doubts():
            return False
        return not any(self._may_hold_more(file) for file in self._listing.files.values())

    def _may_hold_more(self, file: File) -> bool:
        """Whether the next looks may bring more of it although it is not queued; in the end they do or do not."""
        renamed = not file.settled and file.still < STILL
        return renamed or file.waiting or (file.rest and self._finish)

    def _count_pending(self, file: File) -> int:
        """Bytes of content, as far as they are known."""
        return max(0, file.extent - (0 if file.stream is None else file.stream.position))
