"""Two connections to one PostgreSQL at the same moment: what SQLite cannot show, where one writer comes after the other."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event, select, text

from collectors.events import Collected, Event, Interval
from metrics.facts import Key
from metrics.ledger import erasure, writer
from metrics.ledger.database import migrate, open_database
from metrics.ledger.door import WrongKey, make_secrets, open_ledger
from metrics.ledger.erasure import Recogniser, erase
from metrics.ledger.folding import fold
from metrics.ledger.persons import all_numbers
from metrics.ledger.sets import list_references, read_sets
from metrics.ledger.tables import answer
from tests.metrics.ledger.whole import SEALER, fold_all, make_writer, pseudonym, read_whole, tombstone

T = 1_790_000_000_000_000
ANNA, BERT = pseudonym("anna"), pseudonym("bert")
RECOGNISER = Recogniser(SEALER.unseal, lambda _: False, lambda body, *_: body)
PATIENCE_SECONDS = 60.0


def batch(person: str = ANNA, message: str = "m1") -> Collected:
    events = [
        Event("opened", message, person, "email", T),
        Event("answered", message, person, "survey", T, question="q", choice="a"),
    ]
    return Collected("mail", events, read=[Interval("s", 0, 0, 1)])


def erase_anna(engine: Engine) -> None:
    with engine.begin() as connection:
        erase(connection, [ANNA], tombstone=tombstone, recogniser=RECOGNISER)


def fold_once(engine: Engine) -> int:
    with engine.begin() as connection:
        return fold(connection).facts


@pytest.fixture
def url(postgresql_url: str) -> str:
    return postgresql_url


@pytest.fixture
def second(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


@contextmanager
def held_before_commit(engine: Engine, work: Callable[[], object]) -> Iterator[None]:
    """Within, `work` has done everything but its COMMIT; afterwards that too."""
    arrived, go = threading.Event(), threading.Event()

    def hold(_: Connection) -> None:
        if not arrived.is_set():
            arrived.set()
            assert go.wait(PATIENCE_SECONDS)

    event.listen(engine, "commit", hold)
    with ThreadPoolExecutor() as pool:
        working = pool.submit(work)
        assert arrived.wait(PATIENCE_SECONDS)
        try:
            yield
        finally:
            go.set()
        working.result(PATIENCE_SECONDS)
    event.remove(engine, "commit", hold)


def waits_for_a_lock(engine: Engine, working: "Future[object]") -> bool:
    """Whether somebody comes to wait for a lock before `working` is done."""
    while not working.done():
        with engine.connect() as connection:
            if connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one():
                return True
        time.sleep(0.01)
    return False


def test_who_is_erased_while_a_batch_is_recorded_is_gone_when_it_is(engine: Engine, second: Engine) -> None:
    make_writer(engine).record(batch(BERT))
    with ThreadPoolExecutor() as pool:
        with held_before_commit(engine, lambda: make_writer(engine).record(batch())):
            erasing: Future[object] = pool.submit(erase_anna, second)
            assert waits_for_a_lock(second, erasing)
        erasing.result(PATIENCE_SECONDS)
    whole = read_whole(engine)
    assert {person for facts in whole.sets.values() for _, person in facts} == {BERT}
    assert {row[1] for row in whole.answers} == {BERT}


def test_a_batch_that_comes_while_somebody_is_erased_does_not_bring_them_back(engine: Engine, second: Engine) -> None:
    remembering = make_writer(second)
    remembering.record(batch())
    fold_all(engine)
    with ThreadPoolExecutor() as pool:
        with held_before_commit(engine, lambda: erase_anna(engine)):
            recording: Future[object] = pool.submit(remembering.record, batch(message="m2"))
            assert waits_for_a_lock(second, recording)
        recording.result(PATIENCE_SECONDS)
    make_writer(second).record(batch(message="m3"))
    whole = read_whole(engine)
    assert (whole.sets, whole.answers) == ({}, set())
    with engine.connect() as connection:
        assert all_numbers(connection) == ([], [])


def test_a_mutant_that_records_without_the_latch_brings_somebody_back(
    engine: Engine, second: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "share_recording", lambda _: None)
    monkeypatch.setattr(erasure, "bar_recording", lambda _: None)
    with held_before_commit(engine, lambda: make_writer(engine).record(batch())):
        erase_anna(second)
    with engine.connect() as connection:
        assert all_numbers(connection)[0] == [bytes.fromhex(ANNA)]


def test_a_delta_that_is_committed_late_under_a_lower_number_is_folded_too(engine: Engine, second: Engine) -> None:
    with held_before_commit(engine, lambda: make_writer(engine).record(batch())):
        make_writer(second).record(Collected("mail", [Event("opened", "m1", BERT, "email", T)]))
        assert fold_once(second) == 1
    assert fold_once(second) == 2
    assert read_whole(engine).sets[Key("m1", "email", "opened", "")] == {
        (T // 10_000_000, ANNA),
        (T // 10_000_000, BERT),
    }


def test_two_that_fold_at_once_fold_one_after_the_other(engine: Engine, second: Engine) -> None:
    make_writer(engine).record(batch())
    with ThreadPoolExecutor() as pool:
        with held_before_commit(engine, lambda: fold_once(engine)):
            make_writer(second).record(batch(BERT))
            folding: Future[object] = pool.submit(fold_once, second)
            assert waits_for_a_lock(second, folding)
        assert folding.result(PATIENCE_SECONDS) == 2
    with engine.connect() as connection:
        sets = read_sets(connection, {size.reference for size in list_references(connection)})
        assert {len(facts) for facts in sets.values()} == {2}
        assert len(connection.execute(select(answer)).all()) == 2


def test_writers_that_meet_the_same_new_people_agree_on_their_numbers(engine: Engine) -> None:
    people = [pseudonym(name) for name in range(200)]

    def record(number: int) -> None:
        worker = make_writer(engine)
        mine = people if number % 2 else people[::-1]
        for start in range(0, len(mine), 40):
            events = [event for person in mine[start : start + 50] for event in batch(person).events]
            worker.record(Collected("mail", events, read=[Interval("s", number, 0, start + 1)]))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(record, range(4)))
    whole = read_whole(engine)
    assert {len(facts) for facts in whole.sets.values()} == {len(people)}
    with engine.connect() as connection:
        names, numbers = all_numbers(connection)
    assert sorted(names) == sorted(map(bytes.fromhex, people))
    assert len(set(numbers)) == len(people)


def test_intervals_that_two_record_at_once_are_united(engine: Engine, second: Engine) -> None:
    make_writer(engine).record(Collected("mail", read=[Interval("s", 0, 0, 10)]))
    further = Collected("mail", read=[Interval("s", 0, 10, 30)])
    with ThreadPoolExecutor() as pool:
        with held_before_commit(engine, lambda: make_writer(engine).record(further)):
            recording: Future[object] = pool.submit(
                make_writer(second).record, Collected("mail", read=[Interval("s", 0, 5, 20)])
            )
            assert waits_for_a_lock(second, recording)
        recording.result(PATIENCE_SECONDS)
    assert read_whole(engine).intervals == {("s", 0): [Interval("s", 0, 0, 30)]}


@pytest.mark.parametrize("late", [1, -1], ids=["the later one is newer", "the later one is older"])
def test_of_two_first_answers_recorded_at_once_the_newest_stands(engine: Engine, second: Engine, late: int) -> None:
    for each in (engine, second):
        make_writer(each).record(Collected("mail", [Event("opened", "m1", ANNA, "email", T)]))

    def answered(choice: str, at: int) -> Collected:
        return Collected("mail", [Event("answered", "m1", ANNA, "survey", at, question="q", choice=choice)])

    with ThreadPoolExecutor() as pool:
        with held_before_commit(engine, lambda: make_writer(engine).record(answered("first", T))):
            recording: Future[object] = pool.submit(make_writer(second).record, answered("late", T + late))
            assert waits_for_a_lock(second, recording)
        recording.result(PATIENCE_SECONDS)
    with engine.connect() as connection:
        assert connection.execute(select(answer.c.choice)).scalars().all() == ["late" if late > 0 else "first"]


def test_many_that_start_at_once_make_the_tables_once(own_postgresql_url: str) -> None:
    def start(_: int) -> None:
        engine = open_database(own_postgresql_url)
        migrate(engine)
        engine.dispose()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(start, range(6)))
    engine = open_database(own_postgresql_url)
    with engine.connect() as connection:
        assert len(connection.execute(text("SELECT * FROM alembic_version")).all()) == 1
    engine.dispose()


def test_of_two_that_begin_with_different_keys_one_is_refused(url: str) -> None:
    def start(number: int) -> bool:
        key = bytes([number]) * 32
        try:
            open_ledger(url, make_secrets(key, key, f"check {number}")).dispose()
        except WrongKey:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(start, range(4))) == 1
