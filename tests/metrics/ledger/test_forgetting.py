"""The ledger forgets times, then sets, then letters, and nothing that comes late brings them back."""

from sqlalchemy import Engine, select

from collectors.events import Collected, DeadLetter, Event
from metrics.facts import Key
from metrics.ledger.closing import find_closed
from metrics.ledger.forgetting import collapse, drop_dead_letters, drop_sets
from metrics.ledger.letters import insert_letters, list_letters
from metrics.ledger.sets import read_answers, read_reactions
from metrics.ledger.tables import fact_set
from tests.metrics.ledger.whole import SEALER, fold_all, make_writer, pseudonym, read_whole

T = 1_790_000_000_000_000
HOUR = 3_600_000_000
PEOPLE = [pseudonym(name) for name in range(4)]


def events(message: str) -> list[Event]:
    opened = [Event("opened", message, person, "email", T + hour * HOUR) for person in PEOPLE for hour in range(3)]
    return [
        *opened,
        Event("answered", message, PEOPLE[0], "survey", T, question="q", choice="a"),
        Event("reacted", message, PEOPLE[1], "intranet", T, choice="like"),
    ]


def record(engine: Engine, *messages: str) -> None:
    make_writer(engine).record(Collected("mail", [event for message in messages for event in events(message)]))
    fold_all(engine)


def test_collapsing_leaves_who_but_not_when(engine: Engine) -> None:
    record(engine, "m1", "m2")
    untouched = {key: facts for key, facts in read_whole(engine).sets.items() if key.reference == "m2"}
    with engine.begin() as connection:
        assert collapse(connection, ["m1"]) == 3
        facts = connection.execute(select(fact_set.c.facts).where(fact_set.c.reference == "m1")).scalars().all()
    sets = read_whole(engine).sets
    assert sets == untouched | {
        Key("m1", "email", "opened", ""): {(0, person) for person in PEOPLE},
        Key("m1", "survey", "answered", ""): {(0, PEOPLE[0])},
        Key("m1", "intranet", "reacted", "choice=like"): {(0, PEOPLE[1])},
    }
    assert sorted(facts) == [1, 1, 4]


def test_collapsing_again_changes_nothing(engine: Engine) -> None:
    record(engine, "m1")
    with engine.begin() as connection:
        collapse(connection, ["m1"])
    before = read_whole(engine)
    with engine.begin() as connection:
        assert collapse(connection, ["m1"]) == 0
    assert read_whole(engine) == before


def test_a_replay_after_collapsing_changes_nothing(engine: Engine) -> None:
    record(engine, "m1")
    with engine.begin() as connection:
        collapse(connection, ["m1"])
    before = read_whole(engine)
    record(engine, "m1")
    assert read_whole(engine) == before


def test_dropped_sets_take_their_rows_along_and_do_not_come_back(engine: Engine) -> None:
    record(engine, "m1", "m2")
    with engine.begin() as connection:
        assert drop_sets(connection, ["m1"]) == 3
        assert find_closed(connection, ["m1", "m2"]) == {"m1"}
    record(engine, "m1", "m2")
    whole = read_whole(engine)
    assert {key.reference for key in whole.sets} == {"m2"}
    with engine.connect() as connection:
        assert {row.reference for row in read_answers(connection, ["m1", "m2"])} == {"m2"}
        assert {row.reference for row in read_reactions(connection, ["m1", "m2"])} == {"m2"}


def test_many_references_are_forgotten_in_one_go(engine: Engine) -> None:
    messages = [f"{number}@mail.example.org" for number in range(1100)]
    make_writer(engine).record(Collected("mail", [Event("opened", each, PEOPLE[0], "email", T) for each in messages]))
    fold_all(engine)
    with engine.begin() as connection:
        assert collapse(connection, messages) == 1100
        assert drop_sets(connection, messages) == 1100
    assert read_whole(engine).sets == {}


def test_letters_go_by_the_time_they_were_recorded(engine: Engine) -> None:
    with engine.begin() as connection:
        for at in (1, 2, 3):
            letter = DeadLetter("s", 0, at, 0, "not_json", "why", b"{")
            insert_letters(connection, "mail", [letter], seal=SEALER.seal, now=at)
        assert drop_dead_letters(connection, before=2) == 1
        assert [letter.recorded_at for letter in list_letters(connection)] == [2, 3]
