"""An operator's options for a decoder (`sources[].options`), held against what the decoder declares."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)

_PLACE = re.compile(r"(?: - at `\$\.?([^`]*)`)?$")


def read_options(options: Mapping[str, Any], kind: type[T]) -> T:
    """The options as the decoder's own struct; ValueError names the option and what is allowed."""
    allowed = kind.__struct_fields__
    unknown = sorted(set(options) - set(allowed))
    if unknown:
        raise ValueError(f"`{unknown[0]}` is no option of this decoder; allowed: {', '.join(allowed) or 'none'}")
    try:
        return msgspec.convert(dict(options), kind)
    except msgspec.ValidationError as error:
        text = str(error)
        place = _PLACE.search(text)
        name = place[1] if place and place[1] else "options"
        raise ValueError(f"`{name}`: {_PLACE.sub('', text)}") from None
