"""A number is taken back when nothing is kept of its pseudonym any more, and nobody goes on using it."""

import pytest
from sqlalchemy import Engine, insert, select

from collectors.events import Collected, Event
from metrics.ledger.directory_store import DirectoryRow, apply_changes
from metrics.ledger.forgetting import drop_ended_rows, drop_sets, drop_steps
from metrics.ledger.persons import numbers_of
from metrics.ledger.tables import audience, directory_row, item_step
from metrics.ledger.unused import take_back_numbers
from tests.metrics.ledger.whole import fold_all, make_writer, pseudonym, read_whole

T = 1_790_000_000_000_000
DAY = 86_400_000_000
ANNA, BEN = pseudonym("anna"), pseudonym("ben")


def nobody(_: bytes) -> list[int]:
    return []


def opened(message: str, person: str) -> Collected:
    return Collected("mail", [Event("opened", message, person, "email", T)])


def numbers(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return numbers_of(connection, [ANNA, BEN])


def take_back(engine: Engine) -> int:
    with engine.begin() as connection:
        return take_back_numbers(connection, nobody)


def row_of(person: str, *, ends: int | None = None) -> DirectoryRow:
    own = bytes.fromhex(person)
    return DirectoryRow(own, own, None, "", False, False, "{}", None, ends)


def test_whoever_nothing_is_kept_of_loses_their_number(engine: Engine) -> None:
    writer = make_writer(engine)
    writer.record(opened("m", ANNA))
    writer.record(opened("n", BEN))
    fold_all(engine)
    assert take_back(engine) == 0
    with engine.begin() as connection:
        drop_sets(connection, ["m"])
    assert take_back(engine) == 1
    assert numbers(engine).keys() == {BEN}


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(Event("answered", "m", ANNA, "survey", T, question="q", choice="a"), id="an answer"),
        pytest.param(Event("reacted", "m", ANNA, "chat", T, choice="like"), id="a reaction"),
        pytest.param(Event("viewed", "m", ANNA, "intranet", T), id="a fact that is not folded yet"),
    ],
)
def test_whoever_anything_is_kept_of_keeps_theirs(engine: Engine, event: Event) -> None:
    make_writer(engine).record(Collected("mail", [event]))
    assert take_back(engine) == 0
    assert numbers(engine).keys() == {ANNA}


def test_people_of_the_directory_and_of_stored_audiences_keep_theirs(engine: Engine) -> None:
    writer = make_writer(engine)
    for person in (ANNA, BEN):
        writer.record(opened("m", person))
    fold_all(engine)
    with engine.begin() as connection:
        drop_sets(connection, ["m"])
        apply_changes(connection, "people.csv", removed=[], ended={}, added=[row_of(ANNA)])
        connection.execute(insert(audience), {"message": "m", "body": b"of ben"})
        bens = numbers_of(connection, [BEN])[BEN]
        assert take_back_numbers(connection, lambda body: [bens] if body == b"of ben" else []) == 0
    assert numbers(engine).keys() == {ANNA, BEN}


def test_a_writer_that_remembers_a_number_taken_back_asks_for_another(engine: Engine) -> None:
    writer = make_writer(engine)
    writer.record(opened("m", ANNA))
    fold_all(engine)
    before = numbers(engine)[ANNA]
    with engine.begin() as connection:
        drop_sets(connection, ["m"])
        take_back_numbers(connection, nobody)
    writer.record(opened("n", ANNA))
    assert numbers(engine)[ANNA] > before
    assert {key.reference: facts for key, facts in read_whole(engine).sets.items()} == {"n": {(T // 10_000_000, ANNA)}}


def test_rows_of_the_directory_go_some_time_after_they_ended(engine: Engine) -> None:
    with engine.begin() as connection:
        added = [row_of(ANNA), row_of(BEN, ends=T)]
        apply_changes(connection, "people.csv", removed=[], ended={}, added=added)
        assert drop_ended_rows(connection, T) == 0
        assert drop_ended_rows(connection, T + 1) == 1
        assert connection.execute(select(directory_row.c.main)).scalars().all() == [bytes.fromhex(ANNA)]


def test_an_items_steps_go_together_some_time_after_the_last(engine: Engine) -> None:
    told = [
        ("old", "raised", T),
        ("old", "answered", T + DAY),
        ("young", "raised", T),
        ("young", "decided", T + 3 * DAY),
    ]
    events = [Event(action, "m", None, "intranet", at, item=item) for item, action, at in told]
    make_writer(engine).record(Collected("mail", [*events, Event("raised", "m", None, "intranet", item="timeless")]))
    with engine.begin() as connection:
        assert drop_steps(connection, T + DAY) == 0
        assert drop_steps(connection, T + DAY + 1) == 2
        left = connection.execute(select(item_step.c.item).distinct().order_by(item_step.c.item)).scalars().all()
    assert left == ["timeless", "young"]
