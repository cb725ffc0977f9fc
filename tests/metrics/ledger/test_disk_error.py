"""A disk under a ledger that fails once, or from then on: the process that records may end, what it recorded stands whole, and
the next one goes on. strace lets the system say EIO where it would have written or made sure."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from metrics.ledger.database import migrate, open_database
from tests.metrics.ledger.endless import differences
from tests.metrics.ledger.whole import read_whole
from tests.real.postgresql import Server, find_programs

SYNCS = int(os.environ.get("EARSHOT_TEST_SYNCS", "2"))
_FIRST, _MOST_SYNCS = 5, 50  # where one before fails the server may not even start: it makes sure of its locks first
_UNTIL = 1_000
_WORK = (
    "import sys; from tests.metrics.ledger.endless import work; work(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))"
)
_SYNCS, _WRITES = "fsync,fdatasync", "pwrite64"


def record(url: str, seed: int, *around: str, until: int = _UNTIL) -> int:
    """Work to the end, in a process of its own; its exit status."""
    command = [*around, sys.executable, "-c", _WORK, url, str(seed), str(until)]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode


@pytest.fixture
def strace() -> str:
    program = shutil.which("strace")
    if program is None or subprocess.run([program, "-qq", "-o", "/dev/null", "true"], check=False).returncode:
        pytest.skip("no strace here, or it may not look: make setup-dev installs it")
    return program


@pytest.mark.parametrize(
    ("calls", "when", "is_told"),
    [
        pytest.param(_SYNCS, "1", True, id="as the log is begun"),
        # Nobody waits for that: the log stands, and is written into the file next time.
        pytest.param(_SYNCS, "3", False, id="as the log is written into the file"),
        pytest.param(_SYNCS, "3+", False, id="as the log is written into the file, and tried again"),
        pytest.param(_WRITES, "5", True, id="a write at the beginning"),
        pytest.param(_WRITES, "200", True, id="a write in the middle"),
        pytest.param(_WRITES, "200+", True, id="every write from one in the middle on"),
    ],
)
def test_after_an_error_of_the_disk_the_ledger_is_whole_and_nothing_is_lost(
    tmp_path: Path, strace: str, calls: str, when: str, is_told: bool
) -> None:
    url, log = f"sqlite:///{tmp_path / 'ledger.sqlite3'}", tmp_path / "strace"
    engine = open_database(url)
    migrate(engine)
    engine.dispose()  # the last who lets go writes the log into the file
    failing = ["-f", "--seccomp-bpf", "-qq", "-o", str(log), "-e", f"inject={calls}:error=EIO:when={when}"]
    status = record(url, 1, strace, *failing, "-e", f"trace={calls}")
    assert "(INJECTED)" in log.read_text(), "the disk did not fail"
    assert (status != 0) == is_told
    engine = open_database(url)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    assert record(url, 2) == 0
    assert differences(read_whole(engine), _UNTIL) == []
    engine.dispose()


@pytest.mark.parametrize("when", [_FIRST + number * (_MOST_SYNCS - _FIRST + 1) // SYNCS for number in range(SYNCS)])
def test_after_an_error_of_the_disk_under_postgresql_nothing_is_lost(strace: str, when: int) -> None:
    """That one of each of its processes fails: of whoever commits, and whoever recovers. PostgreSQL ends then, and recovers by itself."""
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL here: make setup-dev installs it")
    server = Server(programs, "", "--data-checksums")
    try:
        server.start()
        server.create("ledger")
        engine = open_database(server.url("ledger"))
        migrate(engine)
        engine.dispose()
        server.stop()
        log = server.folder / "strace"
        failing = ["-D", "-f", "--seccomp-bpf", "-qq", "-o", str(log), "-e", f"inject={_SYNCS}:error=EIO:when={when}"]
        server.start(strace, *failing, "-e", f"trace={_SYNCS}")
        assert record(server.url("ledger"), 1, until=5 * _UNTIL) != 0, "it was told of no failure"
        server.stop(signal.SIGQUIT)
        assert "(INJECTED)" in log.read_text(), "the disk did not fail"
        server.start()
        server.check("ledger")
        assert record(server.url("ledger"), 2, until=5 * _UNTIL) == 0
        assert differences(read_whole(engine), 5 * _UNTIL) == []
        server.check("ledger")
        engine.dispose()
    finally:
        server.remove()
