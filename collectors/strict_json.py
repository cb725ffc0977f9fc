"""The one reader of JSON from outside: strict, with limits, each refusal with its reason. Envelopes are left to `unwrap`,
what the fields mean to the decoders.

msgspec parses; what it would let pass (repeated names, depth, sizes, long integers) is proved absent afterwards, cheaply
where that can be done and exactly where it cannot.
"""

import json
from collections.abc import Callable, Collection
from typing import Annotated, Any, TypeVar

import msgspec

from collectors.events import Undecodable

MAX_BODY = 1 << 20  # bytes
MAX_DEPTH = 32  # containers within one another
MAX_VALUES = 10_000  # everything that stands in an object or an array
MAX_TEXT = 65_536  # characters of one text or name
MAX_DIGITS = 19  # of an integer

SHORT = 2 * MAX_VALUES  # bytes: no room for too many values, nor for a long text
BEYOND = 10**MAX_DIGITS  # the first integer that has too many digits
_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_SPACE_AS_QUOTE = bytes.maketrans(_SPACE, b'"' * len(_SPACE))
_HARMLESS = frozenset({str, float, bool, type(None)})

T = TypeVar("T")

# An object of scalars, lists of texts, and objects of these: what it accepts is within the limits on depth and integers
# by its type.
Leaf = None | bool | Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)] | float | str | list[str]
_parse_shallow = msgspec.json.Decoder(dict[str, Leaf | dict[str, Leaf]]).decode
_parse = msgspec.json.Decoder().decode
_parse_array = msgspec.json.Decoder(list[msgspec.Raw]).decode


def trim(body: bytes) -> bytes:
    """The document without a byte order mark and the space around it; Undecodable where it is empty or too large."""
    if len(body) > MAX_BODY:
        raise Undecodable("too_large", f"longer than {MAX_BODY} bytes")
    text = body.removeprefix(_BOM).strip(_SPACE)
    if not text:
        raise Undecodable("empty", "nothing there to read")
    return text


def read(body: bytes) -> Any:
    """The document, as dicts, lists, texts, ints, floats, bools and None. Undecodable says which limit it breaks."""
    document = _read_short(body) if len(body) <= SHORT else None
    return _read_any(body) if document is None else document


def _read_short(body: bytes) -> dict[str, Any] | None:
    """A short object with objects in it, as nearly every event is one: proved in a third of the time. None where it is none, or where
    something may be wrong with it."""
    try:
        document = _parse_shallow(body)
    except (ValueError, RecursionError):
        return None
    names = len(document)
    if body.find(b"{", 1) > 0:
        names += sum([len(inside) for inside in document.values() if type(inside) is dict])
    return document if has_only(body, names) else None


def _read_any(body: bytes) -> Any:
    body = trim(body)
    document = _checked(_parse, body)
    names = _measure(document)
    if not has_only(body, names):
        _refuse_repeated_names(body)
    if len(body) > MAX_TEXT:
        _refuse_long_texts([document])
    return document


def split(body: bytes) -> list[bytes]:
    """The elements of an array, unread, each as its own bytes. Their contents may still break any limit."""
    return [bytes(element) for element in _checked(_parse_array, body)]


def has_only(body: bytes, names: int) -> bool:
    """True proves that a well-formed document has no more than `names` names; false proves nothing.

    Every name ends in a quote and a colon with nothing but space between, so once space counts as a quote, every name
    leaves the pair `":` once; texts can only add to their number.
    """
    return body.translate(_SPACE_AS_QUOTE).count(b'":') == names


def _checked(parse: Callable[[bytes], T], body: bytes) -> T:
    try:
        return parse(body)
    except RecursionError:
        raise Undecodable("too_deep", f"more than {MAX_DEPTH} levels") from None
    except UnicodeDecodeError:
        raise Undecodable("bad_utf8", "not UTF-8") from None
    except msgspec.ValidationError:
        # What cannot become a number although it is written as one: 1e999, or hundreds of digits.
        raise Undecodable("bad_number", "a number out of range") from None
    except msgspec.DecodeError:
        raise Undecodable("bad_json", "not JSON, or cut short") from None


def _measure(document: Any) -> int:
    """How many names the document has, level by level; Undecodable where depth, values or integers are beyond the limits."""
    names = values = 0
    level = _containers((document,), {type(document)})
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for container in level:
            inside: Collection[Any] = container
            if type(container) is dict:
                names += len(container)
                inside = container.values()
            values += len(inside)
            kinds = set(map(type, inside))
            if not kinds <= _HARMLESS:
                below += _containers(inside, kinds)
        if values > MAX_VALUES:
            raise Undecodable("too_many_values", f"more than {MAX_VALUES} values")
        if not below:
            return names
        level = below
    raise Undecodable("too_deep", f"more than {MAX_DEPTH} levels")


def _containers(inside: Collection[Any], kinds: set[type]) -> list[Any]:
    if int in kinds and any(type(value) is int and not -BEYOND < value < BEYOND for value in inside):
        raise Undecodable("bad_number", f"an integer of more than {MAX_DIGITS} digits")
    if dict in kinds or list in kinds:
        return [value for value in inside if type(value) in (dict, list)]
    return []


def _refuse_repeated_names(body: bytes) -> None:
    json.loads(body, object_pairs_hook=_without_repetition)


def _without_repetition(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise Undecodable("repeated_name", "an object has the same name twice")


def _refuse_long_texts(level: Collection[Any]) -> None:
    for value in level:
        if type(value) is str and len(value) > MAX_TEXT:
            raise Undecodable("long_text", f"a text of more than {MAX_TEXT} characters")
        if type(value) is dict:
            _refuse_long_texts(value)
            _refuse_long_texts(value.values())
        elif type(value) is list:
            _refuse_long_texts(value)
