"""How the ledger forgets, in steps: times first, then sets; dead letters by age. When each is due is left to the caller, which folds
everything and freezes what it needs in the same transaction or before, and bars recording: what is late afterwards counts no more."""

from collections.abc import Collection

from sqlalchemy import Connection, delete, func, select

from metrics.ledger.chunks import cut
from metrics.ledger.closing import close
from metrics.ledger.sets import list_keys, read_keys, read_sets, write_sets
from metrics.ledger.slots import SlotSet
from metrics.ledger.tables import answer, dead_letter, directory_row, fact_set, item_step, reaction

_SETS = 32


def collapse(connection: Connection, references: Collection[str]) -> int:
    """Close the references, and leave of their sets who is in them, without times; how many sets that changed."""
    close(connection, references)
    keys = list_keys(connection, references, collapsed=False)
    for chunk in cut(keys, _SETS):
        sets = read_keys(connection, set(chunk))
        write_sets(connection, {key: facts.collapse() for key, facts in sets.items()}, collapsed=True)
    return len(keys)


def drop_sets(connection: Connection, references: Collection[str]) -> int:
    """Close the references, and remove their sets, answers and reactions; how many sets that were."""
    close(connection, references)
    dropped = 0
    for chunk in cut(sorted(references)):
        dropped += connection.execute(delete(fact_set).where(fact_set.c.reference.in_(chunk))).rowcount
        for table in (answer, reaction):
            connection.execute(delete(table).where(table.c.reference.in_(chunk)))
    return dropped


def drop_undescribed(connection: Connection, references: Collection[str], before: int) -> int:
    """Forget what nobody ever described: references whose newest fact lies before a slot lose their sets, answers and
    reactions; of "", which has no message at all, only the facts before it go. How many references that touched."""
    old = []
    for reference in sorted(references):
        sets = read_sets(connection, [reference])
        # One without any time is of no known age: it stays, and stays listed, until somebody describes its message.
        newest = max((int(facts.slots.max()) for facts in sets.values() if len(facts)), default=0)
        if reference and newest < before:
            old.append(reference)
        elif not reference:
            later = {key: SlotSet.from_codes(facts.codes[facts.slots >= before]) for key, facts in sets.items()}
            write_sets(
                connection, {key: left for key, left in later.items() if len(left) < len(sets[key])}, collapsed=False
            )
    drop_sets(connection, old)
    return len(old)


def drop_dead_letters(connection: Connection, before: int) -> int:
    """Remove the letters recorded before a moment (microseconds since 1970 UTC); how many there were."""
    return connection.execute(delete(dead_letter).where(dead_letter.c.recorded_at < before)).rowcount


def drop_steps(connection: Connection, before: int) -> int:
    """Remove feedback items whose newest step lies before a moment (microseconds), all their steps; how many steps. One without any time
    is of no known age, and stays."""
    newest = select(item_step.c.item).group_by(item_step.c.item).having(func.max(item_step.c.time) < before)
    timed = newest.having(func.max(item_step.c.time) > 0)
    return connection.execute(delete(item_step).where(item_step.c.item.in_(timed))).rowcount


def drop_ended_rows(connection: Connection, before: int) -> int:
    """Remove rows of the directory that ended before a moment (microseconds); how many."""
    return connection.execute(delete(directory_row).where(directory_row.c.valid_to < before)).rowcount
