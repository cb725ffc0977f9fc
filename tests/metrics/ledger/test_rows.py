"""Rows that contend: answers, reactions, steps of items, entries. One stands, whatever the order in which they come."""

from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select

from collectors.events import Collected, Event, Published
from metrics.ledger import tables
from metrics.ledger.forgetting import collapse
from metrics.ledger.sets import read_answers, read_contested, read_reactions, read_steps
from tests.metrics.ledger.whole import fold_all, make_writer, pseudonym, read_whole

T = 1_790_000_000_000_000
ANNA = pseudonym("anna")


def answered(choice: str, at: int, id: str = "") -> Event:
    return Event("answered", "m1", ANNA, "survey", at, id=id, question="q", choice=choice)


def reacted(action: str, at: int) -> Event:
    return Event(action, "m1", ANNA, "intranet", T + at, choice="like")


def decided(channel: str) -> Event:
    return Event("decided", None, None, channel, T, id="same", item="i1")


def collect(*events: Event, **parts: Any) -> Collected:
    return Collected("mail", events, **parts)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_the_newest_answer_stands_whatever_comes_last(engine: Engine, order: list[int]) -> None:
    answers = [answered("late, but by a lower id", T + 9, "1"), answered("newest", T + 9, "2"), answered("old", T, "3")]
    for place in order:
        make_writer(engine).record(collect(answers[place]))
    make_writer(engine).record(collect(*(answers[place] for place in order)))
    with engine.connect() as connection:
        (row,) = read_answers(connection, ["m1"])
    assert (row.choice, row.time) == ("newest", T + 9)


TIES = [
    pytest.param([answered("a", T, "same"), answered("b", T, "same")], id="answers that differ in their choice"),
    pytest.param([decided("intranet"), decided("chat")], id="steps that differ in their channel"),
    pytest.param([reacted("reacted", 1), reacted("unreacted", 1)], id="a reaction taken back as it is made"),
]


@pytest.mark.parametrize("events", TIES)
@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "in two batches"])
def test_rows_of_one_time_and_id_are_told_apart_by_their_content(
    engine: Engine, together: bool, events: list[Event]
) -> None:
    standing: list[object] = []
    for order in (events, events[::-1]):
        with engine.begin() as connection:
            for table in (tables.answer, tables.reaction, tables.item_step):
                connection.execute(delete(table))
        for batch in [order] if together else [[event] for event in order]:
            make_writer(engine).record(collect(*batch))
        whole = read_whole(engine)
        standing.append((whole.answers, whole.reactions, whole.steps))
    assert standing[0] == standing[1]


def test_a_reaction_taken_back_stands_no_more_until_it_comes_anew(engine: Engine) -> None:
    writer = make_writer(engine)
    stands = []
    for action, at in (("reacted", 1), ("unreacted", 2), ("reacted", 1), ("reacted", 3)):
        writer.record(collect(reacted(action, at)))
        with engine.connect() as connection:
            (row,) = read_reactions(connection, ["m1", "m2"])
        stands.append(row.stands)
    assert stands == [True, False, False, True]


def test_a_reaction_is_contested_once_anybody_took_it_back(engine: Engine) -> None:
    ben = pseudonym("ben")
    events = [
        reacted("reacted", 1),
        Event("reacted", "m1", ben, "intranet", T + 1, choice="like"),
        Event("reacted", "m1", ben, "intranet", T + 1, choice="heart"),
        Event("reacted", "m2", ben, "intranet", T + 1, choice="like"),
    ]
    writer = make_writer(engine)
    writer.record(collect(*events))
    with engine.connect() as connection:
        assert read_contested(connection, ["m1", "m2"]) == []
    writer.record(collect(reacted("unreacted", 2)))
    with engine.connect() as connection:
        found = read_contested(connection, ["m1", "m2"])
        assert found == [row for row in read_reactions(connection, ["m1"]) if row.reaction == "like"]
    assert sorted(row.stands for row in found) == [False, True]


def test_the_earliest_step_of_an_item_stands(engine: Engine) -> None:
    writer = make_writer(engine)
    for at in (5, 3, 4):
        writer.record(collect(Event("decided", None, None, "intranet", T + at, item="i1", stance="critical")))
    with engine.connect() as connection:
        (step,) = read_steps(connection)
    assert (step.item, step.action, step.time, step.stance) == ("i1", "decided", T + 3, "critical")


def test_the_newest_entry_stands(engine: Engine) -> None:
    writer = make_writer(engine)
    for words, occurred_at, received_at in ((1, T + 5, None), (2, T + 9, T + 10), (3, T + 7, T + 11), (4, None, T + 8)):
        writer.record(collect(published=[Published({"words": words, "id": "m1"}, occurred_at, received_at)]))
    with engine.connect() as connection:
        row = connection.execute(select(tables.entry)).one()
    assert (row.message, row.origin, row.body) == ("m1", "event", '{"id":"m1","words":2}')


def test_an_entry_without_a_time_is_as_old_as_its_receipt(engine: Engine) -> None:
    for words, received_at in ((1, T + 5), (2, T + 9), (3, T + 7)):
        make_writer(engine).record(collect(published=[Published({"id": "m1", "words": words}, None, received_at)]))
    with engine.connect() as connection:
        assert connection.execute(select(tables.entry.c.body)).scalar_one() == '{"id":"m1","words":2}'


def test_an_entry_of_a_file_stands_beside_that_of_an_event(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(tables.entry).values(message="m1", origin="file", file="messages.yaml", body="{}"))
    make_writer(engine).record(collect(published=[Published({"id": "m1"}, T)]))
    with engine.connect() as connection:
        rows = connection.execute(select(tables.entry.c.origin, tables.entry.c.body).order_by(tables.entry.c.origin))
        assert rows.all() == [("event", '{"id":"m1"}'), ("file", "{}")]


def test_answers_about_a_closed_reference_are_late(engine: Engine) -> None:
    writer = make_writer(engine)
    writer.record(collect(answered("in time", T)))
    fold_all(engine)
    with engine.begin() as connection:
        collapse(connection, ["m1"])
    assert writer.record(collect(answered("late", T + 9))).late == 1
    with engine.connect() as connection:
        (row,) = read_answers(connection, ["m1"])
    assert row.choice == "in time"
