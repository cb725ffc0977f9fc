"""The sets that stand, read and put in place, and the rows beside them, read. What may change them is left to `folding`,
`forgetting` and `erasure`, which references make a message to `metrics.messages`."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, bindparam, delete, func, select
from sqlalchemy import Row as FoundRow

from metrics.facts import Key
from metrics.ledger.chunks import cut
from metrics.ledger.slots import SlotSet
from metrics.ledger.tables import answer, fact_set, item_step, reaction
from metrics.ledger.upsert import insert_or_replace

_COLUMNS = (*(fact_set.c[name] for name in Key._fields), fact_set.c.payload)
# Made once: it is asked message by message, and making it takes as long as asking.
_OF_REFERENCES = (
    select(*_COLUMNS)
    .where(
        fact_set.c.reference.in_(bindparam("references", expanding=True)),
        fact_set.c.kind.not_in(bindparam("without", expanding=True)),
    )
    .order_by(*fact_set.primary_key)
)


class ReferenceSize(NamedTuple):
    """How many facts of all kinds stand for a reference on a channel, and whether their times are forgotten."""

    reference: str
    channel: str
    facts: int
    collapsed: bool


class AnswerRow(NamedTuple):
    """What a person (by number) answered last. `time`: microseconds since 1970 UTC, 0 where unknown; of two, the later by time, id
    and hash holds. `rated`: whether it is a rating of the message."""

    reference: str
    person: int
    question: str
    choice: str | None
    value: float | None
    time: int
    id: str
    hash: str
    rated: bool


class ReactionRow(NamedTuple):
    """Whether a person's reaction stands, as of the last that was heard."""

    reference: str
    person: int
    reaction: str
    stands: bool
    time: int


class StepRow(NamedTuple):
    """The first time that an item took a step."""

    item: str
    action: str
    channel: str
    reference: str | None
    stance: str | None
    time: int


def read_sets(
    connection: Connection, references: Collection[str], *, without: Collection[str] = ()
) -> dict[Key, SlotSet]:
    """All sets of these references, but those of some kinds. ValueError where one that stands is damaged."""
    sets = {}
    for chunk in cut(sorted(references)):
        asked = {"references": chunk, "without": sorted(without)}
        sets.update(_unpacked(connection.execute(_OF_REFERENCES, asked)))
    return sets


def _unpacked(rows: Iterable[FoundRow[Any]]) -> dict[Key, SlotSet]:
    found = {Key._make(row[:-1]): row[-1] for row in rows}
    return dict(zip(found, SlotSet.from_many(list(found.values())), strict=True))


def list_keys(connection: Connection, references: Collection[str] | None = None, *, collapsed: bool) -> list[Key]:
    """The keys of sets, of all or of these references, whose times are forgotten or still stand."""
    keys = select(*_COLUMNS[:-1]).where(fact_set.c.collapsed.is_(collapsed))
    if references is None:
        return [Key._make(row) for row in connection.execute(keys)]
    chunks = cut(sorted(references))
    return [Key._make(row) for each in chunks for row in connection.execute(keys.where(fact_set.c.reference.in_(each)))]


def read_keys(connection: Connection, keys: Collection[Key]) -> dict[Key, SlotSet]:
    """The sets that stand under these keys, a few hundred at most."""
    # Column by column, which every database finds by its index: a few rows too many where keys stand side by side.
    wanted = [fact_set.c[name].in_({getattr(key, name) for key in keys}) for name in Key._fields]
    rows = connection.execute(select(*_COLUMNS).where(*wanted))
    return _unpacked(row for row in rows if Key._make(row[:-1]) in keys)


def write_sets(connection: Connection, sets: Mapping[Key, SlotSet], *, collapsed: bool) -> None:
    """Put sets in the place of those that stand under their keys; an empty one leaves no row."""
    rows = [
        key._asdict() | {"facts": len(facts), "collapsed": collapsed, "payload": facts.to_bytes()}
        for key, facts in sets.items()
        if len(facts)
    ]
    insert_or_replace(connection, fact_set, rows)
    for key in [key for key, facts in sets.items() if not len(facts)]:
        connection.execute(delete(fact_set).where(*(fact_set.c[name] == part for name, part in key._asdict().items())))


def list_references(connection: Connection) -> list[ReferenceSize]:
    """Every reference that has sets, by channel: largest first, then by name."""
    by = (fact_set.c.reference, fact_set.c.channel)
    facts, times = func.sum(fact_set.c.facts), func.count().filter(fact_set.c.collapsed.is_(False))
    rows = connection.execute(select(*by, facts, times).group_by(*by))
    sizes = [ReferenceSize(reference, channel, int(size), not open) for reference, channel, size, open in rows]
    return sorted(sizes, key=lambda size: (-size.facts, size.reference, size.channel))


def read_answers(connection: Connection, references: Collection[str]) -> list[AnswerRow]:
    """In order of reference, person and question."""
    return [AnswerRow._make(row) for row in _read(connection, answer, AnswerRow._fields, references)]


def read_reactions(connection: Connection, references: Collection[str]) -> list[ReactionRow]:
    """In order of reference, person and reaction; those taken back as well."""
    return [ReactionRow._make(row) for row in _read(connection, reaction, ReactionRow._fields, references)]


def read_contested(connection: Connection, references: Collection[str]) -> list[ReactionRow]:
    """Everybody's reactions, but only those (reference and reaction) that at least one person took back: few, where there are
    many thousands of rows."""
    found: list[ReactionRow] = []
    for chunk in cut(sorted(references)):
        here = reaction.c.reference.in_(chunk)
        pair = (reaction.c.reference, reaction.c.reaction)
        gone = select(*pair).where(here, reaction.c.stands.is_(False)).distinct().order_by(*pair)
        for reference, word in connection.execute(gone).all():
            same = and_(reaction.c.reference == reference, reaction.c.reaction == word)
            columns = [reaction.c[name] for name in ReactionRow._fields]
            rows = connection.execute(select(*columns).where(same).order_by(*reaction.primary_key))
            found += [ReactionRow._make(row) for row in rows]
    return found


def read_steps(connection: Connection) -> list[StepRow]:
    """The steps of all items, in order of item and action."""
    columns = [item_step.c[name] for name in StepRow._fields]
    return [StepRow._make(row) for row in connection.execute(select(*columns).order_by(*item_step.primary_key))]


def _read(
    connection: Connection, table: Table, fields: tuple[str, ...], references: Collection[str]
) -> Iterator[FoundRow[tuple[object, ...]]]:
    columns = [table.c[name] for name in fields]
    for chunk in cut(sorted(references)):
        statement = select(*columns).where(table.c.reference.in_(chunk)).order_by(*table.primary_key)
        yield from connection.execute(statement)
