"""Audiences as they were when their messages were sent, stored once the longest window has closed. Computing them, and what a body
holds, is left to `metrics`; `erasure` is told how to leave a person out of one."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from metrics.ledger.chunks import cut
from metrics.ledger.tables import audience
from metrics.ledger.upsert import insert_or_replace


def save_audience(connection: Connection, message: str, body: bytes) -> None:
    """Keep a message's audience, in the place of the one before."""
    insert_or_replace(connection, audience, [{"message": message, "body": body}])


def load_audiences(connection: Connection) -> dict[str, bytes]:
    """All stored audiences by message."""
    rows = connection.execute(select(audience.c.message, audience.c.body).order_by(audience.c.message))
    return dict(rows.all())


def drop_audiences(connection: Connection, messages: Collection[str]) -> None:
    for chunk in cut(messages):
        connection.execute(delete(audience).where(audience.c.message.in_(chunk)))
