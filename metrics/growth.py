"""How far a message has come at given ages: whole audiences, counts alone. What is made of the curves is left to `metrics.curves`."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.clock import Clocks

AGES_HOURS = (1, 2, 4, 8, 16, 24, 32, 40, 48, 72, 96, 120, 168, 240, 336)
SMALLEST_AUDIENCE = (
    50  # groups under this size are published once a day: their way through the day is nobody's business
)


def age_moments(sent_at: int, closes: int, *, working: bool, clocks: Clocks) -> list[int]:
    """The moments (seconds) at which a message reaches each of the ages, on the clock of its window, until that closes."""
    found = []
    for hours in AGES_HOURS:
        moment = clocks.deadline(sent_at, Span(hours, "hours", working))
        if moment >= closes:
            break
        found.append(moment)
    return found


def count_by_age(since: NDArray[np.int64], ages: Sequence[int]) -> tuple[int, ...]:
    """How many had come before each of these moments. `since`: of each person (seconds)."""
    grown: list[int] = np.searchsorted(np.sort(since), np.array(ages, dtype=np.int64)).tolist()
    return tuple(grown)
