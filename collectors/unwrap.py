"""What real topics wrap around an event, taken off once for all decoders: arrays, SNS, EventBridge, Connect, at any nesting.
What the object inside means is left to the decoder."""

from collections.abc import Callable
from typing import Any

import msgspec

from collectors.decoder import Decoded
from collectors.events import Undecodable
from collectors.strict_json import read, split, trim

MAX_WRAPPINGS = 8
MAX_ELEMENTS = 10_000

Understand = Callable[[dict[str, Any]], Decoded]
"""One bare object to what it means; may raise Undecodable."""


def decode_all(body: bytes, understand: Understand) -> list[Decoded]:
    """Every object in the record, in order. What is wrong with an element of an array stands in its place, with the element's
    own bytes, and its neighbours are unharmed; what is wrong with a record that is no array is raised as Undecodable."""
    decoded: list[Decoded] = []
    _open(trim(body), understand, decoded, 0)
    return decoded


def _open(body: bytes, understand: Understand, decoded: list[Decoded], wrappings: int) -> None:
    if wrappings > MAX_WRAPPINGS:
        raise Undecodable("too_deep", f"more than {MAX_WRAPPINGS} arrays and envelopes within one another")
    if body.startswith(b"["):
        _open_array(body, understand, decoded, wrappings)
        return
    document = read(body)
    if type(document) is not dict:
        raise Undecodable("not_an_object", "a bare value where an object should be")
    inside = _take_out(document)
    if inside is None:
        decoded.append(understand(document))
    else:
        _open(trim(inside), understand, decoded, wrappings + 1)


def _open_array(body: bytes, understand: Understand, decoded: list[Decoded], wrappings: int) -> None:
    elements = split(body)
    # Else a record of a million commas would become as many dead letters.
    if len(decoded) + len(elements) > MAX_ELEMENTS:
        raise Undecodable("too_many_values", f"more than {MAX_ELEMENTS} elements")
    for element in elements:
        try:
            _open(element, understand, decoded, wrappings + 1)
        except Undecodable as refusal:
            # Its traceback would keep the whole record in memory.
            decoded.append(Decoded(refusal.with_traceback(None), body=element))


def _take_out(document: dict[str, Any]) -> bytes | None:
    """The JSON inside an envelope; None where the object is none."""
    if "Message" in document and "TopicArn" in document:  # SNS: JSON in a text
        inside = document["Message"]
    elif "detail" in document and "detail-type" in document:  # EventBridge
        inside = document["detail"]
    elif len(document) == 2 and "payload" in document and "schema" in document:  # Connect
        inside = document["payload"]
    else:
        return None
    return inside.encode() if type(inside) is str else msgspec.json.encode(inside)
