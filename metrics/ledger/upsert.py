"""Inserting rows that may stand already, alike on SQLite and PostgreSQL. Within one call no two rows may share a key:
PostgreSQL refuses to touch a row twice in one statement.

Which of two rows ought to win is left to the callers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnCollection, ColumnElement, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Rows = Sequence[Mapping[str, Any]]
Excluded = ColumnCollection[str, ColumnElement[Any]]


def insert_new(connection: Connection, table: Table, rows: Rows) -> int:
    """Insert the rows that clash with none that stands (primary key or unique); how many those were."""
    if not rows:
        return 0
    return connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows).rowcount


def insert_or_replace(
    connection: Connection,
    table: Table,
    rows: Rows,
    *,
    wins: Callable[[Excluded], ColumnElement[bool]] | None = None,
) -> None:
    """Insert the rows; where the primary key stands already, the new row takes its place if it `wins` (always, by default).
    `wins` gets the new row's columns and compares them with the table's own."""
    if not rows:
        return
    insert = _insert(connection, table)
    keys = [column.name for column in table.primary_key]
    values = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
    statement = insert.on_conflict_do_update(
        index_elements=keys, set_=values, where=None if wins is None else wins(insert.excluded)
    )
    connection.execute(statement, rows)


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
