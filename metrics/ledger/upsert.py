"""Inserting rows that may stand already, alike on SQLite and PostgreSQL. Within one call no two rows may share a key:
PostgreSQL refuses to touch a row twice in one statement.

Which of two rows ought to win is left to the callers.
"""

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnCollection,
    ColumnElement,
    Connection,
    LargeBinary,
    Row,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

from metrics.ledger.chunks import cut

Rows = Sequence[dict[str, Any]]
Excluded = ColumnCollection[str, ColumnElement[Any]]
_Insert = sqlite.Insert | postgresql.Insert

_AT_ONCE = 20_000


def insert_new(connection: Connection, table: Table, rows: Rows) -> int:
    """Insert the rows that clash with none that stands (primary key or unique); how many those were."""
    return _execute(connection, table, rows, lambda insert: insert.on_conflict_do_nothing())


def insert_and_return(connection: Connection, table: Table, rows: Rows) -> list[Row[Any]]:
    """Insert the rows that clash with none that stands, and tell those, whole, with what the database gave them."""
    if not rows:
        return []
    if connection.dialect.name != "postgresql":
        return list(connection.execute(sqlite.insert(table).on_conflict_do_nothing().returning(*table.c), rows))
    inserted: list[Row[Any]] = []
    for names, chunk in _chunks(table, rows):
        insert = postgresql.insert(table).from_select(names, _rows(table, names, chunk))
        inserted += connection.execute(insert.on_conflict_do_nothing().returning(*table.c))
    return inserted


def is_among(connection: Connection, column: Column[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """That a column holds one of many values."""
    if connection.dialect.name != "postgresql":
        return column.in_(values)
    return column.in_(_rows(column.table, [column.name], [{column.name: value} for value in values]))


def insert_or_replace(
    connection: Connection,
    table: Table,
    rows: Rows,
    *,
    wins: Callable[[Excluded], ColumnElement[bool]] | None = None,
) -> None:
    """Insert the rows; where the primary key stands already, the new row takes its place if it `wins` (always, by default).
    `wins` gets the new row's columns and compares them with the table's own."""
    keys = [column.name for column in table.primary_key]
    if wins is not None and connection.dialect.name == "postgresql":
        # ON CONFLICT may only be asked for by who may read every column of what stands, and who records answers may not.
        if insert_new(connection, table, rows) < len(rows):
            _replace(connection, table, rows, keys, wins)
        return

    def replacing(insert: _Insert) -> _Insert:
        values = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
        where = None if wins is None else wins(insert.excluded)
        return insert.on_conflict_do_update(index_elements=keys, set_=values, where=where)

    _execute(connection, table, rows, replacing)


def _replace(
    connection: Connection,
    table: Table,
    rows: Rows,
    keys: Sequence[str],
    wins: Callable[[Excluded], ColumnElement[bool]],
) -> None:
    """Let the rows take the places of those that they win over."""
    for names, chunk in _chunks(table, rows):
        brought = _rows(table, names, chunk).subquery("brought")
        here = [table.c[key] == brought.c[key] for key in keys]
        values = {name: brought.c[name] for name in names if name not in keys}
        connection.execute(update(table).values(values).where(*here, wins(brought.c)))


def _execute(connection: Connection, table: Table, rows: Rows, on_conflict: Callable[[_Insert], _Insert]) -> int:
    if not rows:
        return 0
    counting = {"preserve_rowcount": True}
    if connection.dialect.name != "postgresql":
        return connection.execute(on_conflict(sqlite.insert(table)), rows, execution_options=counting).rowcount
    inserted = 0
    for names, chunk in _chunks(table, rows):
        insert = on_conflict(postgresql.insert(table).from_select(names, _rows(table, names, chunk)))
        inserted += connection.execute(insert, execution_options=counting).rowcount
    return inserted


def _chunks(table: Table, rows: Rows) -> Iterator[tuple[list[str], Rows]]:
    """The names of their columns, and so many rows as go into one statement. In one order everywhere: two that insert the same rows in two
    orders would wait for each other."""
    if rows:
        names = list(rows[0])
        keys = [column.name for column in table.primary_key if column.name in names] or names
        for chunk in cut(sorted(rows, key=itemgetter(*keys)), _AT_ONCE):
            yield names, chunk


def _rows(table: Table, names: Sequence[str], rows: Rows) -> Any:
    """Rows as a query: one text of JSON, which is written several times as fast as arrays are; COPY cannot leave out what stands."""
    binary = {name for name in names if isinstance(table.c[name].type, LargeBinary)}
    written = [row | {name: f"\\x{row[name].hex()}" for name in binary} for row in rows] if binary else rows
    columns = [column(name, _plain(table.c[name])) for name in names]
    text = bindparam("rows", msgspec.json.encode(written).decode(), Text())
    given = func.json_to_recordset(cast(text, JSON))
    brought = given.table_valued(*columns).render_derived(name="brought", with_types=True)
    return select(*(brought.c[name] for name in names))


def _plain(of: Column[Any]) -> TypeEngine[Any]:
    """Its type without a collation, which no array has."""
    if isinstance(of.type, Text):
        return Text()
    if isinstance(of.type, LargeBinary):
        return LargeBinary()
    return BigInteger() if isinstance(of.type, BigInteger) else of.type
