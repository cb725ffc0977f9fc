"""Paused sources."""

from sqlalchemy import Engine

from metrics.ledger.source_state import Paused, is_paused, list_paused, pause, resume


def test_a_source_is_paused_until_it_is_resumed(engine: Engine) -> None:
    with engine.begin() as connection:
        assert not is_paused(connection, "mail")
        pause(connection, "mail", "100 bad records in a row", 1_000)
        assert is_paused(connection, "mail")
        assert not is_paused(connection, "intranet")
        assert resume(connection, "mail")
        assert not is_paused(connection, "mail")
        assert not resume(connection, "mail")


def test_a_paused_source_keeps_its_first_reason(engine: Engine) -> None:
    with engine.begin() as connection:
        pause(connection, "mail", "first", 1_000)
        pause(connection, "mail", "second", 2_000)
        assert list_paused(connection) == {"mail": Paused("first", 1_000)}
