"""Stored audiences."""

from sqlalchemy import Engine

from metrics.ledger.audiences import drop_audiences, load_audiences, save_audience


def test_audiences_are_kept_by_message_replaced_and_dropped(engine: Engine) -> None:
    with engine.begin() as connection:
        assert load_audiences(connection) == {}
        save_audience(connection, "m1", b"old")
        save_audience(connection, "m1", b"new")
        save_audience(connection, "m2", b"other")
        assert load_audiences(connection) == {"m1": b"new", "m2": b"other"}
        drop_audiences(connection, ["m1", "m3"])
        assert load_audiences(connection) == {"m2": b"other"}
