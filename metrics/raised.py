"""Who raised feedback, kept to the day. What that says of a period is left to `periods`."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.facts import TICK_SECONDS, Key
from metrics.ledger.slots import SlotSet
from metrics.people import People
from metrics.rosters import Persons

_DAY = 86_400
_NONE = np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True)
class Raised:
    """Who raised feedback on which day: `person` (dense numbers) and the `noon` of the UTC day (seconds), of one length."""

    person: Persons
    noon: NDArray[np.int64]


def find_raised(sets: Mapping[Key, SlotSet], people: People) -> Raised:
    """From the sets of those who raised anything, kept to the day."""
    codes = np.concatenate([facts.codes for key, facts in sets.items() if key.kind == "raised"] or [_NONE])
    person = people.persons_of(codes.astype(np.uint32))
    noon = (codes >> np.uint64(32)).astype(np.int64) * TICK_SECONDS + _DAY // 2
    return Raised(person[person >= 0], noon[person >= 0])
