"""What a role of PostgreSQL may do with the ledger: a worker records, and reads back only what it needs for that; a reader sees what is
published. The one who evaluates owns the tables. Roles themselves, and their passwords, are made by whoever runs the database."""

from collections.abc import Iterator, Mapping
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.sql.compiler import IdentifierPreparer

from metrics.ledger.latches import bar_migrating
from metrics.ledger.tables import metadata

_VERSION: Final = {"alembic_version": "SELECT"}

WORKER: Final[Mapping[str, str]] = {
    **_VERSION,
    "answer": "SELECT (reference, person, question, time, id, hash), INSERT, UPDATE",
    "closed_reference": "SELECT",
    "dead_letter": "SELECT (source, reason), INSERT",
    "delta": "INSERT (source, facts, payload)",
    "entry": "SELECT (message, origin, occurred_at, event_id, hash), INSERT, UPDATE",
    "erased_number": "SELECT",
    "gap": "SELECT, INSERT",
    "in_hand": "SELECT, INSERT, UPDATE, DELETE",
    "interval": "SELECT, INSERT, UPDATE, DELETE",
    "item_step": "SELECT (item, action, time, id, hash), INSERT, UPDATE",
    "lag": "SELECT, INSERT, UPDATE, DELETE",
    "last_event": "SELECT, INSERT, UPDATE",
    "person": "SELECT, INSERT (pseudonym)",
    "reaction": "SELECT (reference, person, reaction, time, id, hash), INSERT, UPDATE",
    "setting": "SELECT",
    "source_delay": "SELECT, INSERT, UPDATE",
    "source_state": "SELECT, INSERT",
    "tombstone": "SELECT",
}
"""What those who collect need, by table; nothing of the tables that are not here."""

READER: Final[Mapping[str, str]] = {**_VERSION, "snapshot": "SELECT"}
"""What those need who only look at what is published."""


def grant(engine: Engine, role: str, allowed: Mapping[str, str]) -> None:
    """Let a role do this, and nothing else, from now on. Asked for by the owner of the tables; again after each change of them."""
    with engine.begin() as connection:
        bar_migrating(connection)
        for statement in _statements(connection, role, allowed):
            connection.execute(text(statement))


def _statements(connection: Connection, role: str, allowed: Mapping[str, str]) -> Iterator[str]:
    quoted = IdentifierPreparer(connection.dialect).quote(role)
    for kind in ("TABLES", "SEQUENCES"):
        yield f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {quoted}"
    for table, privileges in allowed.items():
        yield f"GRANT {privileges} ON {table} TO {quoted}"
        if "INSERT" in privileges:
            for sequence in _sequences(connection, table):
                yield f"GRANT USAGE ON SEQUENCE {sequence} TO {quoted}"


def _sequences(connection: Connection, table: str) -> Iterator[str]:
    """Those that number the rows of a table."""
    for column in metadata.tables[table].primary_key:
        found = connection.execute(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table, "column": column.name}
        ).scalar_one()
        if found is not None:
            yield str(found)
