"""Who knows a goal: people who met enough messages about it. Which goals are asked about is left to the indicators."""

import numpy as np

from metrics.era import ABSENT, Era
from metrics.reading import Cells, State

_ENOUGH = 3
# What a scanner surely fetched, nobody met.
_BEST_FIRST = (State.H, State.P, State.S_LIKELY, State.U)


def count_aware(era: Era) -> Cells:
    """Everybody by the best state in which they met enough of the era's messages, counting those met in better ones."""
    met = np.zeros((len(_BEST_FIRST), era.size), dtype=np.int64)
    for footprint in era.messages:
        marks = era.spread(footprint, "exposure")
        for row, state in enumerate(_BEST_FIRST):
            met[row] += (marks != ABSENT) & (marks <= state) & (marks != State.S)
    states = np.full(era.size, State.NOT, dtype=np.uint8)
    for row in reversed(range(len(_BEST_FIRST))):
        states[met[row] >= _ENOUGH] = _BEST_FIRST[row]
    return era.count(states)
