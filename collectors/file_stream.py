"""One content, wherever it lies: recognised by its first line, held by a digest of the bytes before its position,
handed out line by line. Which files there are, and which of them carry it, is left to `files`."""

from hashlib import blake2b

from collectors.events import Gap, Interval
from collectors.file_content import WINDOW, Content
from collectors.file_lines import BEGINNING, cut_lines, refuse_long, strip_line
from collectors.source import Block, Record

SMALLEST_READ = 64 * 1024
LARGEST_READ = 4 * 1024 * 1024


def digest_start(content: Content, *, whole: bool = False) -> str | None:
    """16 hex digits for the first line, or as much of it as 4 KiB hold; None while it has no end. `whole`: nothing more
    is expected, so that a line without an end is one too."""
    start = content.read(0, WINDOW)
    line, newline, _ = start.partition(b"\n")
    if newline or len(start) == WINDOW or (start and (whole or content.complete)):
        return blake2b(line, digest_size=8).hexdigest()
    return None


def digest_before(content: Content, position: int) -> str | None:
    """32 hex digits for the bytes (4 KiB at most) before a position; None where the content does not reach it."""
    size = min(position, WINDOW)
    window = content.read(position - size, size)
    return blake2b(window, digest_size=16).hexdigest() if len(window) == size else None


class Stream:
    """`id`: its name in intervals, `start` its first line's digest. `position`: everything before it was handed out,
    `check` the digest of the bytes there. `lost`: up to where bytes are known to have existed that no file holds now."""

    def __init__(self, id_: str, start: str) -> None:
        self.id = id_
        self.start = start
        self.lost = 0
        self.lost_reason = ""
        self.lost_before = 0
        self._line_bytes = 256.0  # what a line takes, as far as seen: so much to read for so many lines
        self.go_to(0, "")

    def go_to(self, position: int, check: str) -> None:
        self.position = position
        self.check = check
        self._skipping = False  # inside a line that was refused for its length

    def is_in(self, content: Content) -> bool:
        """Whether the content is this stream's: it has the same bytes before the position, or else begins alike."""
        if self.position == 0:
            return digest_start(content, whole=True) == self.start
        return digest_before(content, self.position) == self.check

    def goes_beyond(self, content: Content) -> bool:
        """Whether more of the stream was read than this content has."""
        return self.position > 0 and not content.read(self.position - 1, 1)

    def take(self, content: Content, lines: int, record_limit: int) -> Block | None:
        """The next whole lines; None where none has come. Lines over the limit are refused and read past in bounded
        steps, which are blocks without records."""
        start = self._line_start(content, record_limit)
        size = min(max(int(lines * self._line_bytes), SMALLEST_READ), LARGEST_READ)
        data = content.read(start, size)
        if self._skipping:
            return self._skip(content, start, data)
        if len(data) == size and b"\n" not in data:
            data = content.read(start, record_limit + 1)
        records, end = cut_lines(data, start, lines=lines, record_limit=record_limit)
        if end > start:
            self._line_bytes = max((end - start) / max(len(records), 1), 1.0)
            return self._block(content, records, start, end)
        if len(data) > record_limit:
            self._skipping = True
            return self._block(content, [refuse_long(data, start, record_limit)], start, start + len(data))
        return None

    def take_rest(self, content: Content, record_limit: int) -> Block | None:
        """What `take` leaves: a last line without an end, or what damage leaves of it. Should the line be completed
        after all, it is read again from its beginning, since no position inside a line is gone on from."""
        start = self._line_start(content, record_limit)
        line = content.read(start, record_limit + 1)
        end = start + len(line)
        if content.damage is not None:
            return self._block(
                content, [Record(start, line[:BEGINNING], refused=("damaged", content.damage))], start, end
            )
        if end <= self.position:
            return None
        body = strip_line(line, start)
        return self._block(content, [Record(start, body)] if body else [], start, end)

    def has_rest(self, content: Content) -> bool:
        return content.damage is not None or bool(content.read(self.position, 1))

    def lose(self, extent: int, modified_at: int, reason: str) -> None:
        """A file that carried the stream up to `extent` does so no more; it was last modified then (microseconds)."""
        # Even where all of it was handed out: it may not have been recorded, and then `start` goes back behind it.
        if extent > self.lost:
            self.lost, self.lost_before, self.lost_reason = extent, modified_at, reason

    def gap(self) -> Gap:
        """What was lost. Its lines were written by the time their file was last seen modified."""
        return Gap(self.id, 0, self.position, self.lost, self.lost_reason, before=self.lost_before)

    def cover(self, content: Content, start: int, end: int) -> Interval:
        return Interval(self.id, 0, start, end, digest_before(content, end) or "")

    def _block(self, content: Content, records: list[Record], start: int, end: int) -> Block:
        read = self.cover(content, start, end)
        self.position, self.check = end, read.check
        return Block(records, read)

    def _skip(self, content: Content, start: int, data: bytes) -> Block | None:
        newline = data.find(b"\n")
        self._skipping = newline < 0
        end = start + (len(data) if newline < 0 else newline + 1)
        return self._block(content, [], start, end) if data else None

    def _line_start(self, content: Content, record_limit: int) -> int:
        """The position, or the start of the line it lies in: the last time this line had no end."""
        if self.position == 0 or self._skipping or content.read(self.position - 1, 1) == b"\n":
            return self.position
        if not content.read(self.position, 1) and content.damage is None:
            return self.position
        size = min(self.position, record_limit + 1)
        newline = content.read(self.position - size, size).rfind(b"\n")
        if newline < 0 and size < self.position:
            self._skipping = True
            return self.position
        return self.position - size + newline + 1
