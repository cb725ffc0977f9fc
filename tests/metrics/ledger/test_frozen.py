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
        assert save_readings(connection, "reach of m1", READINGS)
        assert not save_readings(connection, "reach of m1", ())
        assert save_readings(connection, "reach of m2", ())
        assert load_readings(connection) == {"reach of m1": READINGS, "reach of m2": ()}
