"""Identifiers, pseudonyms and keys."""

import hashlib
import hmac
import secrets
import stat
from pathlib import Path

import pytest

from collectors import identity
from collectors.events import Undecodable
from collectors.identity import Pseudonymiser, hash_entry, key_check, looks_like_address, read_key

KEY = b"k" * 32
pseudonym = Pseudonymiser(KEY)
ANNA = pseudonym("anna@example.org")


def test_a_pseudonym_is_the_whole_hmac_sha256_in_lower_case_hex() -> None:
    assert hmac.new(KEY, b"anna@example.org", hashlib.sha256).hexdigest() == ANNA


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param("  anna@example.org\n", id="with space around it"),
        pytest.param("Anna@Example.ORG", id="in another case"),
        pytest.param("ａｎｎａ＠example.org", id="in full-width letters"),
        pytest.param("\u00a0anna@example.org\u2003", id="with other kinds of space around it"),
    ],
)
def test_spellings_of_one_identifier_are_one_pseudonym(spelling: str) -> None:
    assert pseudonym(spelling) == ANNA


def test_composed_and_decomposed_letters_are_one_pseudonym() -> None:
    assert pseudonym("rené") == pseudonym("rene\u0301")


def test_other_identifiers_and_other_keys_give_other_pseudonyms() -> None:
    assert len({ANNA, pseudonym("anna@example.com"), Pseudonymiser(b"j" * 32)("anna@example.org")}) == 3


@pytest.mark.parametrize(
    "identifier",
    [
        pytest.param("", id="empty"),
        pytest.param(" \t\u3000", id="blank"),
        pytest.param("a" * 1025, id="over 1,024 characters"),
        pytest.param("anna\ud800", id="half a surrogate pair"),
    ],
)
def test_an_identifier_that_names_nobody_is_refused_without_being_quoted(identifier: str) -> None:
    with pytest.raises(ValueError, match="an identifier") as refusal:
        pseudonym(identifier)
    assert "anna" not in str(refusal.value)
    assert "aaa" not in str(refusal.value)


def test_a_full_cache_changes_no_pseudonym(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "CACHED", 3)
    small = Pseudonymiser(KEY)
    names = [f"person {number}" for number in range(10)] * 2
    assert [small(name) for name in names] == [pseudonym(name) for name in names]
    assert len(small.known) <= 3


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("anna@example.org", True),
        ("mailto:anna@example.org", True),
        ("<anna@example.org>", True),
        ("survey-7/anna@example.org", True),
        ("https://example.org/unsubscribe/anna%40example.org", True),
        ("anna@[192.0.2.1]", True),
        ("anna.o'neil+news@example.org", True),
        ("zoë@example.org", True),
        ("m-2026-041", False),
        ("meet @ 5", False),
        ("https://example.org/@anna", False),
        ("100%40", False),
        ("@here", False),
        ("", False),
    ],
)
def test_an_address_is_recognised_wherever_it_stands(text: str, is_one: bool) -> None:
    assert looks_like_address(text) == is_one


def test_the_people_in_an_entry_become_pseudonyms_and_the_rest_stays() -> None:
    entry = {
        "id": "<abc@example.org>",
        "title": "To all",
        "sender": "Anna@example.org ",
        "owner": "anna@example.org",
        "audience": ["anna@example.org", 1007, ANNA],
        "ids": ["<def@example.org>"],
    }
    hashed = hash_entry(entry, pseudonym)
    assert hashed == {
        **entry,
        "sender": ANNA,
        "owner": ANNA,
        "audience": [ANNA, pseudonym("1007"), ANNA],
    }
    assert entry["sender"] == "Anna@example.org "


@pytest.mark.parametrize(
    "audience",
    [
        pytest.param("all", id="everybody"),
        pytest.param({"department": ["Sales"]}, id="a condition"),
        pytest.param(None, id="none"),
    ],
)
def test_an_audience_that_names_nobody_stays(audience: object) -> None:
    assert hash_entry({"id": "m", "audience": audience, "owner": "role: comms"}, pseudonym)["audience"] == audience


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param({"sender": {"address": "anna@example.org"}}, id="a mapping as sender"),
        pytest.param({"sender": True}, id="a truth value as sender"),
        pytest.param({"sender": " "}, id="a blank sender"),
        pytest.param({"audience": [["anna@example.org"]]}, id="a list in the audience"),
        pytest.param({"audience": [None]}, id="nothing in the audience"),
        pytest.param({"audience": [1.5]}, id="a fraction in the audience"),
    ],
)
def test_an_entry_whose_people_cannot_be_hashed_is_refused(entry: dict[str, object]) -> None:
    with pytest.raises(Undecodable) as refusal:
        hash_entry(entry, pseudonym)
    assert refusal.value.reason == "bad_entry"
    assert "anna" not in refusal.value.detail


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "key"
    key = read_key(path, create=True)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path, create=True) == read_key(path) == key
    assert list(path.parent.iterdir()) == [path]


def test_of_processes_that_start_together_one_makes_the_key_and_the_others_take_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "key"

    def draw_while_another_is_done_with_it(_: int) -> bytes:
        path.write_bytes(KEY)
        return b"j" * 32

    monkeypatch.setattr(secrets, "token_bytes", draw_while_another_is_done_with_it)
    assert read_key(path, create=True) == KEY
    assert list(tmp_path.iterdir()) == [path]


def test_an_absent_key_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_key(tmp_path / "key")


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"k" * 31)
    with pytest.raises(ValueError, match="at least 32 bytes; the file has 31"):
        read_key(path, create=True)
    with pytest.raises(ValueError, match="at least 32 bytes"):
        Pseudonymiser(b"k" * 31)


def test_the_check_value_tells_keys_apart_and_is_nobodys_pseudonym() -> None:
    assert key_check(KEY) == key_check(b"k" * 32)
    assert key_check(KEY) != key_check(b"j" * 32)
    assert not pseudonym("EARSHOT KEY CHECK").startswith(key_check(KEY))
