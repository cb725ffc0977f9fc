"""What may be shown of a text that came from outside: an address never. Hashing identifiers is left to the door that reads them."""

import re
from typing import Any

from config.problem import written

# Wider than a mail address: anything with an @ (also as a URL spells it) between two words is somebody's.
_PART = r"[^\s<>\"'`(),;:\[\]{}|]+"
_ADDRESS = re.compile(rf"{_PART}(?:@|%40)\[?{_PART}")
_SHOWN = 1000
MASKED = "(an address)"
HIDDEN = "a value that is not shown"


def holds_address(text: str) -> bool:
    return _ADDRESS.search(text) is not None


def mask(text: str) -> str:
    """The text with every address in it replaced."""
    return _ADDRESS.sub(MASKED, text)


def shown(value: Any) -> str:
    """A value as a problem may quote it: shortened, on one line, without addresses."""
    # Cut first: what stands beyond is not shown anyway, and a very long word is slow to search.
    return written(mask(value[:_SHOWN]) if isinstance(value, str) else value)
