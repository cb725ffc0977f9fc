"""A person who is erased is nowhere, and does not come back."""

from collections.abc import Callable, Collection

import msgspec
import pytest
from sqlalchemy import Engine, insert, select

from collectors.events import Collected, DeadLetter, Event, Interval, Published
from metrics.facts import Key
from metrics.ledger import tables
from metrics.ledger.audiences import load_audiences, save_audience
from metrics.ledger.database import open_readonly
from metrics.ledger.erasure import ErasedCounts, Recogniser, erase, finish_erasure
from metrics.ledger.folding import fold
from metrics.ledger.forgetting import collapse
from metrics.ledger.letters import Sealer, list_letters
from metrics.ledger.persons import all_numbers, numbers_of
from metrics.ledger.requests import leave, take
from metrics.ledger.sets import list_keys
from metrics.ledger.tombstones import find_tombstoned
from tests.metrics.ledger.whole import SEALER, fold_all, make_writer, pseudonym, read_whole, tombstone

T = 1_790_000_000_000_000
ANNA, LOGIN, BERT, CARL = (pseudonym(name) for name in ("anna", "anna's login", "bert", "carl"))
HERS = (ANNA, LOGIN)
EVERYBODY = (*HERS, BERT, CARL)


def leave_out(body: bytes, numbers: Collection[int], pseudonyms: Collection[str]) -> bytes:
    """Audiences of this test are JSON lists of numbers and pseudonyms."""
    return msgspec.json.encode([each for each in msgspec.json.decode(body) if each not in {*numbers, *pseudonyms}])


RECOGNISER = Recogniser(SEALER.unseal, lambda body: b"anna@example.org" in body, leave_out)


def collected() -> Collected:
    opened = [Event("opened", message, person, "email", T) for message in ("m1", "m2") for person in EVERYBODY]
    answers = [Event("answered", "m1", person, "survey", T, question="q", choice="a") for person in EVERYBODY]
    reactions = [Event("reacted", "m1", person, "intranet", T, choice="like") for person in EVERYBODY]
    entry = {"id": "m1", "sender": ANNA, "audience": [ANNA, BERT, LOGIN], "note": f"from {ANNA}", "words": 3}
    dead = [
        DeadLetter("s", 0, 1, 0, "not_json", "why", b'{"address": "anna@example.org"'),
        DeadLetter("s", 0, 2, 0, "not_json", "why", b"{", headers={"ce_subject": "anna@example.org"}),
        DeadLetter("s", 0, 3, 0, "not_json", "why", b'{"address": "bert@example.org"'),
    ]
    return Collected(
        "mail", [*opened, *answers, *reactions], [Published(entry, T)], dead, [Interval("s", 0, 0, 9, "check")]
    )


