"""One file as last seen: its names, its state, its open handle. What is in it is left to `file_stream`."""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from collectors.file_content import Content, FileKey, Gzip, content_of, open_handle
from collectors.file_stream import Stream

# Looks without a change before a last line without an end, a gzip file that ends early, or a file that is shorter than
# its likeness, is taken for finished and not for being written.
STILL = 3

_NUMBERED = re.compile(r"[.-]\d")


class Listed(NamedTuple):
    """One look at one file; the modification is in nanoseconds since 1970 UTC."""

    path: Path
    key: FileKey
    size: int
    modified_ns: int


class _State(NamedTuple):
    size: int
    modified_ns: int
    extent: int


class File:
    """A file as last seen.

    `stream`: what it carries as far as its first line tells; every read proves it again. `extent`: the bytes of content
    it is known to have. `settled`: as it stands, nothing is left to be done. `rest`: a last line without an end, or
    damage, is left. `waiting`: it is new and shorter than its likeness, so perhaps a copy being made. `gone`: no longer
    listed under any name, but still held open. `refused`: why none of it can be read, as its dead letter says.
    """

    def __init__(self, listed: Listed) -> None:
        self.path = listed.path
        self.key = listed.key
        self.size = listed.size
        self.modified_ns = listed.modified_ns
        self.extent = listed.size
        self.still = 0
        self.gone = self.is_compressed = False
        self._first_path = listed.path
        self._handle: int | None = None
        self._content: Content | None = None
        self.forget()

    def forget(self) -> None:
        """Know nothing of what it carries."""
        self.stream: Stream | None = None
        self.settled = self.rest = self.waiting = False
        self.refused: str | None = None
        self.is_new = True  # it has carried no stream so far
        self._proven: _State | None = None

    def name(self) -> str:
        """For people who look for the file. Names of files need not be text; this is."""
        return self.path.name.encode(errors="replace").decode()

    def open(self) -> Content:
        """The content, held open until `close`: a file that is renamed or removed can still be read to its end."""
        if self._handle is None:
            self._handle = open_handle(self.path, self.key)
        if self._content is None:
            self._content = content_of(self._handle)
            self.is_compressed = isinstance(self._content, Gzip)
            self.extent = self._content.extent()
        return self._content

    def close(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
        self._handle = self._content = None

    def update(self, seen: Listed) -> None:
        """Take over what a look showed."""
        self.path = seen.path
        if (seen.size, seen.modified_ns) == (self.size, self.modified_ns):
            self.still += 1
            return
        if not self.is_compressed:
            if seen.size < self.extent:
                self.lose("truncated")
            self.extent = seen.size
        self.size, self.modified_ns, self.still = seen.size, seen.modified_ns, 0
        self.settled = self.rest = self.waiting = False
        self._content = None  # what was a plain file may be a compressed one now, and inflating begins anew

    def look_again(self) -> Listed | None:
        """What the open handle shows of a file that is not listed; None where there is none, or where it is read to
        its end and has no name left, so that its space can be freed."""
        if self._handle is None:
            return None
        at = os.fstat(self._handle)
        unchanged = (at.st_size, at.st_mtime_ns) == (self.size, self.modified_ns)
        if at.st_nlink == 0 and unchanged and self.settled and not self.is_unsure():
            return None
        return Listed(self.path, self.key, at.st_size, at.st_mtime_ns)

    def is_unsure(self) -> bool:
        """Whether time has to tell what it is or how it ends."""
        return self.rest or self.waiting

    def is_rotated(self, paths: Iterable[Path]) -> bool:
        """Whether it was renamed or removed while we watched, or has another file's name and a number (log, log.1)."""
        if self.gone or self.path != self._first_path:
            return True
        name = str(self.path)
        return any(name.startswith(str(path)) and _NUMBERED.match(name, len(str(path))) for path in paths)

    def prove(self) -> None:
        """Note that, as it stands, it carries its stream."""
        self._proven = self._state()
        self.extent = self._proven.extent
        self.is_new = False

    def leave(self) -> None:
        """It does not carry its stream. If it did and was changed since, what was not read then is lost."""
        if self.stream is not None and self._proven is not None:
            now = self._state()
            self.extent = now.extent
            if (now.size, now.modified_ns) != (self._proven.size, self._proven.modified_ns):
                self.stream.lose(self._proven.extent, self._proven.modified_ns // 1000, "replaced")
        self.stream = self._proven = None

    def lose(self, reason: str) -> None:
        if self.stream is not None:
            self.stream.lose(self.extent, self.modified_ns // 1000, reason)

    def _state(self) -> _State:
        content = self.open()
        assert self._handle is not None
        at = os.fstat(self._handle)
        return _State(at.st_size, at.st_mtime_ns, content.extent())
