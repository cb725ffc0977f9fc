"""What may be shown of a text that came from outside: an address never. Hashing identifiers is left to the door that reads them."""

import re
from typing import Any

from config.problem import written

# Wider than a mail address: anything with an @ (also as a URL spells it) between two words is somebody's.
_PART = r"[^\s<>\"'`(),;:\[\]{}|]+"
_ADDRESS = re.compile(f"{_PART}(?:@|%40){_PART}")
MASKED = "(an address)"
HIDDEN = "a value that is not shown"


def holds_address(text: str) -> bool:
    return _ADDRESS.search(text) is not None


def mask(text: str) -> str:
    """The text with every address in it replaced."""
    return _ADDRESS.sub(MASKED, text)


def shown(value: Any) -> str:
    """A value as a problem may quote it: shortened, on one line, without addresses."""
    return written(mask(value) if isinstance(value, str) else value)
