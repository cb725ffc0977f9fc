"""What may stand in a field that came from outside: texts of a stated length without control characters, short tokens.
What a field means is left to the decoder; the details name the field, never its value."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, TypeVar

import msgspec

from collectors.events import Undecodable

MAX_ID = 1024  # characters of an id, a reference, an identifier
MAX_NAME = 256  # characters of a question, a choice, a version
MAX_URL = 8192  # characters of a URL before it loses its query; after that it is held to MAX_ID

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ID)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]
Url = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_URL)]
"""For structs that `convert` fills."""

# Line and paragraph separators too: what ends a line somewhere may not stand in an id.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PLACE = re.compile(r" - at `\$\.?([A-Za-z0-9_.-]*)`$")
_MISSING = re.compile(r"Object missing required field `([A-Za-z0-9_-]+)`")
_TOKEN = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")

T = TypeVar("T", bound=msgspec.Struct)


def check_text(text: str, name: str, limit: int = MAX_ID) -> str:
    """The text itself; Undecodable where it is blank, too long, or holds control characters."""
    if not text or text.isspace():
        raise Undecodable("bad_value", f"{name}: empty")
    if len(text) > limit:
        raise Undecodable("bad_value", f"{name}: more than {limit} characters")
    # The first is quick and true of nearly every text, but false of harmless signs too, such as the joiners in emoji.
    if not text.isprintable() and _CONTROL.search(text):
        raise Undecodable("bad_value", f"{name}: a control character")
    return text


def convert(document: Mapping[str, Any], kind: type[T]) -> T:
    """The document as a struct; Undecodable names the first field that does not fit and what was expected there."""
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        raise _explain(str(error)) from None


def _explain(text: str) -> Undecodable:
    missing = _MISSING.match(text)
    if missing:
        return Undecodable("missing_field", f"{missing[1]} is missing")
    place = _PLACE.search(text)
    where = place[1] if place and place[1] else "event"
    # Of a value that is not on a list of words, msgspec quotes what it found.
    what = _PLACE.sub("", text) if text.startswith("Expected") else "none of the allowed values"
    return Undecodable("bad_value", f"{where}: {what}")


@lru_cache(maxsize=1024)
def check_token(text: str, name: str) -> str:
    """The token itself: lower-case letters, digits, `_`, `.`, `-`, 64 at most, so that no sentence and no user agent is one."""
    if _TOKEN.fullmatch(text) is None:
        raise Undecodable("bad_value", f"{name}: not a short token")
    return text


def find_text(document: Mapping[str, Any], name: str, limit: int = MAX_ID) -> str | None:
    """A vendor's text field; None where it is absent, null or empty."""
    value = document.get(name)
    if value is None or value == "":
        return None
    if type(value) is not str:
        raise Undecodable("bad_value", f"{name}: not a text")
    if len(value) <= limit and value.isprintable() and not value.isspace():
        return value
    return check_text(value, name, limit)


def require_text(document: Mapping[str, Any], name: str, limit: int = MAX_ID) -> str:
    """A vendor's text field that is always there."""
    value = find_text(document, name, limit)
    if value is None:
        raise Undecodable("missing_field", f"{name} is missing")
    return value
