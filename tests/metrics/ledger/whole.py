"""The whole content of a ledger with people named by their pseudonyms, so that two ledgers compare whatever numbers they gave;
and a Writer as the service makes it."""

import hashlib
import hmac
from typing import Any, NamedTuple

from sqlalchemy import Engine, select

from collectors.events import Interval
from metrics.facts import Key
from metrics.ledger import tables
from metrics.ledger.folding import Folded, fold
from metrics.ledger.intervals import read_gaps, read_intervals
from metrics.ledger.letters import Sealer
from metrics.ledger.persons import all_numbers
from metrics.ledger.sets import list_references, read_sets
from metrics.ledger.writer import Writer

SEALER = Sealer(b"a key for tests, thirty-two bytes")
NOW = 1_790_000_000_000_000

Facts = set[tuple[int, str]]
"""(slot, pseudonym)"""


class Whole(NamedTuple):
    sets: dict[Key, Facts]
    answers: set[tuple[Any, ...]]
    reactions: set[tuple[Any, ...]]
    steps: set[tuple[Any, ...]]
    entries: set[tuple[Any, ...]]
    letters: set[tuple[Any, ...]]
    intervals: dict[tuple[str, int], list[Interval]]
    gaps: set[Any]


def pseudonym(name: object) -> str:
    return hashlib.sha256(str(name).encode()).hexdigest()


def tombstone(pseudonym: str) -> bytes:
    return hmac.digest(b"second key", pseudonym.encode(), "sha256")


def make_writer(engine: Engine) -> Writer:
    return Writer(engine, tombstone=tombstone, seal=SEALER.seal, now=lambda: NOW)


def fold_all(engine: Engine) -> list[Folded]:
    """Fold until nothing waits, each step in a transaction of its own."""
    folds: list[Folded] = []
    while not folds or folds[-1].more:
        with engine.begin() as connection:
            folds.append(fold(connection))
    return folds


def read_whole(engine: Engine, source: str = "mail") -> Whole:
    """Everything that the source's events left, once all is folded."""
    fold_all(engine)
    with engine.connect() as connection:
        pseudonyms, numbers = all_numbers(connection)
        names = {number: pseudonym.hex() for pseudonym, number in zip(pseudonyms, numbers, strict=True)}
        references = {size.reference for size in list_references(connection)}
        sets = {
            key: {
                (slot, names[person]) for slot, person in zip(facts.slots.tolist(), facts.persons.tolist(), strict=True)
            }
            for key, facts in read_sets(connection, references).items()
        }

        def rows(table: Any, *left_out: str) -> set[tuple[Any, ...]]:
            columns = [column for column in table.columns if column.name not in left_out]
            found = connection.execute(select(*columns)).all()
            return {
                tuple(
                    names[value] if column.name == "person" else value
                    for column, value in zip(columns, row, strict=True)
                )
                for row in found
            }

        return Whole(
            sets=sets,
            answers=rows(tables.answer),
            reactions=rows(tables.reaction),
            steps=rows(tables.item_step),
            entries=rows(tables.entry),
            letters=rows(tables.dead_letter, "id", "body"),
            intervals=read_intervals(connection, source),
            gaps=set(read_gaps(connection)),
        )
