"""Catalogue entries that came as events, the newest of each message. What an entry means, and that a file's entry goes before
it, is left to `catalogue_store` and `metrics.entries`."""

import hashlib
import re
from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, tuple_

from collectors.events import Published
from metrics.ledger.tables import entry
from metrics.ledger.tombstones import Mark, find_tombstoned
from metrics.ledger.upsert import insert_or_replace

_PSEUDONYM = re.compile("[0-9a-f]{64}")


def record_published(connection: Connection, published: Sequence[Published], *, tombstone: Mark) -> None:
    """Let entries contend with those that stand by (time, id of the event, hash). Each has an `id`. Erased persons are
    struck out."""
    newest: dict[str, dict[str, Any]] = {}
    for each in published:
        row = _row(each)
        standing = newest.setdefault(row["message"], row)
        if _order(row) > _order(standing):
            newest[row["message"]] = row
    rows = [_without_erased(connection, row, tombstone) for row in newest.values()]
    ours = tuple_(entry.c.occurred_at, entry.c.event_id, entry.c.hash)
    insert_or_replace(
        connection,
        entry,
        rows,
        wins=lambda new: tuple_(new["occurred_at"], new["event_id"], new["hash"]) > ours,
    )


def strike_out(body: str, pseudonyms: Collection[str]) -> str:
    """A JSON text without these pseudonyms: gone from lists, with their keys from objects, and cut out of longer texts."""
    text = msgspec.json.encode(_strike(msgspec.json.decode(body), pseudonyms), order="sorted").decode()
    for pseudonym in pseudonyms:
        text = text.replace(pseudonym, "")
    return text


def _strike(value: Any, pseudonyms: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {key: _strike(each, pseudonyms) for key, each in value.items() if not _is_one(each, pseudonyms)}
    if isinstance(value, list):
        return [_strike(each, pseudonyms) for each in value if not _is_one(each, pseudonyms)]
    return value


def _is_one(value: object, pseudonyms: Collection[str]) -> bool:
    return isinstance(value, str) and value in pseudonyms


def _row(published: Published) -> dict[str, Any]:
    body = msgspec.json.encode(published.entry, order="sorted")
    at = published.occurred_at if published.occurred_at is not None else published.received_at or 0
    return {
        "message": str(published.entry["id"]),
        "origin": "event",
        "file": None,
        "occurred_at": at,
        "event_id": published.id or "",
        # Of the entry as it came, not as struck out: after an erasure a repeat must still be known as one.
        "hash": hashlib.sha256(body).hexdigest(),
        "body": body.decode(),
    }


def _order(row: dict[str, Any]) -> tuple[int, str, str]:
    return row["occurred_at"], row["event_id"], row["hash"]


def _without_erased(connection: Connection, row: dict[str, Any], tombstone: Mark) -> dict[str, Any]:
    erased = find_tombstoned(connection, set(_PSEUDONYM.findall(row["body"])), tombstone=tombstone)
    return row | {"body": strike_out(row["body"], erased)} if erased else row
