"""The lock on a data directory: one writer, and nothing left of it when the process is gone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from metrics.ledger.lock import AlreadyRunning, WriterLock

_HOLD = """
import sys
from pathlib import Path
from metrics.ledger.lock import WriterLock
with WriterLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def _hold(path: Path) -> subprocess.Popen[str]:
    """A process that holds the lock until its input is closed."""
    command = [sys.executable, "-c", _HOLD, str(path)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_second_writer_is_refused_and_told_who_runs(tmp_path: Path) -> None:
    with _hold(tmp_path / "writer.lock") as holder:
        with pytest.raises(AlreadyRunning, match=f"process {holder.pid} already writes to {tmp_path}"):
            WriterLock(tmp_path / "writer.lock").acquire()
        holder.communicate()


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    with _hold(tmp_path / "writer.lock") as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with WriterLock(tmp_path / "writer.lock"):
            assert (tmp_path / "writer.lock").read_text() == f"{os.getpid()}\n"


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    first, second = WriterLock(tmp_path / "writer.lock"), WriterLock(tmp_path / "writer.lock")
    first.acquire()
    with pytest.raises(AlreadyRunning):
        second.acquire()
    first.release()
    first.release()
    second.acquire()
    second.release()


def test_a_lock_file_without_a_number_names_nobody(tmp_path: Path) -> None:
    with WriterLock(tmp_path / "writer.lock"):
        (tmp_path / "writer.lock").write_text("")
        with pytest.raises(AlreadyRunning, match="another process"):
            WriterLock(tmp_path / "writer.lock").acquire()
