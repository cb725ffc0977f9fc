"""The lock that one writer holds on a data directory of the embedded kind. It is the operating system's: it ends with the
process, however that ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType


class AlreadyRunning(Exception):
    """Somebody else does already what only one may do."""

    def __init__(self, who: str, does: str) -> None:
        super().__init__(f"{who} already {does}")


class WriterLock:
    """A lock on the file `path`, whose folder exists. The file stays when the lock is released; it means nothing then."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise AlreadyRunning at once. OSError where the file cannot be opened."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(file, 20).decode("ascii", "replace").strip()
            os.close(file)
            who = f"process {pid}" if pid.isdigit() else "another process"
            raise AlreadyRunning(who, f"writes to {self._path.parent}") from None
        os.truncate(file, 0)
        os.pwrite(file, f"{os.getpid()}\n".encode("ascii"), 0)
        self._file = file

    def release(self) -> None:
        """Let go; nothing happens where it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> "WriterLock":
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
