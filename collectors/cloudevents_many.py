"""Many CloudEvents read together: bare ones that hold nothing but what is known, parsed straight into their type, and judged field by
field instead of event by event. This proves that events are good; what it cannot prove is left to the decoder, which says what each is,
or what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import astuple

from collectors.cloudevents_form import ABOUT_ITEMS, ACTION_OF_TYPE, Data, Plain, is_binary
from collectors.column import Column, Odd, each, note_odd
from collectors.decoder import DecodedMany
from collectors.events import Undecodable
from collectors.fields import check_text, check_token
from collectors.identity import PSEUDONYM
from collectors.references import canonical_url, message_reference
from collectors.source import Record
from collectors.strict_json import BEYOND, SHORT
from collectors.times import read_rfc3339_column

# What stands in the place of a record that is odd and the first.
_BLANK = b'{"specversion":"1.0","id":"-","source":"-","type":"earshot.read","subject":"-","data":{}}'
_TEXTS = ("source", "item", "question", "choice", "version")
_TOKENS = ("evidence", "agent")
_AS_GIVEN = ("person", "channel", "engaged_seconds", "stance")

_parse = msgspec.json.Decoder(Plain).decode
_data_of = attrgetter("data")

Given = Mapping[str, Column]


def read_many(records: Sequence[Record], parameters: frozenset[str]) -> DecodedMany:
    """`parameters`: of a URL's query, those that are part of it."""
    odd: Odd = set()
    bodies = [record.body if len(record.body) <= SHORT else b"" for record in records]
    for place, record in enumerate(records):
        if record.refused or (record.headers and is_binary(record.headers)):
            bodies[place] = b""
    parsed = _parse_most(bodies, odd)
    given = _columns(Plain, parsed)
    given |= _columns(Data, list(map(_data_of, parsed)))
    _check_names(bodies, given, odd)
    _check_context(given, odd)
    _check_persons(given, odd)
    note_odd(odd, given.get("cell", ()))  # with names of its own, which are judged one by one
    refer, follow = partial(message_reference, parameters=parameters), partial(_follow, parameters=parameters)
    columns = {
        "action": [ACTION_OF_TYPE[type_] for type_ in given["type"]],
        "id": given["id"],
        "received_at": _received_at(records, given, odd),
        "machine": [machine or "unknown" for machine in given.get("machine", [None] * len(records))],
        **{name: given[name] for name in _AS_GIVEN if name in given},
    }
    judges: dict[str, Callable[[Any], Any]] = {"value": _check_value, "link": follow}
    judges |= {name: partial(check_text, name=name) for name in _TEXTS}
    judges |= {name: partial(check_token, name=name) for name in _TOKENS}
    columns |= {name: each(given[name], judge, odd) for name, judge in judges.items() if name in given}
    if "subject" in given:
        columns["message"] = each(given["subject"], refer, odd)
    if "time" in given:
        columns["occurred_at"] = read_rfc3339_column(given["time"], "time", odd)
    _check_subjects(columns, odd)
    return DecodedMany(columns, given.get("address"), odd)


def _parse_most(bodies: list[bytes], odd: Odd) -> list[Plain]:
    """What bodies hold. One that is no plain event becomes its neighbour once more, which has the layout of all."""
    parsed: list[Plain] = []
    while len(parsed) < len(bodies):
        with suppress(ValueError, RecursionError):
            parsed.extend(map(_parse, bodies[len(parsed) :]))  # those before one that is bad stay
            break
        odd.add(len(parsed))
        bodies[len(parsed)] = bodies[len(parsed) - 1] if parsed else _BLANK
    return parsed


def _columns(kind: type[msgspec.Struct], rows: Sequence[msgspec.Struct]) -> dict[str, Column]:
    """Those that hold anything. None is nothing, although it may be written."""
    nothing = (None,) * len(rows)
    columns = zip(kind.__struct_fields__, zip(*map(astuple, rows), strict=True), strict=True)
    return {name: column for name, column in columns if column != nothing}


def _check_names(bodies: Sequence[bytes], given: Given, odd: Odd) -> None:
    """That no name is there twice, and none that is not known: there are as many as there are values."""
    letters = np.frombuffer(b"\n".join(bodies), np.uint8)
    # A name ends in a quote and a colon, with nothing but space between. Whatever sorts up to the quote is counted for one, space among it.
    ends = (letters[:-1] <= ord('"')) & (letters[1:] == ord(":"))
    # Looking for None among texts is dear: most columns hold no value that is nothing, zero or empty.
    nothing = sum(0 if all(column) else column.count(None) for column in given.values())
    if np.count_nonzero(ends) == len(given) * len(bodies) - nothing:
        return
    borders = np.cumsum([0, *(len(body) + 1 for body in bodies)])
    names = np.diff(np.searchsorted(np.flatnonzero(ends), borders))
    for column in given.values():
        names -= [value is not None for value in column] if None in column else 1
    odd.update(np.flatnonzero(names).tolist())


def _check_context(given: Given, odd: Odd) -> None:
    if "datacontenttype" in given:
        note_odd(odd, (type_ not in (None, "application/json") for type_ in given["datacontenttype"]))
    _check_texts(given["id"], odd)


def _check_persons(given: Given, odd: Odd) -> None:
    if "person" in given:
        addresses = given.get("address", [None] * len(given["person"]))
        pairs = zip(addresses, given["person"], strict=True)
        note_odd(odd, (person and (address or not PSEUDONYM.fullmatch(person)) for address, person in pairs))
    if "address" in given:
        _check_texts(given["address"], odd)


def _check_texts(column: Column, odd: Odd) -> None:
    """That none of many different texts is blank or holds a control character; of most it is proved without looking at each."""
    together = "".join(filter(None, column))
    if not together.isprintable() or " " in together:
        note_odd(odd, (text is not None and (text.isspace() or not text.isprintable()) for text in column))


def _check_subjects(columns: Given, odd: Odd) -> None:
    """That every event names a message or an item, and those about items an item."""
    messages = columns.get("message")
    if messages is None or not all(messages) or not ABOUT_ITEMS.isdisjoint(columns["action"]):
        nothing = [None] * len(columns["action"])
        rows = zip(columns["action"], messages or nothing, columns.get("item", nothing), strict=True)
        note_odd(odd, (item is None and (message is None or action in ABOUT_ITEMS) for action, message, item in rows))


def _received_at(records: Sequence[Record], given: Given, odd: Odd) -> Column:
    """As the records say; of those that do not, as the events themselves say."""
    received = [record.received_at for record in records]
    if all(received) or "receivedtime" not in given:
        return received
    stamped = read_rfc3339_column(given["receivedtime"], "receivedtime", odd)
    return [stamp if known is None else known for known, stamp in zip(received, stamped, strict=True)]


def _follow(link: str, parameters: frozenset[str]) -> str:
    return check_text(canonical_url(link, parameters), "data.link")


def _check_value(value: float) -> float:
    if not -BEYOND < value < BEYOND:
        raise Undecodable("bad_number", "a number that may have too many digits")
    return value
