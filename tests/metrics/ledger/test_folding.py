"""Folding deltas into sets."""

from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, delete, event, insert, select, update

from collectors.events import Collected, Event
from metrics.facts import Key
from metrics.ledger.deltas import Delta, make_delta, pack_delta, unpack_delta
from metrics.ledger.folding import Folded, FoldedElsewhere, fold, is_waiting
from metrics.ledger.forgetting import collapse, drop_sets
from metrics.ledger.seen import read_seen
from metrics.ledger.sets import ReferenceSize, list_references, read_sets
from metrics.ledger.slots import SlotSet
from metrics.ledger.tables import delta, erased_number, fact_set
from metrics.translation import translate
from tests.metrics.ledger.whole import fold_all, make_writer, pseudonym

T = 1_790_000_000_000_000
TICK = T // 10_000_000
KEY = Key("m1", "email", "opened", "")


def put(engine: Engine, *deltas: dict[Key, list[tuple[int, int]]], touched: tuple[str, ...] = ()) -> None:
    """Deltas of (slot, person) by key, as a Writer leaves them."""
    for sets in deltas:
        packed = [
            (*key, b"".join(((slot << 32) | person).to_bytes(8, "little") for slot, person in pairs))
            for key, pairs in sets.items()
        ]
        row = {"source": "mail", "facts": 0, "payload": pack_delta(Delta(packed, list(touched)))}
        with engine.begin() as connection:
            connection.execute(insert(delta), row)


def standing(engine: Engine) -> dict[Key, list[tuple[int, int]]]:
    with engine.connect() as connection:
        sets = read_sets(connection, {"m1", "m2", "m3"})
    return {key: list(zip(each.slots.tolist(), each.persons.tolist(), strict=True)) for key, each in sets.items()}


def before_writing_sets(connection: Connection, statement: str = "SELECT 1") -> list[str]:
    """Execute a statement each time before sets are written; what is written, as text."""
    written: list[str] = []

    def listen(_: Any, __: Any, about: str, parameters: Any, *___: Any) -> None:
        if "INTO fact_set" in about:
            written.append(repr(parameters))
            connection.exec_driver_sql(statement)

    event.listen(connection, "before_cursor_execute", listen)
    return written


def test_deltas_become_sets_and_go(engine: Engine) -> None:
    other = Key("m2", "email", "opened", "")
    put(engine, {KEY: [(5, 1), (3, 2), (5, 1)]}, {KEY: [(4, 9)], other: [(5, 1)]})
    assert is_waiting(engine)
    with engine.begin() as connection:
        assert fold(connection) == Folded({"m1", "m2"}, facts=4, late=0, forgotten=0, more=False)
        assert connection.execute(select(delta)).all() == []
    assert standing(engine) == {KEY: [(3, 2), (4, 9), (5, 1)], other: [(5, 1)]}


def test_folding_nothing_changes_nothing(engine: Engine) -> None:
    assert not is_waiting(engine)
    with engine.begin() as connection:
        assert fold(connection) == Folded(set(), facts=0, late=0, forgotten=0, more=False)


def test_only_what_changed_is_named_and_written(engine: Engine) -> None:
    other = Key("m2", "email", "opened", "")
    put(engine, {KEY: [(5, 1)], other: [(5, 1)]})
    fold_all(engine)
    put(engine, {KEY: [(5, 1)], other: [(6, 1)]})
    with engine.begin() as connection:
        written = before_writing_sets(connection)
        assert fold(connection) == Folded({"m2"}, facts=1, late=0, forgotten=0, more=False)
    assert "m2" in written[0]
    assert "m1" not in "".join(written)


def test_references_of_rows_are_named_though_no_set_changes(engine: Engine) -> None:
    writer = make_writer(engine)
    writer.record(Collected("mail", [Event("reacted", "m1", pseudonym(1), "intranet", T, choice="like")]))
    fold_all(engine)
    writer.record(
        Collected(
            "mail",
            [
                Event("unreacted", "m1", pseudonym(1), "intranet", T + 1, choice="like"),
                Event("decided", None, None, "intranet", T, item="i1"),
            ],
        )
    )
    with engine.begin() as connection:
        assert fold(connection).references == {"m1", ""}


def test_a_small_budget_folds_the_oldest_first_and_at_least_one(engine: Engine) -> None:
    put(engine, *({KEY: [(slot, 1)]} for slot in range(5)))
    seen = []
    for _ in range(5):
        with engine.begin() as connection:
            seen.append((fold(connection, limit_bytes=1).more, connection.execute(select(delta.c.id)).scalars().all()))
    assert seen == [(True, [2, 3, 4, 5]), (True, [3, 4, 5]), (True, [4, 5]), (True, [5]), (False, [])]
    assert standing(engine) == {KEY: [(slot, 1) for slot in range(5)]}


