"""CloudEvents 1.0 with the names of the contract: structured, binary, and arrays as our courtesy. Envelopes around them
are left to `collectors.unwrap`."""

import base64
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any
from urllib.parse import unquote

import msgspec
from msgspec.structs import astuple

from collectors.decoder import Decoded
from collectors.events import ACTIONS, PUBLISHED, Channel, Event, Machine, Published, Stance, Undecodable
from collectors.fields import Name, Text, Url, check_text, check_token, convert
from collectors.identity import PSEUDONYM
from collectors.options import read_options
from collectors.references import canonical_url, message_reference
from collectors.source import Record
from collectors.strict_json import BEYOND, SHORT, has_only, read
from collectors.times import read_rfc3339
from collectors.unwrap import decode_all

_ACTIONS = {f"earshot.{action}": action for action in ACTIONS}
_PUBLISHED = f"earshot.{PUBLISHED}"
_ABOUT_ITEMS = frozenset({"raised", "decided", "implemented", "recognised"})

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class Options(msgspec.Struct, frozen=True):
    """`parameters`: of a URL's query, those that are part of the reference or the link."""

    parameters: frozenset[str] = frozenset()


class _Data(msgspec.Struct, gc=False):
    address: Text | None = None
    person: Text | None = None
    channel: Channel | None = None
    evidence: Text | None = None
    machine: Machine | None = None
    agent: Text | None = None
    engaged_seconds: Seconds | None = None
    link: Url | None = None
    item: Text | None = None
    question: Name | None = None
    choice: Name | None = None
    value: float | None = None
    version: Name | None = None
    stance: Stance | None = None


class _Context(msgspec.Struct, gc=False):
    """The attributes that mean something here; all others are extensions, and no drift."""

    specversion: str
    id: Text
    source: Text
    type: str
    subject: Url | None = None
    time: str | None = None
    receivedtime: str | None = None
    datacontenttype: str | None = None


class _Envelope(_Context):
    data: _Data | None = None


class _Plain(_Envelope):
    # Extensions that many producers send: named here, they are no reason to take the slow road.
    dataschema: str | None = None
    partitionkey: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None


class _Publication(_Context):
    data: dict[str, Any] | None = None


_DATA_NAMES = frozenset(_Data.__struct_fields__)
_NAMES = len(_Plain.__struct_fields__) + len(_DATA_NAMES)
# The keys of the contract, section 2; anything else in an entry could be a name or a text, and goes no further.
_ENTRY_NAMES = {
    *("action", "audience", "campaign", "channel", "content_id", "due_at", "expects", "goal", "holdout", "id", "ids"),
    *("language", "links", "owner", "purpose", "questions", "reminder_of", "sender", "sent_at", "setting", "title"),
    *("topic", "urgent", "version", "words"),
}

_parse = msgspec.json.Decoder(_Plain).decode
_JSON = re.compile(r"(?:application|text)/(?:[a-z0-9.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE | re.DOTALL)


class CloudEvents:
    """Decoder; see `collectors.decoder`."""

    shows = frozenset(ACTIONS)

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._parameters = read_options(options, Options).parameters

    def decode(self, record: Record) -> Sequence[Decoded]:
        if record.headers and _is_binary(record.headers):
            return [self._understand(record.received_at, _read_binary(record.headers, record.body))]
        if plain := self._read_plain(record):
            return [plain]
        return decode_all(record.body, partial(self._understand, record.received_at))

    def _read_plain(self, record: Record) -> Decoded | None:
        """A bare event that holds nothing but what we know, parsed straight into its type: the common case, in half the
        time. None where that cannot be proved; the slow road then says what it is, or what is wrong with it."""
        if len(record.body) > SHORT:
            return None
        try:
            envelope = _parse(record.body)
        except (ValueError, RecursionError):
            return None
        data = envelope.data
        action = _ACTIONS.get(envelope.type)
        if data is None or action is None or not -BEYOND < (data.value or 0.0) < BEYOND:
            return None
        if not has_only(record.body, _NAMES - (astuple(envelope) + astuple(data)).count(None)):
            return None
        return self._translate(action, envelope, data, record.received_at)

    def _understand(self, received_at: int | None, document: dict[str, Any]) -> Decoded:
        document = _with_decoded_data(document)
        if document.get("type") == _PUBLISHED:
            return self._publish(convert(document, _Publication), received_at)
        envelope = convert(document, _Envelope)
        action = _ACTIONS.get(envelope.type)
        if action is None:
            raise Undecodable("unknown_type", "the type is none of the contract's")
        decoded = self._translate(action, envelope, envelope.data or _Data(), received_at)
        decoded.drift = len((document.get("data") or {}).keys() - _DATA_NAMES)
        return decoded

    def _translate(self, action: str, context: _Context, data: _Data, received_at: int | None) -> Decoded:
        _check_context(context)
        message = None if context.subject is None else message_reference(context.subject, self._parameters)
        if message is None and data.item is None:
            raise Undecodable("no_subject", "neither subject nor data.item")
        if data.item is None and action in _ABOUT_ITEMS:
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
        )
        return Decoded(event, _check_person(data))

    def _publish(self, context: _Publication, received_at: int | None) -> Decoded:
        _check_context(context)
        given = context.data or {}
        entry = {name: value for name, value in given.items() if name in _ENTRY_NAMES}
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
        return Decoded(published, drift=len(given) - len(given.keys() & _ENTRY_NAMES))


def _is_binary(headers: Mapping[str, str]) -> bool:
    structured = headers.get("content-type", "").lower().startswith("application/cloudevents")
    return not structured and not headers.keys().isdisjoint(("ce_specversion", "ce-specversion"))


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


def _check_context(context: _Context) -> None:
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


def _check_person(data: _Data) -> str | None:
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


def _stamp(context: _Context) -> int | None:
    return None if context.receivedtime is None else read_rfc3339(context.receivedtime, "receivedtime")