def add_directory(engine: Engine) -> None:
    def row(main: str, *others: str, manager: str | None = None) -> dict[str, object]:
        return {
            **{"origin": "staff.csv", "groups": "", "images_blocked": False, "objects": False, "attributes": "{}"},
            "main": bytes.fromhex(main),
            "pseudonyms": bytes.fromhex(main + "".join(others)),
            "manager": bytes.fromhex(manager) if manager else None,
        }

    with engine.begin() as connection:
        rows = [row(ANNA, LOGIN, manager=CARL), row(BERT, manager=ANNA), row(CARL, LOGIN), row(CARL)]
        connection.execute(insert(tables.directory_row), rows)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Sets folded, collapsed and waiting as deltas; rows, letters, an entry, an audience, a directory, a request."""
    make_writer(engine).record(collected())
    fold_all(engine)
    with engine.begin() as connection:
        collapse(connection, ["m2"])
        numbers = numbers_of(connection, EVERYBODY)
        save_audience(connection, "m1", msgspec.json.encode([numbers[ANNA], numbers[BERT], LOGIN]))
        save_audience(connection, "m2", msgspec.json.encode([numbers[CARL]]))
    make_writer(engine).record(Collected("mail", [Event("clicked", "m1", each, "email", T) for each in EVERYBODY]))
    add_directory(engine)
    leave(engine, "forget", f"{ANNA} {LOGIN}")
    return engine


def erase_anna(engine: Engine) -> ErasedCounts:
    with engine.begin() as connection:
        return erase(connection, HERS, tombstone=tombstone, recogniser=RECOGNISER)


def others_only(facts: set[tuple[int, str]]) -> set[tuple[int, str]]:
    return {(slot, person) for slot, person in facts if person not in HERS}


def test_everything_of_the_person_is_counted_and_goes(filled: Engine) -> None:
    counts = erase_anna(filled)
    assert counts == ErasedCounts(people=2, facts=8, rows=4, letters=2, directory_rows=3, audiences=1, entries=1)
    whole = read_whole(filled)
    assert {person for facts in whole.sets.values() for _, person in facts} == {BERT, CARL}
    assert {row[1] for row in whole.answers | whole.reactions} == {BERT, CARL}
    with filled.connect() as connection:
        assert sorted(all_numbers(connection)[0]) == sorted(map(bytes.fromhex, [BERT, CARL]))
        assert [letter.offset for letter in list_letters(connection)] == [3]
        body = msgspec.json.decode(connection.execute(select(tables.entry.c.body)).scalar_one())
        row = tables.directory_row
        directory = connection.execute(select(row.c.main, row.c.manager).order_by(row.c.id)).all()
        numbers = numbers_of(connection, [BERT, CARL])
        assert load_audiences(connection) == {
            "m1": msgspec.json.encode([numbers[BERT]]),
            "m2": msgspec.json.encode([numbers[CARL]]),
        }
        assert [request.argument for request in take(connection)] == [""]
    assert body == {"id": "m1", "audience": [BERT], "note": "from ", "words": 3}
    assert directory == [(bytes.fromhex(BERT), None), (bytes.fromhex(CARL), None)]


def test_everybody_else_stays_as_they_were(filled: Engine) -> None:
    before = read_whole(filled)
    erase_anna(filled)
    after = read_whole(filled)
    assert after.sets == {key: others_only(facts) for key, facts in before.sets.items()}
    assert after.intervals == before.intervals
    assert after.sets[Key("m2", "email", "opened", "")] == {(0, BERT), (0, CARL)}
    with filled.connect() as connection:
        assert {key.reference for key in list_keys(connection, collapsed=True)} == {"m2"}
        assert {key.reference for key in list_keys(connection, collapsed=False)} == {"m1"}


def test_facts_that_wait_as_deltas_are_dropped_when_folded(filled: Engine) -> None:
    erase_anna(filled)
    with filled.begin() as connection:
        folded = fold(connection)
    assert (folded.facts, folded.forgotten) == (2, 2)


def test_no_trace_is_left_in_the_bytes_of_the_database(filled: Engine, read_bytes: Callable[[], bytes]) -> None:
    traces = [trace for each in HERS for trace in (each.encode(), bytes.fromhex(each))]

    def found() -> set[bytes]:
        held = read_bytes()
        return {trace for trace in traces if trace in held}

    assert found() == set(traces)
    erase_anna(filled)
    fold_all(filled)
    assert finish_erasure(filled)
    assert found() == set()
    assert bytes.fromhex(BERT) in read_bytes()


def test_a_replay_brings_nobody_back(filled: Engine, read_bytes: Callable[[], bytes]) -> None:
    erase_anna(filled)
    before = read_whole(filled)
    writer = make_writer(filled)
    recorded = writer.record(collected())
    assert (
        recorded.forgotten == 12
    )  # of each pseudonym: two openings, an answer and a reaction as facts, the latter as rows too
    newer = Published({"id": "m1", "audience": [ANNA, CARL]}, T + 1)
    writer.record(Collected("mail", published=[newer]))
    after = read_whole(filled)
    assert (after.sets, after.answers, after.reactions) == (before.sets, before.answers, before.reactions)
    with filled.connect() as connection:
        body = connection.execute(select(tables.entry.c.body)).scalar_one()
    assert msgspec.json.decode(body) == {"id": "m1", "audience": [CARL]}
    assert finish_erasure(filled)
    held = read_bytes()
    assert not any(trace in held for each in HERS for trace in (each.encode(), bytes.fromhex(each)))


def test_a_writer_that_still_remembers_the_number_brings_nobody_back(engine: Engine) -> None:
    writer = make_writer(engine)
    writer.record(collected())
    fold_all(engine)
    erase_anna(engine)
    before = read_whole(engine)
    newer = [Event("answered", "m1", person, "survey", T + 1, question="q", choice="b") for person in (*HERS, BERT)]
    assert writer.record(Collected("mail", newer)).forgotten == 2
    after = read_whole(engine)
    assert {row[1] for row in after.answers} == {BERT, CARL}
    assert after.sets == before.sets
    with engine.connect() as connection:
        assert sorted(all_numbers(connection)[0]) == sorted(map(bytes.fromhex, [BERT, CARL]))


def test_numbers_of_the_erased_are_never_given_again(engine: Engine) -> None:
    make_writer(engine).record(Collected("mail", [Event("opened", "m1", ANNA, "email", T)]))
    erase_anna(engine)
    finish_erasure(engine)
    make_writer(engine).record(Collected("mail", [Event("opened", "m1", BERT, "email", T)]))
    with engine.connect() as connection:
        assert all_numbers(connection) == ([bytes.fromhex(BERT)], [2])


def test_a_letter_that_nobody_can_open_goes_too(engine: Engine) -> None:
    make_writer(engine).record(collected())
    other_key = Recogniser(Sealer(b"the key was changed").unseal, lambda body: b"anna" in body, leave_out)
    with engine.begin() as connection:
        assert erase(connection, HERS, tombstone=tombstone, recogniser=other_key).letters == 3


def test_erasing_somebody_unknown_leaves_the_mark_alone(engine: Engine) -> None:
    make_writer(engine).record(Collected("mail", [Event("opened", "m1", BERT, "email", T)]))
    before = read_whole(engine)
    assert erase_anna(engine) == ErasedCounts(0, 0, 0, 0, 0, 0, 0)
    assert read_whole(engine) == before
    with engine.connect() as connection:
        assert find_tombstoned(connection, EVERYBODY, tombstone=tombstone) == set(HERS)


def test_erasing_twice_is_erasing_once(filled: Engine) -> None:
    erase_anna(filled)
    before = read_whole(filled)
    assert erase_anna(filled) == ErasedCounts(0, 0, 0, 0, 0, 0, 0)
    assert read_whole(filled) == before


def test_an_erasure_is_not_finished_while_somebody_still_looks_at_what_was_erased(filled: Engine, url: str) -> None:
    if filled.dialect.name == "sqlite":
        with filled.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA busy_timeout = 50")  # type: ignore[union-attr]
    readonly = open_readonly(url)
    with readonly.connect() as looking:
        looking.execute(select(tables.setting))
        erase_anna(filled)
        assert not finish_erasure(filled)
    readonly.dispose()
    assert finish_erasure(filled)
