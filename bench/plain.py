"""What a sensible engineer would do without sets: a table with a row an event, and SQL over it. A unique key so that repeats count once, an
index that answers the questions without the table, a transaction a batch."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from collectors.events import Collected, Event

_SETUP = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -262144;
CREATE TABLE event (
    id TEXT, source TEXT, message TEXT, channel TEXT, action TEXT, person INTEGER, at INTEGER, machine TEXT, agent TEXT,
    seconds REAL, link TEXT, choice TEXT, value REAL, version TEXT,
    UNIQUE (id, source)
);
CREATE INDEX of_message ON event (message, person, action, at, machine);
CREATE TABLE person (number INTEGER PRIMARY KEY, pseudonym BLOB UNIQUE);
"""
_INSERT = "INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class PlainTable:
    """A database of its own; a context. Persons are whole numbers here as with us: the rows are a third as long."""

    def __init__(self, file: Path) -> None:
        self.database = sqlite3.connect(file)
        self.database.executescript(_SETUP)
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
            None if event.person is None else self._numbers[event.person],
            event.occurred_at,
            event.machine,
            event.agent,
            event.engaged_seconds,
            event.link,
            event.choice,
            event.value,
            event.version,
        )
