"""Long lists of values, cut to what a statement of any database takes, and rows as columns. Writing rows is left to `upsert`."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

T = TypeVar("T")

# SQLite takes 32,766 values a statement, and longer lists gain nothing.
SIZE = 1000


def cut(values: Iterable[T], size: int = SIZE) -> Iterator[list[T]]:
    """The values in order, in lists of at most `size`, none of them empty."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk


def transpose(chunks: Iterable[Sequence[Sequence[Any]]], width: int) -> list[list[Any]]:
    """The `width` columns of rows that come in chunks."""
    columns: list[list[Any]] = [[] for _ in range(width)]
    for rows in chunks:
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.extend(values)
    return columns
