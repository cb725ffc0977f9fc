"""How much waits to be read, as those who read say."""

from sqlalchemy import Engine

from metrics.ledger.lags import has_read_all, note_lags, read_waiting

MINUTE = 60_000_000
NOW = 1_790_000_000_000_000


def note(engine: Engine, source: str, waiting: dict[tuple[str, int], int], at: int = NOW) -> None:
    with engine.begin() as connection:
        note_lags(connection, source, waiting, at)


def read_all(engine: Engine, *sources: str, now: int = NOW) -> bool:
    with engine.connect() as connection:
        return has_read_all(connection, sources, now)


def test_a_source_that_nobody_looked_at_was_not_read(engine: Engine) -> None:
    assert read_all(engine)
    assert not read_all(engine, "mail")
    note(engine, "mail", {("t", 0): 0})
    assert read_all(engine, "mail")
    assert not read_all(engine, "mail", "portal")


def test_everything_was_read_when_nothing_waits_in_any_partition(engine: Engine) -> None:
    note(engine, "mail", {("t", 0): 0, ("t", 1): 5, ("u", 0): 2})
    assert not read_all(engine, "mail")
    with engine.connect() as connection:
        assert read_waiting(connection) == {"mail": 7}
    note(engine, "mail", {("t", 1): 0}, NOW + 1)
    note(engine, "mail", {("u", 0): 0}, NOW + 1)
    assert read_all(engine, "mail")


def test_what_was_seen_long_ago_says_nothing(engine: Engine) -> None:
    note(engine, "mail", {("t", 0): 0})
    assert not read_all(engine, "mail", now=NOW + 2 * MINUTE)


def test_of_two_who_looked_the_later_knows_better(engine: Engine) -> None:
    note(engine, "mail", {("t", 0): 0}, NOW + 1)
    note(engine, "mail", {("t", 0): 9}, NOW)
    assert read_all(engine, "mail", now=NOW + 1)


def test_a_topic_that_is_gone_is_no_longer_waited_for(engine: Engine) -> None:
    note(engine, "mail", {("gone", 0): 9})
    note(engine, "mail", {("t", 0): 0}, NOW + 61 * MINUTE)
    assert read_all(engine, "mail", now=NOW + 61 * MINUTE)
    with engine.connect() as connection:
        assert read_waiting(connection) == {"mail": 0}
