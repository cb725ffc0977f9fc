"""Payloads in the shapes that vendors document, and beside each what its decoder makes of it, in `payloads/DECODER/`:
`NAME.json` (one record) or `NAME.log` (a record a line), `NAME.expected.json`, and `NAME.options.json` where it takes some."""

import json
from pathlib import Path
from typing import Any

import msgspec

from collectors.decoder import Decoded, Decoder, Skipped
from collectors.decoders import DECODERS
from collectors.events import Event, Published, Undecodable
from collectors.source import Record
from collectors.times import format_time

FOLDER = Path(__file__).parent / "payloads"
PAYLOADS = sorted(
    path for path in FOLDER.glob("*/*") if path.suffix == ".log" or (path.suffix == ".json" and "." not in path.stem)
)


def decoder_of(payload: Path) -> Decoder:
    options = payload.with_suffix(".options.json")
    return DECODERS[payload.parent.name](json.loads(options.read_text()) if options.exists() else {})


def records_of(payload: Path) -> list[Record]:
    body = payload.read_bytes()
    bodies = body.splitlines() if payload.suffix == ".log" else [body]
    return [Record(offset, body) for offset, body in enumerate(bodies)]


def decode(decoder: Decoder, record: Record) -> list[Decoded]:
    """The elements of a record; a refusal of the whole record is one of them."""
    try:
        return list(decoder.decode(record))
    except Undecodable as refusal:
        return [Decoded(refusal)]


def describe(element: Decoded) -> dict[str, Any]:
    """An element as the expected files spell it: what says nothing is left out."""
    outcome = element.outcome
    if isinstance(outcome, Skipped):
        return {"skipped": outcome.action}
    if isinstance(outcome, Undecodable):
        return {"undecodable": outcome.reason}
    fields = msgspec.structs.asdict(outcome)
    if isinstance(outcome, Published):
        fields["published"] = fields.pop("entry")
    for name in ("occurred_at", "received_at"):
        fields[name] = None if fields[name] is None else format_time(fields[name])
    fields |= {"identifier": element.identifier, "drift": element.drift or None}
    if isinstance(outcome, Event) and outcome.machine == "unknown":
        del fields["machine"]
    return {name: value for name, value in fields.items() if value is not None}
