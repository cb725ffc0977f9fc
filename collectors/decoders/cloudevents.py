"""CloudEvents 1.0 with the names of the contract: structured, binary, and arrays as our courtesy. Envelopes around them
are left to `collectors.unwrap`."""

import base64
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import unquote, urlencode

import msgspec

from collectors.cloudevents_form import (
    ABOUT_ITEMS,
    ACTION_OF_TYPE,
    DATA_NAMES,
    ENTRY_NAMES,
    PUBLISHED_TYPE,
    Context,
    Data,
    Envelope,
    Publication,
    is_binary,
)
from collectors.cloudevents_many import read_many
from collectors.decoder import Decoded, DecodedMany
from collectors.events import ACTIONS, Event, Published, Undecodable
from collectors.fields import check_text, check_token, convert
from collectors.identity import PSEUDONYM
from collectors.options import read_options
from collectors.references import canonical_url, message_reference
from collectors.source import Record
from collectors.strict_json import read
from collectors.times import read_rfc3339
from collectors.unwrap import decode_all


class Options(msgspec.Struct, frozen=True):
    """`parameters`: of a URL's query, those that are part of the reference or the link."""

    parameters: frozenset[str] = frozenset()


_JSON = re.compile(r"(?:application|text)/(?:[a-z0-9.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE | re.DOTALL)


class CloudEvents:
    """Decoder; see `collectors.decoder`."""

    shows = frozenset(ACTIONS)

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._parameters = read_options(options, Options).parameters

    def decode(self, record: Record) -> Sequence[Decoded]:
        if record.headers and is_binary(record.headers):
            return [self._understand(record.received_at, _read_binary(record.headers, record.body))]
        return decode_all(record.body, partial(self._understand, record.received_at))

    def decode_many(self, records: Sequence[Record]) -> DecodedMany:
        return read_many(records, self._parameters)

    def _understand(self, received_at: int | None, document: dict[str, Any]) -> Decoded:
        document = _with_decoded_data(document)
        if document.get("type") == PUBLISHED_TYPE:
            return self._publish(convert(document, Publication), received_at)
        envelope = convert(document, Envelope)
        action = ACTION_OF_TYPE.get(envelope.type)
        if action is None:
            raise Undecodable("unknown_type", "the type is none of the contract's")
        decoded = self._translate(action, envelope, envelope.data or Data(), received_at)
        decoded.drift = len((document.get("data") or {}).keys() - DATA_NAMES)
        return decoded

    def _translate(self, action: str, context: Context, data: Data, received_at: int | None) -> Decoded:
        _check_context(context)
        message = None if context.subject is None else message_reference(context.subject, self._parameters)
        if message is None and data.item is None:
            raise Undecodable("no_subject", "neither subject nor data.item")
        if data.item is None and action in ABOUT_ITEMS:
            raise Undecodable("missing_field", "data.item is missing")
        event = Event(  # by position: naming nineteen fields takes five times as long
            action,
            message,
            data.person,
            data.channel,
            None if context.time is None else read_rfc3339(context.time, "time"),
            received_at if received_at is not None else _stamp(context),
            context.id,
            None if data.evidence is None else check_token(data.evidence, "data.evidence"),
            data.machine or "unknown",
            None if data.agent is None else check_token(data.agent, "data.agent"),
            data.engaged_seconds,
            None if data.link is None else check_text(canonical_url(data.link, self._parameters), "data.link"),
            None if data.item is None else check_text(data.item, "data.item"),
            None if data.question is None else check_text(data.question, "data.question"),
            None if data.choice is None else check_text(data.choice, "data.choice"),
            data.value,
            None if data.version is None else check_text(data.version, "data.version"),
            data.stance,
            context.source,
            None if not data.cell else _write_cell(data.cell),
        )
        return Decoded(event, _check_person(data))

    def _publish(self, context: Publication, received_at: int | None) -> Decoded:
        _check_context(context)
        given = context.data or {}
        entry = {name: value for name, value in given.items() if name in ENTRY_NAMES}
        if entry.get("id") is None and context.subject is not None:
            entry["id"] = context.subject
        if type(entry.get("id")) is not str:
            raise Undecodable("missing_field", "neither subject nor data.id names the message")
        refer = partial(message_reference, parameters=self._parameters)
        entry["id"] = refer(entry["id"])
        if type(entry.get("ids")) is list:
            entry["ids"] = [refer(other) if type(other) is str else other for other in entry["ids"]]
        published = Published(
            entry=entry,
            occurred_at=None if context.time is None else read_rfc3339(context.time, "time"),
            received_at=received_at if received_at is not None else _stamp(context),
            id=context.id,
            source=context.source,
        )
        return Decoded(published, drift=len(given) - len(given.keys() & ENTRY_NAMES))


def _read_binary(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The event whose attributes are headers (`ce_` on Kafka; `ce-` and percent-encoded over HTTP) and whose data is the body."""
    attributes: dict[str, Any] = {"datacontenttype": headers.get("content-type")}
    for name, value in headers.items():
        if name.startswith("ce_"):
            attributes[name[3:]] = value
        elif name.startswith("ce-"):
            attributes[name[3:]] = unquote(value)
    return {**attributes, "data": read(body) if body else None}


def _with_decoded_data(document: dict[str, Any]) -> dict[str, Any]:
    encoded = document.get("data_base64")
    if encoded is None:
        return document
    if document.get("data") is not None:
        raise Undecodable("contradiction", "both data and data_base64")
    try:
        body = base64.b64decode(encoded, validate=True)
    except (TypeError, ValueError):
        raise Undecodable("bad_value", "data_base64: not base64") from None
    return {**document, "data": read(body)}


def _check_context(context: Context) -> None:
    if context.specversion != "1.0":
        raise Undecodable("unsupported", "specversion is not 1.0")
    if (
        context.datacontenttype not in (None, "application/json")
        and _JSON.fullmatch(context.datacontenttype or "") is None
    ):
        raise Undecodable("unsupported", "datacontenttype is not JSON")
    if context.id.isspace() or context.source.isspace() or not f"{context.id}{context.source}".isprintable():
        check_text(context.id, "id")
        check_text(context.source, "source")


def _write_cell(cell: Mapping[str, str]) -> str:
    for name, value in cell.items():
        check_text(name, "a name in data.cell")
        check_text(value, "a value in data.cell")
    return urlencode(sorted(cell.items()))


def _check_person(data: Data) -> str | None:
    """The identifier, where there is one."""
    address = data.address
    if data.person is None:
        if address is None or (address.isprintable() and not address.isspace()):
            return address
        return check_text(address, "data.address")
    if address is not None:
        raise Undecodable("contradiction", "both data.address and data.person")
    if PSEUDONYM.fullmatch(data.person) is None:
        raise Undecodable("bad_value", "data.person: not 64 lower-case hex digits")
    return None


def _stamp(context: Context) -> int | None:
    return None if context.receivedtime is None else read_rfc3339(context.receivedtime, "receivedtime")
