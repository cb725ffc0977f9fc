"""One field of many records or events, judged together: nearly every value stands in many of them. What the field means is left to whoever
judges."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from collectors.events import Undecodable

Column = Sequence[Any]
Odd = set[int]
"""Places in columns of what has to be looked at by itself; what columns hold there says nothing."""


def each(column: Column, judge: Callable[[Any], Any], odd: Odd, known: Mapping[Any, Any] | None = None) -> Column:
    """What each value becomes, every different one judged once, and one object afterwards; nothing stays nothing. Places of those that are
    Undecodable are odd. `known`: what values became before, as `judge` would say again."""
    found = list(map(known.get, column)) if known else []
    if found and all(found):
        return found
    values = set(column).difference(known or ())
    values.discard(None)
    if found and not values:
        return found
    became, bad = {}, set()
    for value in values:
        try:
            became[value] = judge(value)
        except Undecodable:
            bad.add(value)
    if bad:
        odd.update(place for place, value in enumerate(column) if value in bad)
    if not found:
        return list(map(became.get, column))
    return [became.get(value) if before is None else before for value, before in zip(column, found, strict=True)]


def note_odd(odd: Odd, tells: Iterable[Any]) -> None:
    """Note the places where this is true."""
    odd.update(place for place, told in enumerate(tells) if told)
