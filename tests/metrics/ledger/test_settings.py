"""Facts about the database by name."""

from sqlalchemy import Engine

from metrics.ledger.settings import read_setting, write_setting


def test_a_setting_is_what_was_written_last(engine: Engine) -> None:
    with engine.begin() as connection:
        assert read_setting(connection, "key check") is None
        write_setting(connection, "key check", "one")
        write_setting(connection, "key check", "two")
        assert read_setting(connection, "key check") == "two"