def test_a_delta_that_appears_later_under_a_lower_id_is_folded_too(engine: Engine) -> None:
    put(engine, {KEY: [(1, 1)]}, {KEY: [(2, 2)]})
    with engine.begin() as connection:
        late = connection.execute(select(delta).where(delta.c.id == 1)).one()._asdict()
        connection.execute(delete(delta).where(delta.c.id == 1))
    fold_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(delta), late)
    assert fold_all(engine)[0].facts == 1
    assert standing(engine) == {KEY: [(1, 1), (2, 2)]}


def test_a_fold_that_is_rolled_back_leaves_the_deltas(engine: Engine) -> None:
    put(engine, {KEY: [(1, 1)]})
    with engine.connect() as connection:
        fold(connection)
        connection.rollback()
    assert standing(engine) == {}
    fold_all(engine)
    assert standing(engine) == {KEY: [(1, 1)]}


def test_deltas_that_vanish_while_they_are_folded_are_an_error(engine: Engine) -> None:
    put(engine, {KEY: [(1, 1)]}, {KEY: [(2, 2)]})
    with engine.begin() as connection:
        before_writing_sets(connection, "DELETE FROM delta WHERE id = 1")
        with pytest.raises(FoldedElsewhere):
            fold(connection)


def test_facts_of_erased_persons_are_dropped_and_counted(engine: Engine) -> None:
    put(engine, {KEY: [(1, 1), (2, 2)], Key("m2", "email", "opened", ""): [(1, 2)]})
    with engine.begin() as connection:
        connection.execute(insert(erased_number), {"number": 2})
        assert fold(connection) == Folded({"m1"}, facts=1, late=0, forgotten=2, more=False)
    assert standing(engine) == {KEY: [(1, 1)]}


def test_facts_about_closed_references_are_dropped_and_counted(engine: Engine) -> None:
    put(engine, {KEY: [(7, 1)]})
    fold_all(engine)
    with engine.begin() as connection:
        collapse(connection, ["m1"])
    put(
        engine, {KEY: [(8, 2)], Key("m1", "email", "clicked", ""): [(8, 1)], Key("m2", "email", "opened", ""): [(8, 1)]}
    )
    with engine.begin() as connection:
        assert fold(connection) == Folded({"m2"}, facts=1, late=2, forgotten=0, more=False)
    assert standing(engine) == {KEY: [(0, 1)], Key("m2", "email", "opened", ""): [(8, 1)]}


def test_kinds_once_seen_are_kept_late_ones_too_and_those_of_the_erased_not(engine: Engine) -> None:
    put(engine, {KEY: [(1, 1)], Key("m2", "chat", "replied", ""): [(1, 2)]})
    with engine.begin() as connection:
        connection.execute(insert(erased_number), {"number": 2})
    fold_all(engine)
    with engine.begin() as connection:
        drop_sets(connection, ["m1"])
        assert read_seen(connection) == {"email": {"opened"}}
    put(engine, {Key("m1", "email", "clicked", ""): [(8, 1)], Key("m3", "intranet", "viewed", ""): [(8, 1), (9, 2)]})
    fold_all(engine)
    with engine.connect() as connection:
        assert read_seen(connection) == {"email": {"opened", "clicked"}, "intranet": {"viewed"}}


def test_references_are_listed_largest_first(engine: Engine) -> None:
    put(
        engine,
        {KEY: [(7, 1)], Key("m1", "intranet", "read", ""): [(7, 1)], Key("m2", "email", "opened", "x"): [(7, 1)]},
    )
    put(engine, {KEY: [(7, 2)], Key("m2", "email", "clicked", ""): [(7, 1), (7, 2)]})
    fold_all(engine)
    with engine.begin() as connection:
        collapse(connection, ["m2"])
        assert list_references(connection) == [
            ReferenceSize("m2", "email", 3, True),
            ReferenceSize("m1", "email", 2, False),
            ReferenceSize("m1", "intranet", 1, False),
        ]


def test_a_set_that_is_damaged_is_never_overwritten(engine: Engine) -> None:
    put(engine, {KEY: [(7, 1)]})
    fold_all(engine)
    with engine.begin() as connection:
        connection.execute(update(fact_set).values(payload=b"\x01 damaged, and long enough"))
    put(engine, {KEY: [(8, 1)]})
    with pytest.raises(ValueError, match="damaged"):
        fold_all(engine)


def test_a_delta_keeps_the_facts_of_each_key_and_leaves_out_the_forgotten() -> None:
    people = [pseudonym(name) for name in range(4)]
    events = [Event("opened", f"m{place % 2}", people[place], "email", T + place * 10_000_000) for place in range(4)]
    numbers = {person: place + 1 for place, person in enumerate(people)} | {people[1]: -1}
    made, forgotten = make_delta(translate(events), numbers)
    kept = {
        reference: SlotSet.from_codes(np.frombuffer(codes, "<u8"))
        for reference, *_, codes in unpack_delta(pack_delta(made)).sets
    }
    assert kept == {"m0": SlotSet.from_pairs([TICK, TICK + 2], [1, 3]), "m1": SlotSet.from_pairs([TICK + 3], [4])}
    assert (made.count(), forgotten) == (3, 1)
