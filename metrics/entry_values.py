"""What single values of a catalogue entry may be, from files (where every scalar is text) and from events (JSON) alike. The keys
they stand under are `entries`.

A ValueError's text says what is allowed; nothing here quotes a value, which may be an address.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import PlainValidator, ValidationInfo

from collectors.events import CHANNELS
from config.problem import choices
from metrics.masking import holds_address, mask
from metrics.moments import read_moment

LONGEST_REFERENCE = 1024
_LONGEST_LABEL = 120
_LONGEST_TITLE = 300
_LARGEST = 10_000_000

PURPOSES = ("inform", "persuade", "act", "engage")
SETTINGS = ("formal", "informal")
EXPECTATIONS = ("read", "acknowledge", "answer", "reply")
GROUP = "group"
"""The key of a condition that names groups instead of an attribute's values."""

AUDIENCE = "`all`, a condition such as `{department: [Sales]}` or `{group: [leaders]}`, or a list of identifiers (hashed at the door)"

_PSEUDONYM = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _text(value: Any, longest: int) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # ids and versions are numbers to whoever writes JSON
    text = unicodedata.normalize("NFC", value.strip()) if isinstance(value, str) else ""
    if not text or len(text) > longest or not text.isprintable():
        raise ValueError(f"a text on one line, of {longest:,} characters at most")
    return text


def _reference(value: Any) -> str:
    return _text(value, LONGEST_REFERENCE)


def _title(value: Any) -> str:
    return mask(_text(value, _LONGEST_TITLE))


def _label(value: Any) -> str:
    text = _text(value, _LONGEST_LABEL)
    if holds_address(text) or _PSEUDONYM.fullmatch(text):
        raise ValueError("a word that many share: never a person or an address")
    return text


def _owner(value: Any) -> str:
    try:
        return _label(value)
    except ValueError:
        allowed = f"a role or a team, of {_LONGEST_LABEL} characters at most: never a person or an address"
        raise ValueError(allowed) from None


def _pseudonym(value: Any) -> str:
    if isinstance(value, str) and _PSEUDONYM.fullmatch(value):
        return value
    raise ValueError("one identifier of the sender, hashed at the door")


def _language(value: Any) -> str:
    if isinstance(value, str) and _LANGUAGE.fullmatch(value.strip()):
        return value.strip()
    raise ValueError("a language tag, such as `en` or `pt-BR`")


def _word_of(words: tuple[str, ...]) -> Callable[[Any], str]:
    def validate(value: Any) -> str:
        word = value.strip().lower() if isinstance(value, str) else ""
        if word not in words:
            raise ValueError(choices(words))
        return word

    return validate


def _many(value: Any) -> Sequence[Any]:
    """A list, or the words of a text."""
    if isinstance(value, str):
        return value.split()
    if isinstance(value, list | tuple):
        return value
    raise ValueError("a list, or words separated by spaces")


def _references(value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_reference(each) for each in _many(value)))


def _expectations(value: Any) -> tuple[str, ...]:
    word = _word_of(EXPECTATIONS)
    return tuple(dict.fromkeys(word(each) for each in _many(value)))


def _options(value: Any) -> tuple[str, ...]:
    return tuple(_text(each, _LONGEST_LABEL) for each in _many(value))


def _count(value: Any) -> int:
    try:
        number = _number(value)
    except ValueError:
        number = -1
    if not 0 <= number <= _LARGEST or number != int(number):
        raise ValueError("a whole number, 0 or more")
    return int(number)


def _number_of_links(value: Any) -> int:
    try:
        return _count(value) if not isinstance(value, list | tuple) else len(value)
    except ValueError:
        raise ValueError("how many links there are, or the list of them") from None


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e15:
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value)
    raise ValueError("a number")


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _TRUTH:
        return _TRUTH[value.strip().lower()]
    raise ValueError("`true` or `false`")


def _moment(value: Any, info: ValidationInfo) -> int:
    zone: tzinfo | None = (info.context or {}).get("zone")
    return read_moment(value if isinstance(value, str) else "", zone)


def _audience(value: Any) -> Any:
    if isinstance(value, str) and value.strip().lower() == "all":
        return "all"
    if isinstance(value, Mapping):
        return _condition(value)
    if isinstance(value, list | tuple) and all(isinstance(each, str) and _PSEUDONYM.fullmatch(each) for each in value):
        return tuple(dict.fromkeys(value))
    raise ValueError(AUDIENCE)


def _condition(value: Mapping[Any, Any]) -> dict[str, tuple[str, ...]]:
    try:
        # Values may hold spaces: a single text is one value.
        found = {
            _label(name): tuple(_label(each) for each in ([wanted] if isinstance(wanted, str) else _many(wanted)))
            for name, wanted in value.items()
        }
    except ValueError:
        raise ValueError(AUDIENCE) from None
    if not found or not all(found.values()):
        raise ValueError(AUDIENCE)
    return found


def _cell(value: Any) -> dict[str, str]:
    allowed = "what the people of a cell have in common, such as `{department: Sales, site: Lyon}`"
    if not isinstance(value, Mapping):
        raise ValueError(allowed)
    try:
        return {_label(name): _label(each) for name, each in value.items()}
    except ValueError:
        raise ValueError(allowed) from None


def _holdout(value: Any) -> Any:
    allowed = "a condition such as `{site: [Lyon]}`, or a share between 0 and 1 (`0.1`)"
    try:
        if isinstance(value, Mapping):
            return _condition(value)
        share = _number(value)
    except ValueError:
        raise ValueError(allowed) from None
    if not 0 < share < 1:
        raise ValueError(allowed)
    return float(share)


Reference = Annotated[str, PlainValidator(_reference)]
References = Annotated[tuple[str, ...], PlainValidator(_references)]
Title = Annotated[str, PlainValidator(_title)]
Label = Annotated[str, PlainValidator(_label)]
Owner = Annotated[str, PlainValidator(_owner)]
Pseudonym = Annotated[str, PlainValidator(_pseudonym)]
Language = Annotated[str, PlainValidator(_language)]
Channel = Annotated[str, PlainValidator(_word_of(CHANNELS))]
Purpose = Annotated[str, PlainValidator(_word_of(PURPOSES))]
Setting = Annotated[str, PlainValidator(_word_of(SETTINGS))]
Expectations = Annotated[tuple[str, ...], PlainValidator(_expectations)]
Options = Annotated[tuple[str, ...], PlainValidator(_options)]
Count = Annotated[int, PlainValidator(_count)]
Links = Annotated[int, PlainValidator(_number_of_links)]
Number = Annotated[float, PlainValidator(_number)]
Truth = Annotated[bool, PlainValidator(_truth)]
Moment = Annotated[int, PlainValidator(_moment)]
Condition: TypeAlias = dict[str, tuple[str, ...]]
Audience = Annotated[Literal["all"] | Condition | tuple[str, ...], PlainValidator(_audience)]
Cell = Annotated[dict[str, str], PlainValidator(_cell)]
Holdout = Annotated[float | Condition, PlainValidator(_holdout)]
