"""References whose times are forgotten: whatever still arrives for them is late and changes nothing. Forgetting itself is left
to `forgetting`."""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, select

from metrics.ledger.chunks import cut
from metrics.ledger.tables import closed_reference
from metrics.ledger.upsert import insert_new


def find_closed(connection: Connection, references: Iterable[str]) -> set[str]:
    """Those of the references that are closed."""
    found: set[str] = set()
    for chunk in cut(references):
        marks = {_mark(reference): reference for reference in chunk}
        rows = connection.execute(select(closed_reference.c.mark).where(closed_reference.c.mark.in_(list(marks))))
        found.update(marks[mark] for mark in rows.scalars())
    return found


def close(connection: Connection, references: Iterable[str]) -> None:
    insert_new(connection, closed_reference, [{"mark": _mark(reference)} for reference in sorted(set(references))])


def _mark(reference: str) -> bytes:
    return hashlib.blake2b(reference.encode(), digest_size=16).digest()
