"""Long lists of values, cut to what a statement of any database takes. Writing rows is left to `upsert`."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

# SQLite takes 32,766 values a statement, and longer lists gain nothing.
SIZE = 1000


def cut(values: Iterable[T], size: int = SIZE) -> Iterator[list[T]]:
    """The values in order, in lists of at most `size`, none of them empty."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
