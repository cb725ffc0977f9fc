"""How much stands in the database, counted and never shown row by row. What is said of it is left to `metrics.privacy`."""

from collections.abc import Mapping

from sqlalchemy import Connection, Table, func, select

from metrics.ledger import tables

_COUNTED: Mapping[str, Table] = {
    "people": tables.person,
    "directory rows": tables.directory_row,
    "answers": tables.answer,
    "reactions": tables.reaction,
    "audiences": tables.audience,
    "erased": tables.tombstone,
}


def count_rows(connection: Connection) -> dict[str, int]:
    """Rows by what they are: pseudonyms, rows of the directory, answers, reactions, stored audiences, marks of erased people."""
    return {
        name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for name, table in _COUNTED.items()
    }


def count_items(connection: Connection) -> int:
    """Feedback items of which any step is on record."""
    items = select(func.count(tables.item_step.c.item.distinct()))
    return int(connection.execute(items).scalar_one())


def oldest_letter(connection: Connection) -> int | None:
    """When the oldest dead letter was put aside (microseconds since 1970 UTC); None where there is none."""
    found: int | None = connection.execute(select(func.min(tables.dead_letter.c.recorded_at))).scalar_one()
    return found
