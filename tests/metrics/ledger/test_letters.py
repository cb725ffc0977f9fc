"""Dead letters: sealed, kept once each, found again, removed."""

import pytest
from sqlalchemy import Connection, Engine, select

from collectors.events import DeadLetter
from metrics.ledger.letters import (
    BODY_LIMIT,
    Content,
    Sealer,
    count_letters,
    insert_letters,
    list_letters,
    read_letters,
    remove_letters,
)
from metrics.ledger.tables import dead_letter
from tests.metrics.ledger.whole import SEALER

LETTER = DeadLetter(
    "s", 0, 17, 2, "not_json", "The record is no JSON.", b'{"address": "anna@example.org', 1_000, {"ce_id": "7"}
)


def keep(connection: Connection, *letters: DeadLetter, source: str = "mail") -> int:
    return insert_letters(connection, source, letters, seal=SEALER.seal, now=2_000)


def at(offset: int, index: int = 0, body: bytes = b"{", reason: str = "not_json") -> DeadLetter:
    return DeadLetter("s", 0, offset, index, reason, "The record is no JSON.", body)


def test_a_letter_comes_back_as_it_was(engine: Engine) -> None:
    with engine.begin() as connection:
        assert keep(connection, LETTER) == 1
        (head,) = list_letters(connection)
        (letter,) = read_letters(connection, [head.id], unseal=SEALER.unseal)
    assert letter.content == Content(LETTER.body, LETTER.headers)
    assert head.content is None
    for field in ("stream", "partition", "offset", "index", "reason", "detail", "received_at"):
        assert getattr(letter, field) == getattr(head, field) == getattr(LETTER, field)
    assert (letter.source, letter.recorded_at) == ("mail", 2_000)


def test_neither_body_nor_headers_can_be_read_in_the_database(engine: Engine) -> None:
    with engine.begin() as connection:
        keep(connection, LETTER)
        row = connection.execute(select(dead_letter)).one()
    assert b"anna" not in row.body
    assert b"ce_id" not in row.body


def test_a_letter_that_comes_again_is_kept_once(engine: Engine) -> None:
    with engine.begin() as connection:
        assert keep(connection, at(1), at(1, index=1), at(2)) == 3
        assert keep(connection, at(1), at(3)) == 1
        assert keep(connection, at(1), source="intranet") == 1
        assert [(letter.source, letter.offset, letter.index) for letter in list_letters(connection)] == [
            ("mail", 1, 0),
            ("mail", 1, 1),
            ("mail", 2, 0),
            ("mail", 3, 0),
            ("intranet", 1, 0),
        ]


def test_letters_are_counted_and_listed_by_source(engine: Engine) -> None:
    with engine.begin() as connection:
        keep(connection, at(1), at(2), at(3, reason="too_large"))
        keep(connection, at(1), source="intranet")
        assert count_letters(connection) == {
            ("mail", "not_json"): 2,
            ("mail", "too_large"): 1,
            ("intranet", "not_json"): 1,
        }
        assert [letter.offset for letter in list_letters(connection, "mail")] == [1, 2, 3]


def test_a_long_body_is_cut(engine: Engine) -> None:
    with engine.begin() as connection:
        keep(connection, at(1, body=b"a" * (BODY_LIMIT + 1)))
        (letter,) = read_letters(connection, [list_letters(connection)[0].id], unseal=SEALER.unseal)
    assert letter.content == Content(b"a" * BODY_LIMIT, None)


def test_a_letter_sealed_with_another_key_has_no_content(engine: Engine) -> None:
    with engine.begin() as connection:
        keep(connection, LETTER)
        (letter,) = read_letters(connection, [list_letters(connection)[0].id], unseal=Sealer(b"another key").unseal)
    assert letter.content is None


def test_removed_letters_are_gone_and_their_ids_never_given_again(engine: Engine) -> None:
    with engine.begin() as connection:
        keep(connection, at(1), at(2))
        ids = [letter.id for letter in list_letters(connection)]
        assert remove_letters(connection, [*ids, 99]) == 2
        assert list(read_letters(connection, ids, unseal=SEALER.unseal)) == []
        keep(connection, at(1))
        assert list_letters(connection)[0].id not in ids


def test_the_same_body_is_never_sealed_alike() -> None:
    assert SEALER.seal(b"body") != SEALER.seal(b"body")


@pytest.mark.parametrize(
    "sealed",
    [b"", b"too short", SEALER.seal(b"body")[:-1], b"x" * 60],
    ids=["nothing", "too short", "the last byte missing", "never sealed"],
)
def test_damaged_bytes_are_not_opened(sealed: bytes) -> None:
    with pytest.raises(ValueError, match="does not open"):
        SEALER.unseal(sealed)
