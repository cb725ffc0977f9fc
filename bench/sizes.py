"""Bytes a fact by kind, while times stand and after they are forgotten, at the size of a large company."""

import numpy as np
from numpy.typing import NDArray

from bench.table import Figure
from metrics.ledger.slots import SlotSet

_DAY_TICKS = 8640
_START = 179_360_000

# Of a hundred people, how many; how many different ten seconds (or five minutes) their facts are spread over; how wide a slot is.
_KINDS: dict[str, tuple[float, float, int]] = {
    "delivered": (0.99, 0.01, 30),
    "opened": (0.70, 1.0, 1),
    "viewed": (0.50, 1.0, 1),
    "clicked": (0.10, 1.0, 1),
    "acknowledged": (0.60, 2.0, 30),
    "engaged (one step)": (0.02, 1.0, 30),
}


def measure(people: int) -> list[Figure]:
    """The codec's sizes for one message."""
    figures = []
    total_before = total_after = facts = 0
    for kind, (share, days, width) in _KINDS.items():
        made = _make(people, share, days=days, width=width)
        before, after = len(made.to_bytes()), len(made.collapse().to_bytes())
        figures.append(Figure(f"{kind}: a fact with its time", before / len(made), "bytes", f"{people:,} people"))
        figures.append(Figure(f"{kind}: a fact without", after / len(made), "bytes", "aim: at most 2"))
        total_before, total_after, facts = total_before + before, total_after + after, facts + len(made)
    figures.append(Figure("all of a message: a fact with its time", total_before / facts, "bytes", ""))
    figures.append(Figure("all of a message: a fact without", total_after / facts, "bytes", "aim: at most 2"))
    return figures


def _make(people: int, share: float, *, days: float, width: int) -> SlotSet:
    dice = np.random.default_rng([people, round(share * 1000)])
    persons: NDArray[np.intp] = np.flatnonzero(dice.random(people) < share)
    ticks = _START + dice.exponential(days * _DAY_TICKS, len(persons)).astype(np.int64)
    return SlotSet.from_pairs(ticks - ticks % width, persons)
