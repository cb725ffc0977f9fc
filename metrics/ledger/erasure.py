"""Erasing a person: out of every table, with a mark that bars the return. Finding all pseudonyms of one person is left to
`metrics.people`; topics, files and backups outside the database to their owners."""

from collections.abc import Callable, Collection, Iterable

import msgspec
from sqlalchemy import Connection, Engine, Table, delete, or_, select, update

from metrics.ledger import tables
from metrics.ledger.chunks import cut
from metrics.ledger.database import compact
from metrics.ledger.latches import bar_folding, bar_recording
from metrics.ledger.letters import Content, remove_letters, unseal_content
from metrics.ledger.persons import numbers_of
from metrics.ledger.published import strike_out
from metrics.ledger.sets import list_keys, read_keys, write_sets
from metrics.ledger.tombstones import Mark, add_tombstones
from metrics.ledger.upsert import insert_new

_BYTES = 32
_SETS = 32


class ErasedCounts(msgspec.Struct, frozen=True):
    """What went: numbers of people, facts, rows (answers and reactions), dead letters, rows of the directory and audiences
    and entries that were changed."""

    people: int
    facts: int
    rows: int
    letters: int
    directory_rows: int
    audiences: int
    entries: int


class Recogniser(msgspec.Struct, frozen=True):
    """How to know the person in what the ledger itself cannot read.

    `unseal` opens a dead letter (ValueError where it cannot); `holds` tells whether bytes hold one of the person's
    identifiers; `leave_out` gives an audience's body without the person, by their numbers and pseudonyms, or the same."""

    unseal: Callable[[bytes], bytes]
    holds: Callable[[bytes], bool]
    leave_out: Callable[[bytes, Collection[int], Collection[str]], bytes]


def erase(
    connection: Connection, pseudonyms: Collection[str], *, tombstone: Mark, recogniser: Recogniser
) -> ErasedCounts:
    """Erase one person, by all their pseudonyms, in the caller's transaction. Afterwards every Writer's cache must be
    emptied, and after COMMIT `finish_erasure` called. Published and frozen readings stay."""
    # What takes long comes first, while others may still record: nothing of it is theirs to write.
    bar_folding(connection)
    numbers = sorted(numbers_of(connection, pseudonyms).values())
    facts = _erase_facts(connection, numbers)
    audiences = _erase_audiences(connection, numbers, pseudonyms, recogniser)
    looked_at, letters = _find_letters(connection, recogniser, frozenset())
    bar_recording(connection)
    # Again: somebody may have recorded meanwhile. Facts under a number that is new now are deltas still, and dropped when folded.
    numbers = sorted(numbers_of(connection, pseudonyms).values())
    letters += _find_letters(connection, recogniser, looked_at)[1]
    add_tombstones(connection, pseudonyms, tombstone=tombstone)
    insert_new(connection, tables.erased_number, [{"number": number} for number in numbers])
    counts = ErasedCounts(
        people=len(numbers),
        facts=facts,
        rows=_delete_numbered(connection, tables.answer, numbers)
        + _delete_numbered(connection, tables.reaction, numbers),
        letters=remove_letters(connection, letters),
        directory_rows=_erase_directory(connection, {bytes.fromhex(pseudonym) for pseudonym in pseudonyms}),
        audiences=audiences,
        entries=_erase_entries(connection, pseudonyms),
    )
    _blank_requests(connection, pseudonyms)
    _delete_persons(connection, numbers)
    return counts


def finish_erasure(engine: Engine) -> bool:
    """Write the database anew, so that nothing erased is left in its free pages or its log. False where a reader kept the
    log busy: call it again."""
    return compact(engine)


