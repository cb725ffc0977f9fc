"""Cells and readings that outlive the sets."""

from sqlalchemy import Engine

from metrics.ledger.frozen import drop_cells, load_cells, load_readings, save_cells, save_readings
from tests.metrics.ledger.test_snapshots import published

READINGS = published(1).readings


def test_cells_are_kept_by_unit_and_replaced(engine: Engine) -> None:
    with engine.begin() as connection:
        save_cells(connection, "m1", b"old")
        save_cells(connection, "m1", b"new")
        save_cells(connection, "m2", b"other")
        assert load_cells(connection) == {"m1": b"new", "m2": b"other"}
        drop_cells(connection, ["m1", "m3"])
        assert load_cells(connection) == {"m2": b"other"}


def test_readings_are_frozen_once(engine: Engine) -> None:
    with engine.begin() as connection:
        assert save_readings(connection, "message m1", READINGS)
        assert not save_readings(connection, "message m1", ())
        assert save_readings(connection, "message m_", ())
        assert load_readings(connection, "message") == {"message m1": READINGS, "message m_": ()}


def test_readings_are_loaded_by_their_kind(engine: Engine) -> None:
    with engine.begin() as connection:
        save_readings(connection, "message m1", READINGS)
        save_readings(connection, "period month", READINGS)
        assert list(load_readings(connection, "period")) == ["period month"]
        assert load_readings(connection, "per_od") == {}
