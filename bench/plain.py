"""What a sensible engineer would do without sets: a table with a row an event, and SQL over it. A unique key so that repeats count once, an
index that answers the questions without the table, a transaction a batch."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from collectors.events import Collected, Event

_SETUP = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -262144;
CREATE TABLE person (number INTEGER PRIMARY KEY, pseudonym BLOB UNIQUE);
"""
_COLUMNS = """
    id TEXT, source TEXT, message TEXT, channel TEXT, action TEXT, person INTEGER, at INTEGER, machine TEXT, agent TEXT,
    seconds REAL, link TEXT, choice TEXT, value REAL, version TEXT
"""
# What most would write: a repeat is told by its id, and an index answers.
_BY_ID = f"""
CREATE TABLE event ({_COLUMNS}, UNIQUE (id, source));
CREATE INDEX of_message ON event (message, person, action, at, machine);
"""
# The leanest: a repeat is what says the same, and the table is its only index.
_BY_CONTENT = f"""
CREATE TABLE event ({_COLUMNS}, PRIMARY KEY (message, person, action, at, machine, agent, link, seconds)) WITHOUT ROWID;
"""
_INSERT = "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class PlainTable:
    """A database of its own; a context. Persons are whole numbers here as with us: the rows are a third as long."""

    def __init__(self, file: Path, *, lean: bool = False) -> None:
        """`lean`: keyed by what an event says, without an index of ids. A key's part may not be NULL there."""
        self.database = sqlite3.connect(file)
        self.database.executescript(_SETUP + (_BY_CONTENT if lean else _BY_ID))
        self._nothing = "" if lean else None
        self._numbers: dict[str, int] = {}

    def __enter__(self) -> "PlainTable":
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def insert(self, collected: Collected) -> None:
        """Record a batch in one transaction."""
        with self.database:
            new = {event.person for event in collected.events if event.person is not None} - self._numbers.keys()
            self.number(new)
            self.database.executemany(_INSERT, map(self._row, collected.events))

    def insert_rows(self, rows: Iterable[tuple[object, ...]]) -> None:
        """The same of finished rows."""
        with self.database:
            self.database.executemany(_INSERT, rows)

    def number(self, pseudonyms: Iterable[str]) -> None:
        """Give numbers to people who have none."""
        given = {pseudonym: number for number, pseudonym in enumerate(sorted(pseudonyms), start=len(self._numbers))}
        self.database.executemany(
            "INSERT INTO person VALUES (?, ?)", ((number, bytes.fromhex(one)) for one, number in given.items())
        )
        self._numbers |= given

    def number_of(self, pseudonym: str) -> int:
        """The number of somebody who has one."""
        return self._numbers[pseudonym]

    def _row(self, event: Event) -> tuple[object, ...]:
        return (
            event.id,
            event.source,
            event.message,
            event.channel,
            event.action,
            self._nothing if event.person is None else self._numbers[event.person],
            event.occurred_at if event.occurred_at is not None else self._nothing,
            event.machine,
            event.agent or self._nothing,
            event.engaged_seconds if event.engaged_seconds is not None else self._nothing,
            event.link or self._nothing,
            event.choice,
            event.value,
            event.version,
        )


def run_script(table: PlainTable, files: Iterable[Path]) -> None:
    """CloudEvents from files into the table, as a short script does it: no pseudonyms but the table's numbers, nothing but JSON and
    missing fields checked, bad lines counted and left behind, no position kept."""
    numbers: dict[str, int] = {}
    rows: list[tuple[object, ...]] = []
    bad = 0
    for file in files:
        with file.open("rb") as lines:
            for line in lines:
                try:
                    rows.append(_read(json.loads(line), numbers))
                except (ValueError, LookupError, TypeError, AttributeError):
                    bad += 1
                if len(rows) >= 20_000:
                    table.insert_rows(rows)
                    rows.clear()
    table.insert_rows(rows)


def _read(event: dict[str, Any], numbers: dict[str, int]) -> tuple[object, ...]:
    data = event["data"]
    person = numbers.setdefault(data["address"], len(numbers))
    at = round(datetime.fromisoformat(event["time"]).timestamp() * 1_000_000)
    told = [data.get(name) for name in ("machine", "agent", "engaged_seconds", "link", "choice", "value", "version")]
    return (event["id"], event["source"], event["subject"], data.get("channel"), event["type"], person, at, *told)
