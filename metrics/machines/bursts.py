"""Rule `bursts`: nobody follows three links of a message within two slots of ten seconds, but scanners do. Which facts these are is left
to `sightings`."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

VERSION = 1

LINKS = 3  # distinct ones; a message with fewer cannot show a burst

Stamps = NDArray[np.uint64]
"""Who and when: person << 32 | slot."""

_Number = TypeVar("_Number", bound=np.generic)
_SLOT_BITS = np.uint64(32)
_ONE = np.uint64(1)


def find_bursts(clicks: Stamps, links: NDArray[np.int64]) -> Stamps:
    """The slots of bursts, sorted: those of every pair of neighbouring slots in which a person clicked on three or more distinct
    `links` (numbers from 0, beside `clicks`)."""
    person = (clicks >> _SLOT_BITS).astype(np.int64)
    often = np.bincount(person)[person] >= LINKS if len(person) else np.empty(0, dtype=np.bool_)
    clicks, links = clicks[often], links[often]
    if not len(clicks):
        return clicks
    # A pair is called by its first slot: every click lies in the pair that it begins, and in the one before.
    pairs, number = np.unique(np.concatenate((clicks - _ONE, clicks)), return_inverse=True)
    many = int(links.max()) + 1
    distinct = _once(number * many + np.concatenate((links, links)))
    bursts = pairs[np.bincount(distinct // many, minlength=len(pairs)) >= LINKS]
    return _once(np.concatenate((bursts, bursts + _ONE)))


def _once(numbers: NDArray[_Number]) -> NDArray[_Number]:
    """Sorted, each once: several times as fast as numpy's own, which hashes."""
    numbers = np.sort(numbers)
    new = np.ones(len(numbers), dtype=np.bool_)
    new[1:] = numbers[1:] != numbers[:-1]
    return numbers[new]
