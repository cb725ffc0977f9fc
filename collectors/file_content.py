"""The bytes of one file at offsets that compression does not move. Cutting them into lines is left to `file_lines`,
telling which content it is to `file_stream`."""

import os
import stat
import zlib
from pathlib import Path
from typing import Protocol

# How much before a position is looked at to recognise it; what is read forward keeps so much behind it at hand.
WINDOW = 4096

_COMPRESSED_READ = 64 * 1024
_INFLATED_AT_ONCE = 1024 * 1024
_GZIP = b"\x1f\x8b"
_FOREIGN = {b"\x28\xb5\x2f\xfd": "zstd", b"\xfd7zXZ\x00": "xz", b"BZh91AY": "bzip2"}

FileKey = tuple[int, int]
"""(device, inode): one file under all its names, while it exists."""


class Content(Protocol):
    """`complete`: no byte can follow any more. `damage`: why reading stopped short, as a sentence, else None.
    Both are known once the end was reached. `foreign`: a compression that is not read, None for all that are."""

    complete: bool
    damage: str | None
    foreign: str | None

    def read(self, offset: int, size: int) -> bytes:
        """Up to `size` bytes; fewer only where there are no more at present. May raise OSError."""

    def extent(self) -> int:
        """How many bytes are known to exist."""


class Plain:
    """A file as it stands."""

    complete = False
    damage: str | None = None

    def __init__(self, handle: int, foreign: str | None = None) -> None:
        self._handle = handle
        self.foreign = foreign

    def read(self, offset: int, size: int) -> bytes:
        return os.pread(self._handle, size, offset)

    def extent(self) -> int:
        return os.fstat(self._handle).st_size


class Gzip:
    """What a gzip file holds, all its members. Read forward in bounded steps; reading backward begins anew."""

    foreign: str | None = None

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._rewind()

    def _rewind(self) -> None:
        self._held = b""
        self._held_from = 0
        self._compressed_at = 0
        self._input = b""
        self._inflater = zlib.decompressobj(wbits=31)
        self.complete = False
        self.damage: str | None = None

    def read(self, offset: int, size: int) -> bytes:
        if offset < self._held_from:
            self._rewind()
        keep_from = max(0, offset - WINDOW)
        pieces, end = [self._held], self._held_from + len(self._held)
        while end < offset + size and (piece := self._inflate()):
            if end <= keep_from:
                pieces, self._held_from = [], end
            pieces.append(piece)
            end += len(piece)
        held = b"".join(pieces)
        drop = max(0, min(keep_from - self._held_from, len(held)))
        self._held, self._held_from = held[drop:], self._held_from + drop
        start = offset - self._held_from
        return self._held[start : start + size]

    def extent(self) -> int:
        """From the file's last four bytes: right for one whole member under 4 GiB, at least what was read."""
        size = os.fstat(self._handle).st_size
        stated = int.from_bytes(os.pread(self._handle, 4, max(0, size - 4)), "little")
        known = self._held_from + len(self._held)
        return known if self.complete or self.damage is not None else max(stated, known)

    def _inflate(self) -> bytes:
        """The next bytes, at most 1 MiB of them; none at the end, which is then told complete or damaged."""
        while not self.complete and self.damage is None:
            if not self._input:
                self._input = os.pread(self._handle, _COMPRESSED_READ, self._compressed_at)
                self._compressed_at += len(self._input)
            if self._inflater.eof and not self._next_member():
                continue
            ended = not self._input
            try:
                piece = self._inflater.decompress(self._input, _INFLATED_AT_ONCE)
            except zlib.error:
                self.damage = "the gzip data is damaged"
                break
            self._input = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail
            if piece:
                return piece
            if ended:
                self.damage = "the gzip data ends early"
        return b""

    def _next_member(self) -> bool:
        """Whether another member begins; at the end of the file the content is complete. Zeros are padding."""
        was_last = not self._input
        self._input = self._input.lstrip(b"\x00")
        if self._input:
            self._inflater = zlib.decompressobj(wbits=31)
            return True
        self.complete = was_last
        return False


def open_handle(path: Path, key: FileKey) -> int:
    """A handle on that very file; FileNotFoundError where another one has taken its name. May raise OSError."""
    # Not blocking, since a pipe may have taken the name since it was listed.
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    found = os.fstat(handle)
    if (found.st_dev, found.st_ino) == key and stat.S_ISREG(found.st_mode):
        return handle
    os.close(handle)
    raise FileNotFoundError


def content_of(handle: int) -> Content:
    """The content behind a handle, by its first bytes and not by its name."""
    start = os.pread(handle, 8, 0)
    if start.startswith(_GZIP):
        return Gzip(handle)
    for magic, name in _FOREIGN.items():
        if start.startswith(magic):
            return Plain(handle, foreign=name)
    return Plain(handle)
