"""A folder of logs as programs and logrotate leave it: written, renamed, copied and truncated, compressed, removed."""

import gzip
import os
from pathlib import Path

HEADER = b"# the same first line in many files\n"


def lines(first: int, last: int) -> list[bytes]:
    """The lines of these numbers, as the folder writes them."""
    return [b"line %05d" % number for number in range(first, last + 1)]


class LogFolder:
    """Every line it writes has a number of its own. Modification times are ours, a second apart, since the clock of a
    file system is too coarse for a test that does in a millisecond what takes days."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = path / "app.log"
        self._lines = 0
        self._half = b""
        self._seconds = 1_700_000_000

    def append(self, lines: int, *, end: bytes = b"\n", header: bool = False) -> None:
        """Whole lines, the first of which completes a half one; a new file begins with the header where asked."""
        data = HEADER if header and not (self.log.exists() and self.log.stat().st_size) else b""
        for _ in range(lines):
            data += self._next_line()[len(self._half) :] + end
            self._half = b""
        self._write(data)

    def append_half(self) -> None:
        if not self._half:
            self._half = self._next_line()[:-3]
            self._lines -= 1
            self._write(self._half)

    def append_late(self) -> None:
        """A program that has not noticed the renaming goes on in log.1, where it may have left half a line."""
        path = self._numbered(1)
        if path.exists() and path.suffix != ".gz":
            half = path.read_bytes().rpartition(b"\n")[2]
            with path.open("ab") as file:
                file.write((b"" if not half else b" completed\n") + self._next_line() + b"\n")
            self._touch(path)

    def append_blank(self) -> None:
        if not self._half:
            self._write(b"\n\r\n")

    def rename(self) -> None:
        """log.1 to log.2, log to log.1."""
        if self.log.exists():
            self._shift()
            self.log.rename(self._numbered(1))
            self._half = b""

    def copy_and_truncate(self) -> None:
        if self.log.exists():
            self._shift()
            copy = self._numbered(1)
            copy.write_bytes(self.log.read_bytes())
            self._touch(copy)
            self.truncate()

    def truncate(self) -> None:
        if self.log.exists():
            os.truncate(self.log, 0)
            self._touch(self.log)
            self._half = b""

    def replace(self, lines: int, *, header: bool) -> None:
        """Other content written over the old in the same file."""
        self.truncate()
        self.append(lines, header=header)

    def compress(self, number: int) -> None:
        path = self._numbered(number)
        if path.exists() and path.suffix != ".gz":
            packed = path.with_name(f"{path.name}.gz")
            packed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
            modified = path.stat().st_mtime_ns
            os.utime(packed, ns=(modified, modified))
            path.unlink()

    def remove(self, number: int) -> None:
        self._numbered(number).unlink(missing_ok=True)

    def whole_lines(self) -> set[bytes]:
        """What stands in the folder and has its end."""
        found: set[bytes] = set()
        for path in self.path.iterdir():
            data = path.read_bytes()
            content = gzip.decompress(data) if path.suffix == ".gz" else data
            found.update(line.removesuffix(b"\r") for line in content.split(b"\n")[:-1])
        return found - {b""}

    def _next_line(self) -> bytes:
        self._lines += 1
        return b"line %05d" % self._lines

    def _numbered(self, number: int) -> Path:
        plain = self.path / f"app.log.{number}"
        packed = self.path / f"app.log.{number}.gz"
        return packed if packed.exists() else plain

    def _shift(self) -> None:
        for number in range(30, 0, -1):
            path = self._numbered(number)
            if path.exists():
                suffix = ".gz" if path.suffix == ".gz" else ""
                path.rename(self.path / f"app.log.{number + 1}{suffix}")

    def _write(self, data: bytes) -> None:
        with self.log.open("ab") as file:
            file.write(data)
        self._touch(self.log)

    def _touch(self, path: Path) -> None:
        self._seconds += 1
        os.utime(path, (self._seconds, self._seconds))
