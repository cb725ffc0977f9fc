"""What a sensible engineer would do without sets on a PostgreSQL: a table with a row an event, filled by COPY, a unique key so that repeats
count once, an index that answers the questions without the table. The same on SQLite is `plain`."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg

from collectors.events import Collected, Event

_COLUMNS = """
    id text, source text, message text, channel text, action text, person bigint, at bigint, machine text, agent text,
    seconds double precision, link text, choice text, value double precision, version text
"""
_SETUP = f"""
CREATE TABLE person (number bigint PRIMARY KEY, pseudonym bytea UNIQUE);
CREATE TABLE event ({_COLUMNS}, UNIQUE (id, source));
CREATE INDEX of_message ON event (message, person, action, at, machine);
CREATE TABLE message (id text PRIMARY KEY, delivered_by bigint, opened_by bigint, reached_by bigint, shows_deliveries bool);
CREATE TABLE directory (number bigint PRIMARY KEY, one bigint);
CREATE TABLE employee (one bigint PRIMARY KEY, department text, site text, grade text);
CREATE TEMP TABLE brought ({_COLUMNS});
"""


class PlainServerTable:
    """A database of its own. Persons are whole numbers here as with us."""

    def __init__(self, conninfo: str) -> None:
        self.database = psycopg.connect(conninfo)
        self.database.execute(_SETUP)
        self.database.commit()
        self._numbers: dict[str, int] = {}

    def close(self) -> None:
        self.database.close()

    def insert(self, collected: Collected) -> None:
        """Record a batch in one transaction."""
        self.number({event.person for event in collected.events if event.person is not None} - self._numbers.keys())
        self.copy("brought", map(self._row, collected.events))
        self.database.execute("INSERT INTO event SELECT * FROM brought ON CONFLICT DO NOTHING")
        self.database.execute("TRUNCATE brought")
        self.database.commit()

    def number(self, pseudonyms: Iterable[str]) -> None:
        """Give numbers to people who have none."""
        given = {pseudonym: number for number, pseudonym in enumerate(sorted(pseudonyms), start=len(self._numbers))}
        self.copy("person", ((number, bytes.fromhex(one)) for one, number in given.items()))
        self._numbers |= given

    def number_of(self, pseudonym: str) -> int:
        return self._numbers[pseudonym]

    def copy(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """The fastest road into a table."""
        with self.database.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copying:
            for row in rows:
                copying.write_row(row)

    def size(self) -> int:
        """Bytes of the table and its indexes."""
        self.database.commit()
        (size,) = self.database.execute("SELECT pg_total_relation_size('event')").fetchone() or (0,)
        return int(size)

    def _row(self, event: Event) -> tuple[object, ...]:
        return (
            *(event.id, event.source, event.message, event.channel, event.action),
            None if event.person is None else self._numbers[event.person],
            *(event.occurred_at, event.machine, event.agent, event.engaged_seconds, event.link),
            *(event.choice, event.value, event.version),
        )
