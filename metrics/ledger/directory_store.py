"""The directory's rows in the database: reading them, and writing what a file changed. What a file changes is left to
`metrics.imports.changes`, who is one person to `metrics.people`."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from metrics.ledger.tables import directory_row

PSEUDONYM_BYTES = 32

__all__ = [
    "PSEUDONYM_BYTES",
    "Connection",
    "DirectoryRow",
    "apply_changes",
    "change_mark",
    "read_directory",
    "read_origins",
]


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


_COLUMNS = tuple(directory_row.c[name] for name in DirectoryRow._fields)
_AT_ONCE = 400  # ids named in one statement: every database takes as many


def read_directory(connection: Connection, origin: str | None = None) -> dict[int, DirectoryRow]:
    """Rows by their id, in the order in which they were written; of one origin, or (None) of all."""
    query = select(directory_row.c.id, *_COLUMNS).order_by(directory_row.c.id)
    if origin is not None:
        query = query.where(directory_row.c.origin == origin)
    return {row[0]: DirectoryRow(*row[1:]) for row in connection.execute(query)}


def read_origins(connection: Connection) -> dict[int, str]:
    """Which origin each row belongs to, by the row's id."""
    return dict(connection.execute(select(directory_row.c.id, directory_row.c.origin)).tuples().all())


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
    removed: Sequence[int],
    ended: dict[int, int | None],
    added: Iterable[DirectoryRow],
) -> None:
    """Remove rows, give others another `valid_to` (by id), add new ones; in the caller's transaction."""
    for start in range(0, len(removed), _AT_ONCE):
        connection.execute(delete(directory_row).where(directory_row.c.id.in_(removed[start : start + _AT_ONCE])))
    if ended:
        connection.execute(
            update(directory_row).where(directory_row.c.id == bindparam("row")).values(valid_to=bindparam("end")),
            [{"row": row, "end": end} for row, end in ended.items()],
        )
    values = [row._asdict() | {"origin": origin} for row in added]
    if values:
        connection.execute(insert(directory_row), values)
