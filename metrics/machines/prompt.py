"""Rule `prompt`: of a message with too few links for a burst, a click in the slot of its own delivery or the next. Which facts these are is
left to `sightings`."""

import numpy as np
from numpy.typing import NDArray

from metrics.facts import COARSE_TICKS
from metrics.machines.bursts import Stamps

VERSION = 2

CHANNEL = "email"  # what is scanned; whoever is told in a chat may well be prompt

_SLOT = np.uint64(2**32 - 1)


def is_prompt(clicks: Stamps, deliveries: Stamps) -> NDArray[np.bool_]:
    """Whether each click lies in a slot (five minutes: deliveries are kept no finer) in which its person was delivered to, or the next."""
    slots = clicks - (clicks & _SLOT) % np.uint64(COARSE_TICKS)
    found: NDArray[np.bool_] = np.isin(slots, np.concatenate((deliveries, deliveries + np.uint64(COARSE_TICKS))))
    return found
