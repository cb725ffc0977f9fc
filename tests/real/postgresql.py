"""A real PostgreSQL for tests: a server of our own in a folder of its own, on a free port of loopback, ended by its process id. What is
tested on it is left to the tests."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.ports import free_port

_PROGRAMS = Path("/usr/lib/postgresql")
_PATIENCE_SECONDS = 180.0
_UNPRIVILEGED = "nobody"
# What a test's server can do without: to be safe from a power cut. What it has committed outlives its own end nevertheless.
_HASTE = "fsync = off\nfull_page_writes = off\n"


def find_programs() -> Path | None:
    """Where initdb and postgres are, of the newest version; None where there are none."""
    found = sorted(_PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parents[1].name))
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).resolve().parent if elsewhere else None


class Server:
    """One server. PostgreSQL refuses to run as root: then it runs as nobody. `settings`: lines of postgresql.conf; `made`:
    what initdb is told besides."""

    def __init__(self, programs: Path, settings: str = _HASTE, *made: str) -> None:
        self._programs = programs
        # Not in a test's own folder: its socket's path must be short, and nobody may look into the folders of root.
        self.folder = Path(tempfile.mkdtemp(prefix="earshot-pg-"))
        self.data = self.folder / "data"
        self.port = free_port()
        self._user = _UNPRIVILEGED if os.geteuid() == 0 else None
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self._run(
            "initdb", "-D", self.data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", *made
        )
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(f"listen_addresses = '127.0.0.1'\nunix_socket_directories = '{self.folder}'\n{settings}")
        self._process: subprocess.Popen[bytes] | None = None

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [self._programs / program, *arguments]
        done = subprocess.run(
            command, user=self._user, cwd=self.folder, env=_environment(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    def start(self, *around: str) -> None:
        """Start it, and wait until it answers. `around`: a command under which it runs, in the place of which it stands."""
        with (self.folder / "log").open("ab") as log:
            command = [*around, str(self._programs / "postgres"), "-D", str(self.data), "-p", str(self.port)]
            self._process = subprocess.Popen(
                command, user=self._user, cwd=self.folder, env=_environment(), stdout=log, stderr=log
            )
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                psycopg.connect(self.conninfo("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: at once but cleanly; SIGQUIT: immediately, as if it had crashed; SIGTERM: when nobody is connected any more."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_PATIENCE_SECONDS)
            self._process = None

    def reload(self) -> None:
        """Let it read its settings again; back when whoever connects finds them."""
        read, until = self._settings_read(), time.monotonic() + _PATIENCE_SECONDS
        self.run(sql.SQL("SELECT pg_reload_conf()"))
        while self._settings_read() == read:
            assert time.monotonic() < until, "it does not read its settings"
            time.sleep(0.05)

    def _settings_read(self) -> object:
        """When those were read that a new connection has."""
        with psycopg.connect(self.conninfo("postgres")) as connection:
            return connection.execute("SELECT pg_conf_load_time()").fetchone()

    def cut(self, database: str) -> None:
        """End every connection to it; back when they have ended."""
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        until = time.monotonic() + _PATIENCE_SECONDS
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            while connection.execute(end, [database]).fetchall():
                assert time.monotonic() < until, "they do not end"
                time.sleep(0.05)

    def take_over(self, file: Path) -> Path:
        """A copy of a file that belongs to the server."""
        copy = self.folder / file.name
        shutil.copy(file, copy)
        if self._user is not None:
            account = pwd.getpwnam(self._user)
            os.chown(copy, account.pw_uid, account.pw_gid)
        return copy

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder)

    def conninfo(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=owner dbname={database}"

    def url(self, database: str, user: str = "owner") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(database), sql.Identifier(template))
        self.run(statement)

    def drop(self, database: str) -> None:
        """With whoever is connected to it."""
        self.run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def dump(self, database: str, file: Path) -> None:
        self._run("pg_dump", "--format=custom", f"--file={file}", self.conninfo(database))

    def restore(self, database: str, file: Path) -> None:
        """Into an empty database."""
        self._run("pg_restore", "--exit-on-error", f"--dbname={self.conninfo(database)}", file)

    def cpu_seconds(self) -> float:
        """What the server and all its processes have used since it was started."""
        assert self._process is not None
        own = self._process.pid
        # utime stime cutime cstime: children that have ended count with the first process
        counted = (fields[11 : 15 if pid == own else 13] for pid, fields in self._processes())
        return sum(int(ticks) for times in counted for ticks in times) / os.sysconf("SC_CLK_TCK")

    def _processes(self) -> Iterator[tuple[int, list[str]]]:
        """The number of each of its processes, and what proc(5) says of it from its state on."""
        assert self._process is not None
        own = self._process.pid
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                pid, fields = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
                if own in (pid, int(fields[1])):
                    yield pid, fields

    def limit_files(self, most: int | str = "unlimited") -> None:
        """No file of its own grows beyond so many bytes from now on; to the server that is a full disk."""
        assert self._process is not None
        # Its first process before the others: whoever comes later has what that has.
        self._limit(self._process.pid, most)
        for pid, _ in self._processes():
            self._limit(pid, most)

    def _limit(self, pid: int, most: int | str) -> None:
        # By its own user: root may not everywhere.
        command = ["prlimit", f"--pid={pid}", f"--fsize={most}:"]
        done = subprocess.run(command, user=self._user, capture_output=True, text=True)
        # Whoever served a connection that was closed ends in its own time.
        assert done.returncode == 0 or not Path(f"/proc/{pid}").exists(), done.stderr

    def logged_bytes(self) -> float:
        """How much was written to the server's log of changes since it was made."""
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchone()
        assert found is not None
        return float(found[0])

    def check(self, database: str) -> None:
        """Every page, row and index of it, by PostgreSQL's own program. AssertionError with what it finds."""
        self._run("pg_amcheck", "--install-missing", "--heapallindexed", self.conninfo(database))

    def read_bytes(self, database: str) -> bytes:
        """Everything in the files of a database, once they are written."""
        with psycopg.connect(self.conninfo(database), autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            found = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
        assert found is not None
        return b"".join(path.read_bytes() for path in (self.data / "base" / str(found[0])).iterdir())

    def run(self, statement: sql.Composed | sql.SQL) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_server(settings: str = _HASTE, *made: str) -> Iterator[Server]:
    """A server of one's own. The test that asks is skipped where none can be had."""
    programs = find_programs()
    if programs is None:
        pytest.skip("no PostgreSQL here: make setup-dev installs it")
    server = Server(programs, settings, *made)
    try:
        server.start()
        yield server
    finally:
        server.remove()


def empty(conninfo: str) -> None:
    """Leave a database as its migrations made it, nobody connected to it: in a fiftieth of the time that making one takes."""
    with psycopg.connect(conninfo) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
        ).fetchall()
        # Foreign keys cascade, so that the order does not matter.
        for (table,) in tables:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        connection.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ} | {"LC_ALL": "C"}
