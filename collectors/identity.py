"""Identifiers to pseudonyms, at the door: nobody behind it sees an address or a login. Which identifiers are one
person is left to the directory (`metrics`)."""

import hmac
import os
import re
import secrets
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from collectors.events import Undecodable

KEY_BYTES = 32
LONGEST_IDENTIFIER = 1024
# More than the identifiers of 100,000 people, in about 40 MB.
CACHED = 131_072

PSEUDONYM = re.compile(r"[0-9a-f]{64}")

# Something that may end a local part, an at sign (also as URLs spell it), something that may begin a domain.
_ADDRESS = re.compile(r"[\w.+'\-](?:@|%40)[\w\[]")


class Pseudonymiser:
    """A keyed hash of an identifier: 64 lower-case hex digits, the same for every spelling that differs only in
    surrounding space, case or Unicode compatibility form. `known`: of identifiers asked for lately; not to be changed."""

    def __init__(self, key: bytes) -> None:
        if len(key) < KEY_BYTES:
            raise ValueError(f"a key has at least {KEY_BYTES} bytes")
        self._key = key
        self.known: dict[str, str] = {}

    def __call__(self, identifier: str) -> str:
        """ValueError where nobody can be meant: blank, longer than 1,024 characters, or no valid Unicode."""
        pseudonym = self.known.get(identifier)
        if pseudonym is None:
            pseudonym = self._hash(identifier)
            # Emptied as a whole when full: cheaper for each event than remembering which was used last.
            if len(self.known) >= CACHED:
                self.known.clear()
            self.known[identifier] = pseudonym
        return pseudonym

    def _hash(self, identifier: str) -> str:
        if len(identifier) > LONGEST_IDENTIFIER:
            raise ValueError(f"an identifier is longer than {LONGEST_IDENTIFIER:,} characters")
        normal = unicodedata.normalize("NFKC", identifier.strip()).lower()
        if not normal or normal.isspace():
            raise ValueError("an identifier is blank")
        try:
            spelled = normal.encode()
        except UnicodeEncodeError:
            raise ValueError("an identifier holds half a surrogate pair") from None
        return hmac.digest(self._key, spelled, "sha256").hex()


def looks_like_address(text: str) -> bool:
    """Whether a mail address stands anywhere in the text (`mailto:` links and addresses in URLs among them)."""
    # The two searches come first because nearly no id holds either, and this is asked for every event.
    return ("@" in text or "%40" in text) and _ADDRESS.search(text) is not None


def hash_entry(entry: Mapping[str, Any], pseudonym: Callable[[str], str]) -> dict[str, Any]:
    """A copy of a catalogue entry with pseudonyms for the people in it: the sender, an audience given as a list of
    identifiers, and an owner that is an address and not a role. Pseudonyms made elsewhere stay.

    Undecodable where one of them is neither text nor a whole number, or nobody can be meant by it.
    """
    hashed = dict(entry)
    if entry.get("sender") is not None:
        hashed["sender"] = _hash_name(entry["sender"], pseudonym)
    owner = entry.get("owner")
    if isinstance(owner, str) and looks_like_address(owner):
        hashed["owner"] = _hash_name(owner, pseudonym)
    audience = entry.get("audience")
    if isinstance(audience, Iterable) and not isinstance(audience, str | Mapping):
        hashed["audience"] = [_hash_name(name, pseudonym) for name in audience]
    return hashed


def _hash_name(name: object, pseudonym: Callable[[str], str]) -> str:
    # Employee numbers are numbers in YAML and JSON.
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if not isinstance(name, str):
        raise Undecodable("bad_entry", "sender and audience name people by text or whole numbers")
    if PSEUDONYM.fullmatch(name):
        return name
    try:
        return pseudonym(name)
    except ValueError as why:
        raise Undecodable("bad_entry", f"sender or audience: {why}") from None


def read_key(path: Path, *, create: bool = False) -> bytes:
    """The key's raw bytes. With `create`, an absent file is made with 32 random bytes that only its owner may read.

    OSError where the file cannot be read or made, ValueError where it is too short to be a key.
    """
    if create and not path.exists():
        _write_key(path)
    key = path.read_bytes()
    if len(key) < KEY_BYTES:
        raise ValueError(f"a key has at least {KEY_BYTES} bytes; the file has {len(key)}")
    return key


def _write_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written apart and linked when whole: no crash leaves half a key, and of processes that start together one makes
    # the key and the others take it.
    handle, apart = tempfile.mkstemp(dir=path.parent, prefix=".key-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(apart, path)
    finally:
        os.unlink(apart)


def key_check(key: bytes) -> str:
    """16 hex digits that stand in the database, so that another key is noticed; they tell nothing about the key."""
    # Upper case never comes out of normalising, so this is no identifier's pseudonym.
    return hmac.digest(key, b"EARSHOT KEY CHECK", "sha256").hex()[:16]
