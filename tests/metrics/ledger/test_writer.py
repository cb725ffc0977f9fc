"""Recording a batch: all of it in one transaction, or nothing."""

import random
import sqlite3
from collections.abc import Callable
from string import ascii_letters
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import OperationalError

from collectors.door import LONGEST_WRITTEN
from collectors.events import Collected, DeadLetter, Event, Gap, Interval, Published
from collectors.judgement import LONGEST_TEXT
from metrics.facts import Key
from metrics.ledger import tables
from metrics.ledger.letters import list_letters
from metrics.ledger.persons import all_numbers, numbers_of
from metrics.ledger.tombstones import add_tombstones
from metrics.ledger.writer import Recorded
from tests.metrics.ledger.stores import on_sqlite
from tests.metrics.ledger.whole import NOW, make_writer, pseudonym, read_whole, tombstone

T = 1_790_000_000_000_000
MINUTE = 60_000_000
ANNA, BERT = pseudonym("anna"), pseudonym("bert")


def opened(person: str | None, at: int | None = T, **fields: Any) -> Event:
    return Event("opened", "m1", person, "email", at, T, **fields)


def answered(choice: str, at: int, id: str = "", person: str = ANNA) -> Event:
    return Event("answered", "m1", person, "survey", at, id=id, question="q", choice=choice)


def collect(*events: Event, **parts: Any) -> Collected:
    return Collected("mail", events, **parts)


def everything() -> Collected:
    return collect(
        opened(ANNA),
        answered("a", T),
        Event("reacted", "m1", BERT, "intranet", T, choice="like"),
        Event("decided", None, None, "intranet", T, item="i1"),
        published=[Published({"id": "m1", "words": 3}, T)],
        dead=[DeadLetter("s", 0, 7, 0, "not_json", "why", b"{")],
        read=[Interval("s", 0, 0, 9, "check")],
        gaps=[Gap("s", 0, 12, 14, "expired")],
    )


def count_rows(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: count
            for table in tables.metadata.sorted_tables
            if table is not tables.setting  # in which whoever makes the tables writes too
            and (count := connection.execute(select(func.count()).select_from(table)).scalar_one())
        }


def test_a_batch_leaves_one_delta_and_everything_beside_it(engine: Engine) -> None:
    recorded = make_writer(engine).record(everything())
    assert recorded == Recorded(events=4, anonymous=0, forgotten=0, late=0, dead=1, published=1, new_people=2)
    assert count_rows(engine) == {
        **{"person": 2, "delta": 1, "answer": 1, "reaction": 1, "item_step": 1},
        **{"entry": 1, "dead_letter": 1, "interval": 2, "gap": 1, "source_delay": 1},
    }


def test_a_batch_without_facts_leaves_no_delta(engine: Engine) -> None:
    recorded = make_writer(engine).record(collect(opened(None), read=[Interval("s", 0, 0, 9)]))
    assert (recorded.events, recorded.anonymous) == (1, 1)
    assert count_rows(engine) == {"interval": 1, "source_delay": 1}


