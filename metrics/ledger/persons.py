"""Pseudonyms and their numbers: given once, in sorted order of those new, never reused. Who of them is one person is left
to `metrics.people`, whom no number may be given to `tombstones`."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from metrics.ledger.chunks import SIZE, cut, transpose
from metrics.ledger.tables import erased_number, person
from metrics.ledger.upsert import insert_and_return, is_among

TAKEN_BACK = "numbers taken back"
"""The setting that is another whenever numbers were taken back: what was looked up before does not hold any more."""


def numbers_of(connection: Connection, pseudonyms: Iterable[str]) -> dict[str, int]:
    """The numbers of those pseudonyms that have one. Pseudonyms are 64 hex digits; ValueError for anything else."""
    numbers = {}
    for chunk in cut(map(bytes.fromhex, pseudonyms)):
        rows = connection.execute(
            select(person.c.pseudonym, person.c.number).where(is_among(connection, person.c.pseudonym, chunk))
        )
        numbers.update({pseudonym.hex(): number for pseudonym, number in rows})
    return numbers


def all_numbers(connection: Connection) -> tuple[list[bytes], list[int]]:
    """Every pseudonym that has a number, and its number beside it, in order of the numbers."""
    rows = connection.execute(select(person.c.pseudonym, person.c.number).order_by(person.c.number))
    # Not all rows at once: hundreds of thousands of them keep the garbage collector busy.
    pseudonyms, numbers = transpose(rows.partitions(SIZE), 2)
    return pseudonyms, numbers


def ensure_numbers(connection: Connection, pseudonyms: Iterable[str]) -> None:
    """Give numbers to those of the pseudonyms that have none. The caller has asked `find_tombstoned`."""
    wanted = set(pseudonyms)
    give_numbers(connection, wanted.difference(numbers_of(connection, wanted)))


def give_numbers(connection: Connection, pseudonyms: Iterable[str]) -> dict[str, int]:
    """New numbers for pseudonyms that were found to have none, in their sorted order."""
    new = sorted(pseudonyms)
    rows = [{"pseudonym": bytes.fromhex(pseudonym)} for pseudonym in new]
    given = {row.pseudonym.hex(): row.number for row in insert_and_return(connection, person, rows)}
    # Somebody else may have given some of them a number meanwhile.
    return given | numbers_of(connection, [pseudonym for pseudonym in new if pseudonym not in given])


def is_anybody(connection: Connection) -> bool:
    """Whether any pseudonym has a number."""
    return connection.execute(select(person.c.number).limit(1)).first() is not None


def find_erased(connection: Connection, numbers: Iterable[int]) -> set[int]:
    """Those of the numbers whose persons were erased."""
    found: set[int] = set()
    for chunk in cut(numbers):
        rows = connection.execute(
            select(erased_number.c.number).where(is_among(connection, erased_number.c.number, chunk))
        )
        found.update(rows.scalars())
    return found


def count_erased(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(erased_number)).scalar_one()


def all_erased(connection: Connection) -> list[int]:
    """The numbers of everybody who was erased."""
    return list(connection.execute(select(erased_number.c.number)).scalars())
