"""`./earshot decode`: what a decoder makes of records, one event a line, through the same door as the loop's. Choosing the
decoder, the key and the source's name is left to whoever calls."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO, TextIO

import msgspec

from collectors.decoder import Decoded, Decoder, Skipped
from collectors.door import Door
from collectors.event_time import LATEST_RECEIVED
from collectors.events import CHANNELS, PUBLISHED, Event, Published, Undecodable
from collectors.identity import Pseudonymiser
from collectors.source import Record
from collectors.strict_json import MAX_BODY
from collectors.times import format_time
from config.commands import DEAD_LETTERS, WELL

_KEYS = (
    *("id", "message", "person", "action", "channel", "occurred_at", "received_at", "evidence", "machine", "agent"),
    *("engaged_seconds", "link", "item", "question", "choice", "value", "version", "stance", "source"),
)
_NEVER_LATER = LATEST_RECEIVED  # the present of a command that asks no clock


@dataclass(frozen=True)
class Decoding:
    """What to decode with. `channel`: the source's, where one is configured; else events that name none have none.
    `received_at`: the time of receipt to give every record, in microseconds since 1970 UTC."""

    name: str
    decoder: Decoder
    pseudonym: Pseudonymiser
    channel: str | None = None
    received_at: int | None = None


def run_decode(decoding: Decoding, stream: BinaryIO, out: TextIO, err: TextIO) -> int:
    """Print every event to `out` and every dead letter to `err`; 0, or 3 where there were any."""
    # Events that may stay without a channel are judged as if they had one.
    channel = decoding.channel or CHANNELS[0]
    door = Door(source=decoding.name, channel=channel, pseudonym=decoding.pseudonym, now=lambda: _NEVER_LATER)
    dead, skipped = 0, 0
    for record in read_records(stream, decoding.received_at):
        for index, element in enumerate(_decode(decoding.decoder, record)):
            try:
                row = _admit(element, door, record, decoding.channel)
            except Undecodable as why:
                dead += 1
                err.write(f"line {record.offset}, element {index}: {why.reason}: {why.detail}\n")
                continue
            if row is None:
                skipped += 1
            else:
                out.write(f"{json.dumps(row, ensure_ascii=False)}\n")
    if skipped:
        err.write(f"{skipped} skipped: understood, and of no use\n")
    return DEAD_LETTERS if dead else WELL


def read_records(stream: BinaryIO, received_at: int | None = None) -> Iterator[Record]:
    """One JSON document, or else one record a line; `offset` is the line it begins in, from 1. Empty lines are none."""
    for number, line in enumerate(_split(stream), 1):
        body = line.rstrip(b"\r\n")
        if body.strip():
            yield Record(number, body, received_at)


def _split(stream: BinaryIO) -> Iterator[bytes]:
    first = stream.readline()
    while first and not first.strip():
        yield first
        first = stream.readline()
    # Standard input may never end, so no more is waited for than tells a document of many lines from a record a line.
    if first.lstrip(b"\xef\xbb\xbf \t")[:1] in (b"{", b"[") and not _is_document(first):
        whole = first + stream.read(MAX_BODY)
        if _is_document(whole):
            yield whole
        else:
            yield from BytesIO(whole + stream.readline())
    else:
        yield first
    yield from stream


def _is_document(text: bytes) -> bool:
    try:
        msgspec.json.decode(text.removeprefix(b"\xef\xbb\xbf"), type=msgspec.Raw)
    except (ValueError, RecursionError):
        return False
    return True


def _decode(decoder: Decoder, record: Record) -> Sequence[Decoded]:
    try:
        return decoder.decode(record)
    except Undecodable as refusal:
        return (Decoded(refusal),)


def _admit(element: Decoded, door: Door, record: Record, channel: str | None) -> dict[str, Any] | None:
    """The line for an element; None for one that is skipped. Undecodable where it is a dead letter."""
    outcome = element.outcome
    if isinstance(outcome, Undecodable):
        raise outcome
    if isinstance(outcome, Skipped):
        return None
    if isinstance(outcome, Published):
        door.admit_published(outcome, record.received_at)
        return _describe_published(outcome)
    named = outcome.channel
    door.admit_event(outcome, element.identifier, record.received_at)
    if channel is None:
        outcome.channel = named
    return _describe(outcome)


def _describe(event: Event) -> dict[str, Any]:
    row = {key: getattr(event, key) for key in _KEYS}
    if event.cell is not None:
        row["cell"] = event.cell
    for key in ("occurred_at", "received_at"):
        if row[key] is not None:
            row[key] = format_time(row[key])
    return row


def _describe_published(published: Published) -> dict[str, Any]:
    event = Event(
        action=PUBLISHED,
        message=published.entry["id"],
        occurred_at=published.occurred_at,
        received_at=published.received_at,
        id=published.id,
        source=published.source,
    )
    return {**_describe(event), "machine": None, "entry": published.entry}
