"""Many CloudEvents read together: bare ones that hold nothing but what is known, parsed straight into their type, and judged field by
field instead of event by event, since nearly every value stands in many of them. This proves that events are good; what it cannot
prove is left to the decoder, which says what each is, or what is wrong with it."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

import msgspec
from msgspec.structs import astuple

from collectors.cloudevents_form import ABOUT_ITEMS, ACTION_OF_TYPE, Data, Plain, is_binary
from collectors.decoder import Decoded
from collectors.events import Event, Undecodable
from collectors.fields import check_text, check_token
from collectors.identity import PSEUDONYM
from collectors.references import canonical_url, message_reference
from collectors.source import Record
from collectors.strict_json import BEYOND, SHORT, has_only
from collectors.times import read_rfc3339_column

# One that is odd costs so many neighbours their speed.
_FEW = 32
_NAMES = len(Plain.__struct_fields__) + len(Data.__struct_fields__)

_parse = msgspec.json.Decoder(Plain).decode
_data_of = attrgetter("data")

Column = Sequence[Any]


def read_many(records: Sequence[Record], parameters: frozenset[str]) -> Sequence[Decoded | None]:
    """What each record says; None for those that are odd, and for some of their neighbours: a few hundred are best. `parameters`:
    of a URL's query, those that are part of it."""
    plain: list[Record] = []
    envelopes: list[Plain] = []
    for record in records:
        body = record.body
        if record.refused is None and len(body) <= SHORT and not (record.headers and is_binary(record.headers)):
            try:
                envelope = _parse(body)
            except (ValueError, RecursionError):
                continue
            if envelope.data is not None:
                plain.append(record)
                envelopes.append(envelope)
    found = _judge_most(plain, envelopes, parameters)
    if len(plain) == len(records):
        return found
    outcome_of = dict(zip(map(id, plain), found, strict=True))
    return [outcome_of.get(id(record)) for record in records]


def _judge_most(
    records: Sequence[Record], envelopes: Sequence[Plain], parameters: frozenset[str]
) -> Sequence[Decoded | None]:
    """All of them, or where one is odd all but its nearest neighbours."""
    try:
        return _judge(records, envelopes, parameters)
    except Undecodable:
        if len(records) <= _FEW:
            return [None] * len(records)
    found: list[Decoded | None] = []
    for start in range(0, len(records), _FEW):
        part = slice(start, start + _FEW)
        found += _judge_most(records[part], envelopes[part], parameters)
    return found


def _judge(records: Sequence[Record], envelopes: Sequence[Plain], parameters: frozenset[str]) -> list[Decoded]:
    """Undecodable where anything is odd about any of them."""
    if not records:
        return []
    context = _columns(Plain, envelopes)
    data = _columns(Data, list(map(_data_of, envelopes)))
    _check_names(records, [*context.values(), *data.values()])
    if not set(context["datacontenttype"]) <= {None, "application/json"}:
        raise Undecodable("unsupported", "datacontenttype may be no JSON")
    _check_texts(context["id"])
    actions = [ACTION_OF_TYPE[type_] for type_ in context["type"]]
    messages = _each(context["subject"], partial(message_reference, parameters=parameters))
    _check_subjects(actions, messages, data["item"])
    _check_persons(data["address"], data["person"])
    if data["cell"].count(None) < len(records):
        raise Undecodable("bad_value", "data.cell holds names of its own, which are judged one by one")
    _each(data["value"], _check_value)
    received = [record.received_at for record in records]
    stamps = read_rfc3339_column(context["receivedtime"], "receivedtime")
    events = map(
        Event,  # by position: naming nineteen fields takes five times as long
        actions,
        messages,
        data["person"],
        data["channel"],
        read_rfc3339_column(context["time"], "time"),
        stamps if set(received) == {None} else list(map(_received_at, received, stamps)),
        context["id"],
        _each(data["evidence"], partial(check_token, name="data.evidence")),
        [machine or "unknown" for machine in data["machine"]],
        _each(data["agent"], partial(check_token, name="data.agent")),
        data["engaged_seconds"],
        _each(data["link"], lambda link: check_text(canonical_url(link, parameters), "data.link")),
        *(_each(data[name], partial(check_text, name=name)) for name in ("item", "question", "choice")),
        data["value"],
        _each(data["version"], partial(check_text, name="version")),
        data["stance"],
        _each(context["source"], partial(check_text, name="source")),
    )
    return list(map(Decoded, events, data["address"]))


def _columns(kind: type[msgspec.Struct], rows: Sequence[msgspec.Struct]) -> dict[str, Column]:
    return dict(zip(kind.__struct_fields__, zip(*map(astuple, rows), strict=True), strict=True))


def _received_at(by_record: int | None, by_stamp: int | None) -> int | None:
    return by_stamp if by_record is None else by_record


def _each(column: Column, judge: Callable[[Any], Any]) -> Column:
    """What each value becomes; nothing stays nothing. Every different value is judged once, and is one object afterwards."""
    values = set(column)
    if values == {None}:
        return column
    values.discard(None)
    became = {value: judge(value) for value in values}
    return list(map(became.get, column))


def _check_names(records: Sequence[Record], columns: Sequence[Column]) -> None:
    """That no name is there twice: there are as many as there are values. None is no value, although it may be written."""
    nothing = sum(column.count(None) for column in columns)
    if not has_only(b"\n".join([record.body for record in records]), len(records) * _NAMES - nothing):
        raise Undecodable("repeated_name", "an object may have the same name twice")


def _check_texts(column: Column) -> None:
    """That none of many different texts is blank or holds a control character; of most it is proved without looking at each."""
    together = "".join(column)
    if not together.isprintable() or (" " in together and any(map(str.isspace, column))):
        raise Undecodable("bad_value", "a text may be blank or hold a control character")


def _check_subjects(actions: Column, messages: Column, items: Column) -> None:
    """That every event names a message or an item, and those about items an item."""
    if None in messages or not ABOUT_ITEMS.isdisjoint(actions):
        for action, message, item in zip(actions, messages, items, strict=True):
            if item is None and (message is None or action in ABOUT_ITEMS):
                raise Undecodable("no_subject", "neither subject nor data.item")


def _check_persons(addresses: Column, persons: Column) -> None:
    if persons.count(None) < len(persons):
        for address, person in zip(addresses, persons, strict=True):
            if person is not None and (address is not None or PSEUDONYM.fullmatch(person) is None):
                raise Undecodable("bad_value", "data.person: not 64 lower-case hex digits")
    _check_texts([address for address in addresses if address is not None])


def _check_value(value: float) -> None:
    if not -BEYOND < value < BEYOND:
        raise Undecodable("bad_number", "a number that may have too many digits")
