"""Reading sets by their keys, and putting them in place."""

import pytest
from sqlalchemy import Engine, func, select, update

from metrics.facts import Key
from metrics.ledger.sets import list_keys, read_keys, read_sets, write_sets
from metrics.ledger.slots import SlotSet
from metrics.ledger.tables import fact_set

OPENED, CLICKED = Key("m1", "email", "opened", ""), Key("m2", "email", "clicked", "link=a")
ACROSS = Key("m1", "email", "clicked", "link=a")
ONE, TWO = SlotSet.from_pairs([7], [1]), SlotSet.from_pairs([7, 8], [1, 2])


def test_sets_are_read_by_reference(engine: Engine) -> None:
    with engine.begin() as connection:
        write_sets(connection, {OPENED: ONE, CLICKED: TWO, ACROSS: ONE}, collapsed=False)
        assert read_sets(connection, ["m1", "m3"]) == {OPENED: ONE, ACROSS: ONE}
        assert read_sets(connection, []) == {}


def test_only_the_keys_asked_for_are_read(engine: Engine) -> None:
    with engine.begin() as connection:
        write_sets(connection, {OPENED: ONE, CLICKED: TWO, ACROSS: ONE}, collapsed=False)
        assert read_keys(connection, {OPENED, CLICKED}) == {OPENED: ONE, CLICKED: TWO}


def test_a_set_takes_the_place_of_the_one_before(engine: Engine) -> None:
    with engine.begin() as connection:
        write_sets(connection, {OPENED: ONE, CLICKED: TWO}, collapsed=False)
        write_sets(connection, {OPENED: TWO}, collapsed=True)
        assert read_keys(connection, {OPENED}) == {OPENED: TWO}
        assert connection.execute(select(func.sum(fact_set.c.facts))).scalar_one() == 4
        assert list_keys(connection, collapsed=True) == [OPENED]
        assert list_keys(connection, collapsed=False) == [CLICKED]
        assert list_keys(connection, ["m1"], collapsed=False) == []


def test_an_empty_set_leaves_no_row(engine: Engine) -> None:
    with engine.begin() as connection:
        write_sets(connection, {OPENED: ONE, CLICKED: TWO}, collapsed=False)
        write_sets(connection, {OPENED: SlotSet.empty()}, collapsed=False)
        assert connection.execute(select(fact_set.c.reference)).scalars().all() == ["m2"]


def test_a_damaged_set_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        write_sets(connection, {OPENED: ONE}, collapsed=False)
        connection.execute(update(fact_set).values(payload=ONE.to_bytes()[:-1]))
        with pytest.raises(ValueError, match="set of facts"):
            read_sets(connection, ["m1"])
