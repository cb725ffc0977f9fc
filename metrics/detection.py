"""How much of what happened leaves a trace, asked of those who answered (`detected`): by it the upper ends of indicators are widened that
look for openings. Who answered, and was seen, is left to `exposure`; formulas: docs/indicators.md, "Who cannot be seen"."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import ndtri

from metrics.bounds import ROUNDING, TAIL, over_messages

_NORMAL = float(ndtri(1 - TAIL))
MAIL = (
    "email"  # where an opening hangs on a picture, which clients may hide; a page is told by the server that shows it
)
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


def visible_share(witnesses: Iterable[Witness], other_mails: Engaged = ()) -> float:
    """Which share of those who met the messages left a trace, at the least; 1 where nobody can say. By channel, since each hides in its own
    way. Where hardly anybody answered a mail, those are asked who answered any (`other_mails`)."""
    groups: dict[frozenset[str], list[Witness]] = {}
    for one in witnesses:
        groups.setdefault(one.channels, []).append(one)
    seen, widened = 0, []
    for channels, group in groups.items():
        possible, people = sum(one.possible for one in group), sum(one.people for one in group)
        seen += possible
        engaged = tuple(pair for one in group for pair in one.engaged)
        if _are_enough(engaged):
            widened.append(_divided(possible, _lower_end(engaged), people))
        elif MAIL in channels and _are_enough(other_mails):
            widened.append(_by_others(possible, _lower_end(tuple(other_mails)), people))
        else:
            widened.append(possible)
    total = sum(sorted(widened))
    return seen / total if total else 1.0


def _are_enough(engaged: Engaged) -> bool:
    return sum(number for number, _ in engaged) >= _FEW


def _divided(possible: float, visible: float, people: int) -> float:
    return min(float(people), possible / visible) if visible > ROUNDING else people


def _by_others(possible: int, visible: float, people: int) -> float:
    """Of others that share leaves a trace; of these people by chance fewer."""
    return _divided(possible + _NORMAL * (possible * (1 - visible)) ** 0.5, visible, people)


@lru_cache(maxsize=4096)  # every segment of the same messages asks the same
def _lower_end(engaged: tuple[tuple[int, int], ...]) -> float:
    numbers, detected = np.array(engaged, dtype=np.int64).T
    return over_messages(detected, numbers)[0]
