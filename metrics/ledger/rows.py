"""What is not a set: answers, reactions and the steps of items, each a row that one of several wins by a total order (time,
id, content hash). Reading them back is left to `sets`."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, tuple_

from metrics.facts import Answer, Facts, ItemStep, Reaction, Row
from metrics.ledger.closing import find_closed
from metrics.ledger.deltas import FORGOTTEN
from metrics.ledger.persons import find_erased
from metrics.ledger.tables import answer, item_step, reaction
from metrics.ledger.upsert import insert_or_replace

Values = dict[str, Any]


class Dropped(NamedTuple):
    """Rows that were not kept: their persons are erased, or their references closed."""

    forgotten: int
    late: int


def persons_of_rows(facts: Facts) -> set[str]:
    """The pseudonyms that answered or reacted."""
    return {row.person for row in facts.answers} | {row.person for row in facts.reactions}


def record_rows(connection: Connection, facts: Facts, numbers: Mapping[str, int]) -> Dropped:
    """Let a batch's rows contend with those that stand: the newest answer and reaction, the earliest step."""
    personal: list[Answer | Reaction] = [*facts.answers, *facts.reactions]
    # Asked here again, within the transaction: the numbers may come from a cache older than an erasure.
    gone = find_erased(connection, {numbers[row.person] for row in personal}) | {FORGOTTEN}
    remembered = [row for row in personal if numbers[row.person] not in gone]
    closed = find_closed(connection, {row.reference for row in remembered})
    timely = [row for row in remembered if row.reference not in closed]
    answers = [_answer(row, numbers) for row in timely if isinstance(row, Answer)]
    reactions = [_reaction(row, numbers) for row in timely if isinstance(row, Reaction)]
    _contend(connection, answer, answers)
    _contend(connection, reaction, reactions)
    _contend(connection, item_step, [_step(row) for row in facts.items], newest=False)
    return Dropped(len(personal) - len(remembered), len(remembered) - len(timely))


def _contend(connection: Connection, table: Table, rows: list[Values], *, newest: bool = True) -> None:
    key = itemgetter(*(column.name for column in table.primary_key))
    # Of those that share a key the one that wins comes last.
    rows.sort(key=itemgetter("time", "id", "hash"), reverse=not newest)
    standing = {key(row): row for row in rows}
    ours = tuple_(table.c.time, table.c.id, table.c.hash)
    insert_or_replace(
        connection,
        table,
        list(standing.values()),
        wins=lambda new: (
            tuple_(new["time"], new["id"], new["hash"]) > ours
            if newest
            else tuple_(new["time"], new["id"], new["hash"]) < ours
        ),
    )


def _order(order: Row) -> Values:
    return {"time": order.time, "id": order.id, "hash": order.hash}


def _answer(row: Answer, numbers: Mapping[str, int]) -> Values:
    return {
        "reference": row.reference,
        "person": numbers[row.person],
        "question": row.question,
        "choice": row.choice,
        "value": row.value,
        "rated": row.rated,
        **_order(row.order),
    }


def _reaction(row: Reaction, numbers: Mapping[str, int]) -> Values:
    return {
        "reference": row.reference,
        "person": numbers[row.person],
        "reaction": row.reaction,
        "stands": row.stands,
        **_order(row.order),
    }


def _step(row: ItemStep) -> Values:
    return {
        "item": row.item,
        "action": row.action,
        "channel": row.channel,
        "reference": row.reference,
        "stance": row.stance,
        **_order(row.order),
    }