def test_an_event_seen_twice_counts_once(engine: Engine) -> None:
    writer = make_writer(engine)
    for _ in range(2):
        writer.record(collect(opened(ANNA), opened(ANNA), opened(BERT, T + MINUTE), opened(ANNA, None)))
    assert read_whole(engine).sets == {
        Key("m1", "email", "opened", ""): {(T // 10_000_000, ANNA), ((T + MINUTE) // 10_000_000, BERT)},
        Key("m1", "email", "opened", "untimed=1"): {(T // 10_000_000, ANNA)},
    }


def test_the_longest_texts_that_may_come_in_are_keys(engine: Engine) -> None:
    """Hardly to be compressed, so that no store takes less of them than it must."""
    chance = random.Random(1)
    message, link = ("".join(chance.choice(ascii_letters) for _ in range(LONGEST_TEXT)) for _ in range(2))
    special = "".join(chance.choice("/:?#[]@!$&'()*+,;=%") for _ in range(LONGEST_WRITTEN // 3))
    clicked = Event("clicked", message, ANNA, "email", T, link=special, machine="unknown", agent="é" * 32)
    answer = Event("answered", message, ANNA, "survey", T, question=link, choice=link)
    reaction = Event("reacted", message, ANNA, "intranet", T, choice=link)
    step = Event("decided", message, None, "intranet", T, item=link)
    make_writer(engine).record(collect(clicked, answer, reaction, step, published=[Published({"id": message}, T)]))
    whole = read_whole(engine)
    assert sum(key.reference == message and key.kind == "clicked" for key in whole.sets) == 1
    assert [len(rows) for rows in (whole.answers, whole.reactions, whole.steps, whole.entries)] == [1, 1, 1, 1]


STATEMENTS = (
    "INTO person",
    "INTO delta",
    "INTO answer",
    "INTO entry",
    "INTO dead_letter",
    "INTO interval",
    "INTO gap",
    "COMMIT",
)


class Unwell(Exception):
    """What the database raises while it is made to fail."""


def fail_at(engine: Engine, words: str) -> Callable[[], None]:
    """From now on, the engine fails before the statement (or the commit) that these words name; the return value heals it."""

    def refuse(*_: Any) -> None:
        raise Unwell

    def refuse_statement(_: Any, __: Any, statement: str, *___: Any) -> None:
        if words in statement:
            refuse()

    name, listener = ("commit", refuse) if words == "COMMIT" else ("before_cursor_execute", refuse_statement)
    event.listen(engine, name, listener)
    return lambda: event.remove(engine, name, listener)


@pytest.mark.parametrize("words", STATEMENTS)
def test_a_batch_that_fails_anywhere_leaves_nothing(engine: Engine, words: str) -> None:
    heal = fail_at(engine, words)
    with pytest.raises(Unwell):
        make_writer(engine).record(everything())
    heal()
    assert count_rows(engine) == {}


@pytest.mark.parametrize("words", STATEMENTS)
def test_numbers_of_a_batch_that_failed_are_forgotten(engine: Engine, words: str) -> None:
    writer = make_writer(engine)
    heal = fail_at(engine, words)
    with pytest.raises(Unwell):
        writer.record(everything())
    heal()
    # Somebody else gets the numbers that were given and undone.
    make_writer(engine).record(collect(opened(pseudonym("carl")), opened(pseudonym("dora"))))
    writer.record(everything())
    other = make_writer(engine)
    other.record(everything())
    assert read_whole(engine).sets[Key("m1", "email", "opened", "")] == {
        (T // 10_000_000, person) for person in (ANNA, pseudonym("carl"), pseudonym("dora"))
    }


def test_a_failure_also_forgets_numbers_learnt_before(engine: Engine) -> None:
    writer = make_writer(engine)
    writer.record(collect(opened(ANNA)))
    heal = fail_at(engine, "INTO delta")
    with pytest.raises(Unwell):
        writer.record(collect(opened(ANNA)))
    heal()
    with engine.begin() as connection:  # the database was restored to an older state meanwhile
        connection.execute(tables.delta.delete())
        connection.execute(tables.person.delete())
    writer.record(collect(opened(ANNA)))
    assert read_whole(engine).sets == {Key("m1", "email", "opened", ""): {(T // 10_000_000, ANNA)}}


def test_new_people_get_numbers_in_sorted_order_and_keep_them(engine: Engine) -> None:
    first = sorted(pseudonym(name) for name in range(20))
    make_writer(engine).record(collect(*(opened(person) for person in reversed(first))))
    make_writer(engine).record(collect(*(opened(person) for person in [*first, pseudonym("new")])))
    with engine.connect() as connection:
        names, numbers = all_numbers(connection)
        assert numbers_of(connection, [first[3], "00" * 32]) == {first[3]: 4}
    assert [name.hex() for name in names] == [*first, pseudonym("new")]
    assert numbers == list(range(1, 22))


def test_replayed_letters_go_with_the_commit_that_records_them(engine: Engine) -> None:
    writer = make_writer(engine)
    dead = [DeadLetter("s", 0, offset, 0, "not_json", "why", b"{") for offset in (1, 2)]
    writer.record(collect(dead=dead))
    with engine.connect() as connection:
        ids = [letter.id for letter in list_letters(connection)]
    still_bad = DeadLetter("s", 0, 2, 0, "no_time", "why", b"{")
    writer.record(collect(opened(ANNA), dead=[still_bad]), replacing=ids)
    with engine.connect() as connection:
        assert [(letter.offset, letter.reason) for letter in list_letters(connection)] == [(2, "no_time")]
    heal = fail_at(engine, "COMMIT")
    with engine.connect() as connection:
        ids = [letter.id for letter in list_letters(connection)]
    with pytest.raises(Unwell):
        writer.record(collect(opened(ANNA)), replacing=ids)
    heal()
    with engine.connect() as connection:
        assert len(list_letters(connection)) == 1


def test_who_was_erased_gets_no_number_and_leaves_no_fact(engine: Engine) -> None:
    with engine.begin() as connection:
        add_tombstones(connection, [ANNA], tombstone=tombstone)
    writer = make_writer(engine)
    for _ in range(2):  # the second time from the cache
        recorded = writer.record(collect(opened(ANNA), opened(BERT), answered("a", T), answered("b", T, person=BERT)))
        assert recorded.forgotten == 3
    whole = read_whole(engine)
    assert whole.sets[Key("m1", "email", "opened", "")] == {(T // 10_000_000, BERT)}
    assert whole.sets[Key("m1", "survey", "answered", "")] == {(T // 300_000_000 * 30, BERT)}
    assert [row[1] for row in whole.answers] == [BERT]
    with engine.connect() as connection:
        assert all_numbers(connection)[0] == [bytes.fromhex(BERT)]


@on_sqlite
def test_a_busy_database_is_an_error_and_not_a_loss(engine: Engine) -> None:
    writer = make_writer(engine)

    def lose_patience(connection: sqlite3.Connection, *_: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 0")

    event.listen(engine, "checkout", lose_patience)
    with engine.begin(), pytest.raises(OperationalError, match="locked"):
        writer.record(everything())
    assert count_rows(engine) == {}
    assert writer.record(everything()).new_people == 2


def test_what_is_recorded_carries_the_time_it_was_recorded_at(engine: Engine) -> None:
    make_writer(engine).record(everything())
    with engine.connect() as connection:
        assert connection.execute(select(tables.gap.c.recorded_at)).scalar_one() == NOW
        assert connection.execute(select(tables.dead_letter.c.recorded_at)).scalar_one() == NOW
