"""What a process had in hand is known to the next, until it has ended it."""

from sqlalchemy import Engine

from metrics.ledger.attempts import Attempts

HERE = ("topic:id", 3)


def test_others_that_began_at_an_offset_and_never_ended_are_counted(engine: Engine) -> None:
    assert [Attempts(engine, "mail").begin(HERE, 7) for _ in range(3)] == [0, 1, 2]
    assert Attempts(engine, "mail").begin(HERE, 8) == 0
    assert Attempts(engine, "chat").begin(HERE, 8) == 0


def test_one_that_begins_again_is_no_other(engine: Engine) -> None:
    attempts = Attempts(engine, "mail")
    assert [attempts.begin(HERE, 7) for _ in range(3)] == [0, 0, 0]
    assert attempts.begin(HERE, 7, at_least=2) == 2


def test_what_was_ended_is_forgotten(engine: Engine) -> None:
    first = Attempts(engine, "mail")
    first.begin(HERE, 7)
    first.end(HERE)
    assert Attempts(engine, "mail").begin(HERE, 7) == 0
