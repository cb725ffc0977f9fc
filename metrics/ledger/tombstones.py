"""Who was erased and must not come back: marks that only the holder of a second key can make, so that they are no trace
of a person. Erasing itself is left to `erasure`."""

import hmac
from collections.abc import Callable, Iterable

from sqlalchemy import Connection, select

from metrics.ledger.chunks import cut
from metrics.ledger.tables import tombstone as tombstones
from metrics.ledger.upsert import insert_new

Mark = Callable[[str], bytes]
"""The mark of a pseudonym: its HMAC under the second key, 32 bytes."""


def marker(key: bytes) -> Mark:
    """What makes marks under this key."""
    return lambda pseudonym: hmac.digest(key, bytes.fromhex(pseudonym), "sha256")


def find_tombstoned(connection: Connection, pseudonyms: Iterable[str], *, tombstone: Mark) -> set[str]:
    """Those of the pseudonyms that were erased. Costs one look-up where nobody ever was."""
    if connection.execute(select(tombstones.c.mark).limit(1)).first() is None:
        return set()
    found: set[str] = set()
    for chunk in cut(pseudonyms):
        marks = {tombstone(pseudonym): pseudonym for pseudonym in chunk}
        rows = connection.execute(select(tombstones.c.mark).where(tombstones.c.mark.in_(list(marks))))
        found.update(marks[mark] for mark in rows.scalars())
    return found


def add_tombstones(connection: Connection, pseudonyms: Iterable[str], *, tombstone: Mark) -> None:
    insert_new(connection, tombstones, [{"mark": tombstone(pseudonym)} for pseudonym in sorted(set(pseudonyms))])
