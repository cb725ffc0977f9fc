"""Who may see what, and since when: rows that are only added, in a chain."""

from sqlalchemy import Engine, delete, update

from metrics.ledger.audit import read_audit, record
from metrics.ledger.tables import audit


def write(engine: Engine, *values: str) -> list[bool]:
    with engine.begin() as connection:
        return [record(connection, at, "disclosure.k", value, f"digest {at}") for at, value in enumerate(values)]


def test_only_a_change_makes_a_row(engine: Engine) -> None:
    assert write(engine, "10", "10", "7, agreed by a and b", "10") == [True, False, True, True]
    with engine.connect() as connection:
        entries = read_audit(connection)
    assert [(entry.at, entry.value, entry.configuration) for entry in entries] == [
        (0, "10", "digest 0"),
        (2, "7, agreed by a and b", "digest 2"),
        (3, "10", "digest 3"),
    ]
    assert all(entry.whole for entry in entries)


def test_a_row_changed_afterwards_shows(engine: Engine) -> None:
    write(engine, "10", "7", "10")
    with engine.begin() as connection:
        connection.execute(update(audit).where(audit.c.value == "7").values(value="9"))
    with engine.connect() as connection:
        assert [entry.whole for entry in read_audit(connection)] == [True, False, False]


def test_a_row_taken_away_shows(engine: Engine) -> None:
    write(engine, "10", "7", "10")
    with engine.begin() as connection:
        connection.execute(delete(audit).where(audit.c.value == "7"))
    with engine.connect() as connection:
        assert [entry.whole for entry in read_audit(connection)] == [True, False]
