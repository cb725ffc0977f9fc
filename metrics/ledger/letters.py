"""Dead letters: what could not be understood, sealed, with its place and reason, until it is replayed or forgotten. Decoding
it again is left to the intake."""

import os
from collections.abc import Callable, Iterator, Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, Row, delete, func, select

from collectors.events import DeadLetter
from metrics.ledger.chunks import cut
from metrics.ledger.tables import dead_letter
from metrics.ledger.upsert import insert_new

BODY_LIMIT = 1024 * 1024
"""Bytes of a body that are kept; a longer one is cut."""

_NONCE = 12


class Content(msgspec.Struct, frozen=True, array_like=True):
    """What is sealed: anything that came from outside and may hold an identifier."""

    body: bytes
    headers: dict[str, str] | None


class Letter(msgspec.Struct, frozen=True):
    """A dead letter as kept. `content` is None where it was not asked for, or where the key cannot open it."""

    id: int
    source: str
    stream: str
    partition: int
    offset: int
    index: int
    reason: str
    detail: str
    received_at: int | None
    recorded_at: int
    content: Content | None = None


class Sealer:
    """Seals bytes with AES-GCM under a key of its own, derived from the key of the pseudonyms: who destroys that one can
    open no letter any more."""

    def __init__(self, key: bytes) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"earshot dead letters, version 1").derive(key)
        self._cipher = AESGCM(derived)

    def seal(self, plain: bytes) -> bytes:
        # Not to be seeded, unlike all other chance in this house: a nonce that comes twice gives the key away.
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, None)

    def unseal(self, sealed: bytes) -> bytes:
        """ValueError where it was sealed with another key, or damaged."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
        except (InvalidTag, ValueError):  # ValueError: shorter than a nonce
            raise ValueError("a dead letter that this key does not open") from None


def unseal_content(sealed: bytes, unseal: Callable[[bytes], bytes]) -> Content | None:
    """The content of a letter, None where it cannot be read."""
    try:
        return msgspec.msgpack.decode(unseal(sealed), type=Content)
    except ValueError:  # msgspec.ValidationError and DecodeError are ValueErrors too
        return None


def insert_letters(
    connection: Connection, source: str, letters: Sequence[DeadLetter], *, seal: Callable[[bytes], bytes], now: int
) -> int:
    """Keep letters, each (source, stream, partition, offset, index) once; how many were new."""
    rows = []
    for letter in letters:
        row = msgspec.structs.asdict(letter)
        content = Content(letter.body[:BODY_LIMIT], row.pop("headers"))
        rows.append(row | {"source": source, "recorded_at": now, "body": seal(msgspec.msgpack.encode(content))})
    return insert_new(connection, dead_letter, rows)


def count_letters(connection: Connection) -> dict[tuple[str, str], int]:
    """How many letters are kept, by source and reason."""
    by = (dead_letter.c.source, dead_letter.c.reason)
    rows = connection.execute(select(*by, func.count()).group_by(*by))
    return {(source, reason): count for source, reason, count in rows}


def list_letters(connection: Connection, source: str | None = None) -> list[Letter]:
    """All letters, or those of one source, in the order they were recorded, without their contents."""
    columns = [column for column in dead_letter.columns if column is not dead_letter.c.body]
    statement = select(*columns).order_by(dead_letter.c.id)
    if source is not None:
        statement = statement.where(dead_letter.c.source == source)
    return [_letter(row) for row in connection.execute(statement)]


def read_letters(connection: Connection, ids: Sequence[int], *, unseal: Callable[[bytes], bytes]) -> Iterator[Letter]:
    """The letters with these ids, opened, in order of their ids; one at a time, a body may have a megabyte."""
    for id in sorted(ids):
        row = connection.execute(select(dead_letter).where(dead_letter.c.id == id)).one_or_none()
        if row is not None:
            yield msgspec.structs.replace(_letter(row), content=unseal_content(row.body, unseal))


def remove_letters(connection: Connection, ids: Sequence[int]) -> int:
    """Remove letters that were replayed, in the transaction that records what they held; how many there were."""
    return sum(
        connection.execute(delete(dead_letter).where(dead_letter.c.id.in_(chunk))).rowcount for chunk in cut(ids)
    )


def _letter(row: Row[tuple[object, ...]]) -> Letter:
    values = dict(row._mapping)
    values.pop("body", None)
    return Letter(**values)
