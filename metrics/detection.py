"""How much of what happened leaves a trace, asked of those who answered (`detected`): by it the upper ends of indicators are widened that
look for openings. Who answered, and was seen, is left to `exposure`; formulas: docs/indicators.md, "Who cannot be seen"."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from metrics.bounds import ROUNDING, over_messages

_FEW = 3  # fewer who answered say nothing, and what one or two did must not show

Engaged = Collection[tuple[int, int]]
"""Of messages: how many engaged, and how many of these were detected."""


@dataclass(frozen=True)
class Witness:
    """One unit of a reading: the channels of its messages, of how many of its people one cannot say that they did not meet it, and its
    messages' engaged people."""

    channels: frozenset[str]
    possible: int
    people: int
    engaged: Engaged


def visible_share(witnesses: Iterable[Witness]) -> float:
    """Which share of those who met the messages left a trace, at the least; 1 where nobody can say. By channel, since each hides in its own
    way."""
    groups: dict[frozenset[str], list[Witness]] = {}
    for one in witnesses:
        groups.setdefault(one.channels, []).append(one)
    seen, widened = 0, []
    for group in groups.values():
        possible = sum(one.possible for one in group)
        seen += possible
        engaged = tuple(pair for one in group for pair in one.engaged)
        widened.append(_widened(possible, sum(one.people for one in group), engaged))
    total = sum(sorted(widened))
    return seen / total if total else 1.0


def _widened(possible: int, people: int, engaged: tuple[tuple[int, int], ...]) -> float:
    if sum(number for number, _ in engaged) < _FEW:
        return possible
    lower = _lower_end(engaged)
    return min(float(people), possible / lower) if lower > ROUNDING else people


@lru_cache(maxsize=4096)  # every segment of the same messages asks the same
def _lower_end(engaged: tuple[tuple[int, int], ...]) -> float:
    numbers, detected = np.array(engaged, dtype=np.int64).T
    return over_messages(detected, numbers)[0]
