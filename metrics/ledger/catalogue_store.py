"""Catalogue entries in the database: reading all, and putting those of files. Entries that came as events are written by
`published`; what an entry means is left to `metrics.entries`, which of two wins to `metrics.messages`."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from sqlalchemy import Connection, and_, delete, func, select

from metrics.ledger.chunks import cut
from metrics.ledger.published import strike_out
from metrics.ledger.tables import entry
from metrics.ledger.tombstones import Mark, find_tombstoned
from metrics.ledger.upsert import insert_or_replace

_PSEUDONYM = re.compile(r"[0-9a-f]{64}")
_OF_FILES = entry.c.origin == "file"


class StoredEntry(NamedTuple):
    """`file`: the name of the file it came from, None for an event's. `body`: JSON."""

    message: str
    origin: Literal["event", "file"]
    file: str | None
    body: str


def read_entries(connection: Connection) -> list[StoredEntry]:
    """Sorted by message, an event's entry before a file's."""
    query = select(entry.c.message, entry.c.origin, entry.c.file, entry.c.body)
    return [StoredEntry(*row) for row in connection.execute(query.order_by(entry.c.message, entry.c.origin))]


def read_file_entries(connection: Connection) -> dict[str, tuple[str, str]]:
    """Message to (file, body) of what files say."""
    rows = connection.execute(select(entry.c.message, entry.c.file, entry.c.body).where(_OF_FILES))
    return {message: (file, body) for message, file, body in rows}


def put_file_entries(connection: Connection, entries: Mapping[str, tuple[str, str]], withdrawn: Iterable[str]) -> None:
    """Message to (file, body): these take the place of what files said of those messages; `withdrawn`: messages of which no
    file speaks any more. What events said stays."""
    for messages in cut(withdrawn):
        connection.execute(delete(entry).where(and_(_OF_FILES, entry.c.message.in_(messages))))
    rows = [
        {
            "message": message,
            "origin": "file",
            "file": file,
            "occurred_at": None,
            "event_id": "",
            "hash": hashlib.sha256(body.encode()).hexdigest(),
            "body": body,
        }
        for message, (file, body) in entries.items()
    ]
    insert_or_replace(connection, entry, rows)


def without_erased(connection: Connection, bodies: Mapping[str, str], *, tombstone: Mark) -> dict[str, str]:
    """The same JSON texts without the pseudonyms of people who were erased."""
    found = {pseudonym for body in bodies.values() for pseudonym in _PSEUDONYM.findall(body)}
    erased = find_tombstoned(connection, found, tombstone=tombstone)
    if not erased:
        return dict(bodies)
    return {message: strike_out(body, erased) for message, body in bodies.items()}


def change_mark(connection: Connection) -> str:
    """Differs whenever any entry does: to be compared, nothing else. Costs a look at every entry's hash, not at its body."""
    columns = (entry.c.message, entry.c.origin, entry.c.hash, func.length(entry.c.body))
    rows = connection.execute(select(*columns).order_by(entry.c.message, entry.c.origin))
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
