"""A migration that ends in its middle, by a death, on a full disk, or with its server: the tables are the old ones, and the
next start brings them up to date as if nothing had been. `make upgrade` does it at size."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, Result, event, select, text

from metrics.ledger import migrating
from metrics.ledger.database import migrate, open_database
from metrics.ledger.door import LedgerError
from tests.full_disk import room_for
from tests.real.postgresql import Server, running_server

ROWS = int(os.environ.get("EARSHOT_TEST_ROWS", "400"))
KILLS = int(os.environ.get("EARSHOT_TEST_KILLS", "3"))
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload([migrating.__name__])

Tables = dict[str, list[str]]
Make = Callable[[str], str]


def begin(url: str) -> str:
    """A ledger of the first version, with something in it for every change to change."""
    config = Config()
    config.set_main_option("script_location", str(migrating._MIGRATIONS))
    engine = open_database(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text("INSERT INTO fact_set VALUES (:message, 'email', 'opened', '', 1, FALSE, :payload)"),
            [{"message": f"m{number}", "payload": b"%09d" % number * 20} for number in range(ROWS)],
        )
        connection.execute(
            text("INSERT INTO person (number, pseudonym) VALUES (1, :pseudonym)"), {"pseudonym": bytes(32)}
        )
        connection.execute(
            text("INSERT INTO answer VALUES (:message, 1, 'useful', NULL, :value, 0, '', '')"),
            [{"message": f"m{number}", "value": number % 5} for number in range(ROWS)],
        )
    engine.dispose()
    return url


def begin_on(server: Server, name: str) -> str:
    server.create(name)
    return begin(server.url(name))


def look(url: str) -> Tables:
    """Everything that stands in it, and what its columns are."""
    engine = open_database(url)
    found = MetaData()
    with engine.connect() as connection:
        found.reflect(connection)
        held = {
            name: [*map(str, table.columns.values()), *_digest(connection.execute(select(table)).yield_per(10_000))]
            for name, table in found.tables.items()
        }
        if engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]
    engine.dispose()
    return held


def _digest(rows: Result[Any]) -> list[str]:
    """How many there are, and a figure that says whether they are the same, in any order."""
    count = mixed = 0
    for row in rows:
        count, mixed = count + 1, mixed + int.from_bytes(sha256(str(row).encode()).digest())
    return [str(count), f"{mixed:x}"]


def version(url: str) -> str:
    engine = open_database(url)
    with engine.connect() as connection:
        found = str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    engine.dispose()
    return found


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def migrate_until(url: str, statement: int = 0, end: Callable[[], None] = die) -> int:
    """What happens before so many statements, of as many as are told."""
    engine, seen = open_database(url), 0

    def note(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            end()

    event.listen(engine, "before_cursor_execute", note)
    try:
        migrate(engine)
    finally:
        engine.dispose()
    return seen


def quarters(most: int) -> list[int]:
    """Its first, its last, and some between."""
    return [1, *(most * quarter // 4 for quarter in (1, 2, 3)), most]


@pytest.fixture(params=["sqlite", "postgresql"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    if request.param == "sqlite":
        yield lambda name: begin(f"sqlite:///{tmp_path / name}")
        return
    server: Server = request.getfixturevalue("postgresql")
    yield lambda name: begin_on(server, name)
    for name in ("whole", "broken"):
        server.drop(name)


def test_a_death_leaves_the_old_tables_and_the_next_start_changes_them(make: Make) -> None:
    whole, broken = make("whole"), make("broken")
    statements, before = migrate_until(whole), look(broken)
    for statement in quarters(statements):
        dying = processes.Process(target=migrate_until, args=(broken, statement))
        dying.start()
        dying.join()
        assert dying.exitcode == -signal.SIGKILL
        assert look(broken) == before
    migrate_until(broken)
    assert look(broken) == look(whole) != before


def test_a_kill_at_any_moment_leaves_the_old_tables_or_the_new(make: Make) -> None:
    whole, broken, chance = make("whole"), make("broken"), random.Random(19)
    before, began = look(broken), time.monotonic()
    migrate_until(whole)
    took, after = time.monotonic() - began, look(whole)
    seen = {version(broken)}
    for _ in range(KILLS):
        dying = processes.Process(target=migrate_until, args=(broken,))
        dying.start()
        dying.join(0.8 * took * chance.random())
        dying.kill()
        dying.join()
        seen.add(version(broken))
    assert seen <= {"0001", version(whole)}
    assert look(broken) in (before, after)
    migrate_until(broken)
    assert look(broken) == after != before


def test_a_full_disk_leaves_the_old_tables_and_with_room_the_next_start_changes_them(tmp_path: Path) -> None:
    whole, broken = (begin(f"sqlite:///{tmp_path / name}") for name in ("whole", "broken"))
    migrate_until(whole)
    before, failed, room = look(broken), 0, 40_000
    while True:
        try:
            with room_for(room):
                migrate_until(broken)
            break
        except LedgerError:
            assert look(broken) == before
            failed, room = failed + 1, room * 6 // 5
    assert failed > 3
    assert look(broken) == look(whole)


def test_a_server_that_ends_leaves_the_old_tables_and_the_next_start_changes_them() -> None:
    with running_server() as server:
        whole, broken = begin_on(server, "whole"), begin_on(server, "broken")
        statements, before = migrate_until(whole), look(broken)
        for statement in quarters(statements):
            with pytest.raises(LedgerError):
                migrate_until(broken, statement, lambda: server.stop(signal.SIGQUIT))
            server.start()
            assert look(broken) == before
        migrate_until(broken)
        assert look(broken) == look(whole) != before
