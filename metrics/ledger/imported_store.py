"""Which files of the catalogue and of the directory were read, so that one that has not changed is not read again."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from sqlalchemy import Connection, delete, select

from metrics.ledger.tables import imported
from metrics.ledger.upsert import insert_or_replace

Kind = Literal["directory", "catalogue"]


class Imported(NamedTuple):
    """`as_of`: the moment from which the file holds (None: always); `at`: when it was read. Microseconds."""

    digest: str
    as_of: int | None
    at: int


def read_imported(connection: Connection, kind: Kind) -> dict[str, Imported]:
    """By the file's name."""
    query = select(imported.c.name, imported.c.digest, imported.c.as_of, imported.c.at).where(imported.c.kind == kind)
    return {name: Imported(*rest) for name, *rest in connection.execute(query)}


def note_imported(connection: Connection, kind: Kind, files: dict[str, Imported]) -> None:
    rows = [{"kind": kind, "name": name, **file._asdict()} for name, file in files.items()]
    insert_or_replace(connection, imported, rows)


def forget_imported(connection: Connection, kind: Kind, names: Iterable[str]) -> None:
    """As if the files had never been read; what they said is not touched."""
    connection.execute(delete(imported).where(imported.c.kind == kind, imported.c.name.in_(list(names))))