def _erase_facts(connection: Connection, numbers: Collection[int]) -> int:
    erased = 0
    for collapsed in (False, True):
        for keys in cut(list_keys(connection, collapsed=collapsed), _SETS):
            sets = read_keys(connection, set(keys))
            remaining = {key: facts.without(list(numbers)) for key, facts in sets.items()}
            changed = {key: facts for key, facts in remaining.items() if len(facts) < len(sets[key])}
            write_sets(connection, changed, collapsed=collapsed)
            erased += sum(len(sets[key]) - len(facts) for key, facts in changed.items())
    return erased


def _delete_numbered(connection: Connection, table: Table, numbers: Iterable[int]) -> int:
    return sum(connection.execute(delete(table).where(table.c.person.in_(chunk))).rowcount for chunk in cut(numbers))


def _find_letters(
    connection: Connection, recogniser: Recogniser, looked_at: Collection[int]
) -> tuple[set[int], list[int]]:
    """The ids of all letters, and of those not looked at yet that name the person."""
    letter = tables.dead_letter
    gone = []
    ids = set(connection.execute(select(letter.c.id)).scalars())
    for id in sorted(ids.difference(looked_at)):
        sealed = connection.execute(select(letter.c.body).where(letter.c.id == id)).scalar_one()
        content = unseal_content(sealed, recogniser.unseal)
        # Whatever cannot be read may hold anybody.
        if content is None or _holds(content, recogniser):
            gone.append(id)
    return ids, gone


def _holds(content: Content, recogniser: Recogniser) -> bool:
    headers = (content.headers or {}).values()
    return recogniser.holds(content.body) or any(recogniser.holds(value.encode()) for value in headers)


def _erase_directory(connection: Connection, pseudonyms: Collection[bytes]) -> int:
    """Rows that name the person go; of rows of those they managed, the manager."""
    table = tables.directory_row
    rows = connection.execute(select(table.c.id, table.c.main, table.c.pseudonyms, table.c.manager)).all()
    theirs = [id for id, main, joined, _ in rows if not {main, *_split(joined)}.isdisjoint(pseudonyms)]
    for chunk in cut(theirs):
        connection.execute(delete(table).where(table.c.id.in_(chunk)))
    managed = [row.id for row in rows if row.manager in pseudonyms]
    for chunk in cut(managed):
        connection.execute(update(table).where(table.c.id.in_(chunk)).values(manager=None))
    return len(theirs) + len(set(managed).difference(theirs))


def _split(joined: bytes) -> list[bytes]:
    return [joined[start : start + _BYTES] for start in range(0, len(joined), _BYTES)]


def _erase_audiences(
    connection: Connection, numbers: Collection[int], pseudonyms: Collection[str], recogniser: Recogniser
) -> int:
    table = tables.audience
    changed = 0
    for message in connection.execute(select(table.c.message)).scalars().all():
        here = table.c.message == message
        body = connection.execute(select(table.c.body).where(here)).scalar_one()
        without = recogniser.leave_out(body, numbers, pseudonyms)
        if without != body:
            connection.execute(update(table).where(here).values(body=without))
            changed += 1
    return changed


def _erase_entries(connection: Connection, pseudonyms: Collection[str]) -> int:
    """An entry stays what it is in the order of entries, so that its repetition brings nobody back."""
    table = tables.entry
    naming = or_(*(table.c.body.contains(pseudonym) for pseudonym in pseudonyms))
    rows = connection.execute(select(table.c.message, table.c.origin, table.c.body).where(naming)).all()
    for row in rows:
        here = (table.c.message == row.message, table.c.origin == row.origin)
        connection.execute(update(table).where(*here).values(body=strike_out(row.body, pseudonyms)))
    return len(rows)


def _blank_requests(connection: Connection, pseudonyms: Collection[str]) -> None:
    table = tables.request
    for pseudonym in pseudonyms:
        connection.execute(update(table).where(table.c.argument.contains(pseudonym)).values(argument=""))


def _delete_persons(connection: Connection, numbers: Iterable[int]) -> None:
    for chunk in cut(numbers):
        connection.execute(delete(tables.person).where(tables.person.c.number.in_(chunk)))
