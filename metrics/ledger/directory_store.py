"""The directory's rows in the database: reading them, and writing what a file changed. What a file changes is left to
`metrics.imports.changes`, who is one person to `metrics.people`."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from metrics.ledger.chunks import SIZE, cut, transpose
from metrics.ledger.tables import directory_row

PSEUDONYM_BYTES = 32

Pairs = tuple[tuple[str, str], ...]
"""A row's attributes, sorted by name."""


class DirectoryRow(NamedTuple):
    """What one row says of a person. Nothing in it is plain but groups and attributes.

    `main`: the pseudonym of the address; `pseudonyms`: all of the row's, sorted, one after the other, `main` among them.
    `groups`: names, sorted, joined by line feeds. `attributes`: a JSON object, its keys sorted.
    Valid from `valid_from` until just before `valid_to` (microseconds); None: without end on that side.
    """

    main: bytes
    pseudonyms: bytes
    manager: bytes | None
    groups: str
    images_blocked: bool
    objects: bool
    attributes: str
    valid_from: int | None = None
    valid_to: int | None = None

    @property
    def content(self) -> tuple[object, ...]:
        """Everything but when it is valid."""
        return self[:7]


class Columns(NamedTuple):
    """Rows, a field at a time: what stands at one place of each column is a row's. `origin`: the file, or whatever else, it is from."""

    origin: Sequence[str]
    main: Sequence[bytes]
    pseudonyms: Sequence[bytes]
    manager: Sequence[bytes | None]
    groups: Sequence[str]
    images_blocked: Sequence[bool]
    objects: Sequence[bool]
    attributes: Sequence[str]
    valid_from: Sequence[int | None]
    valid_to: Sequence[int | None]


_COLUMNS = tuple(directory_row.c[name] for name in DirectoryRow._fields)


def split_pseudonyms(pseudonyms: bytes) -> list[bytes]:
    if len(pseudonyms) == PSEUDONYM_BYTES:
        return [pseudonyms]
    return [pseudonyms[start : start + PSEUDONYM_BYTES] for start in range(0, len(pseudonyms), PSEUDONYM_BYTES)]


@lru_cache(maxsize=65_536)
def write_attributes(pairs: Pairs, without: frozenset[str] = frozenset()) -> str:
    """Attributes as a row keeps them: the same text for the same attributes."""
    return msgspec.json.encode({name: value for name, value in pairs if name not in without}).decode()


def read_attributes(text: str) -> dict[str, str]:
    """What `write_attributes` wrote."""
    return msgspec.json.decode(text, type=dict[str, str])


def read_directory(connection: Connection, origin: str | None = None) -> dict[int, DirectoryRow]:
    """Rows by their id, of one origin or (None) of all; sorted by origin, then by main pseudonym, in the order of writing."""
    order = (directory_row.c.origin, directory_row.c.main, directory_row.c.id)
    query = select(directory_row.c.id, *_COLUMNS).order_by(*order)
    if origin is not None:
        query = query.where(directory_row.c.origin == origin)
    return {row[0]: DirectoryRow(*row[1:]) for row in connection.execute(query)}


def read_columns(connection: Connection) -> Columns:
    """All rows in the order of writing."""
    fields = [directory_row.c[name] for name in Columns._fields]
    rows = connection.execute(select(*fields).order_by(directory_row.c.id))
    # A thousand at a time: an object a row, for all of them at once, keeps the garbage collector busy.
    return Columns(*transpose(rows.partitions(SIZE), len(fields)))


def columns_of(rows: Sequence[DirectoryRow], origin: str = "") -> Columns:
    """Rows of one origin, wherever they are from."""
    return Columns([origin] * len(rows), *transpose([rows] if rows else [], len(DirectoryRow._fields)))


def change_mark(connection: Connection) -> tuple[int, ...]:
    """Differs whenever the rows do: to be compared, nothing else."""
    ends = func.coalesce(func.sum(directory_row.c.valid_to % 1_000_000_007), 0)
    row = connection.execute(
        select(func.count(), func.coalesce(func.max(directory_row.c.id), 0), ends, func.count(directory_row.c.valid_to))
    ).one()
    return tuple(int(value) for value in row)


def apply_changes(
    connection: Connection,
    origin: str,
    *,
    removed: Iterable[int],
    ended: dict[int, int | None],
    added: Iterable[DirectoryRow],
) -> None:
    """Remove rows, give others another `valid_to` (by id), add new ones; in the caller's transaction."""
    for ids in cut(removed):
        connection.execute(delete(directory_row).where(directory_row.c.id.in_(ids)))
    if ended:
        connection.execute(
            update(directory_row).where(directory_row.c.id == bindparam("row")).values(valid_to=bindparam("end")),
            [{"row": row, "end": end} for row, end in ended.items()],
        )
    for rows in cut(added):
        connection.execute(insert(directory_row), [row._asdict() | {"origin": origin} for row in rows])
