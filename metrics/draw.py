"""Who is drawn for a holdout that is a share: by a keyed hash, so that every worker draws the same people, today and in a year, and nobody
can guess them without the key. What is done with them is left to `audiences`."""

import hmac
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from metrics.ledger.directory_store import PSEUDONYM_BYTES

_BYTES = 8
_ALL = 2.0 ** (8 * _BYTES)

Draw = Callable[[str, bytes], NDArray[np.float64]]
"""From a message's id and pseudonyms, one after the other, to a number from 0 to 1 for each; those below the share are drawn."""


def drawer(key: bytes) -> Draw:
    """`key`: any secret; what is drawn with is derived from it, and tells nothing of it."""
    # Upper case never comes out of normalising, so this is no identifier's pseudonym.
    own = hmac.digest(key, b"EARSHOT HOLDOUT", "sha256")

    def draw(message: str, pseudonyms: bytes) -> NDArray[np.float64]:
        of_message = hmac.digest(own, message.encode(), "sha256")
        places = range(0, len(pseudonyms), PSEUDONYM_BYTES)
        drawn = [hmac.digest(of_message, pseudonyms[at : at + PSEUDONYM_BYTES], "sha256")[:_BYTES] for at in places]
        numbers: NDArray[np.float64] = np.frombuffer(b"".join(drawn), dtype=">u8").astype(np.float64) / _ALL
        return numbers

    return draw
