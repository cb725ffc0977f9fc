"""A message of a made-up organisation, and who did what with it when."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from metrics.messages import Message
from metrics.people import Coded


@dataclass(frozen=True)
class Sent:
    """A message with its audience as it was, and when each of them did what, in seconds; never is a time too. `held`: those held out, where
    it wants something done."""

    message: Message
    person: NDArray[np.int32]
    attributes: dict[str, Coded]
    delivered: NDArray[np.bool_]
    unseen: NDArray[np.bool_]
    did: dict[str, NDArray[np.int64]]
    held: "Sent | None" = None

    def take(self, some: NDArray[np.bool_]) -> "Sent":
        return replace(
            self,
            person=self.person[some],
            attributes={name: coded.take(some) for name, coded in self.attributes.items()},
            delivered=self.delivered[some],
            unseen=self.unseen[some],
            did={name: when[some] for name, when in self.did.items()},
        )


def only_named(coded: Coded) -> Coded:
    """With the values that somebody has, as a directory would have them."""
    there = sorted(set(coded.codes.tolist()) - {-1})
    place = np.full(len(coded.values) + 1, -1, dtype=np.int16)
    place[there] = np.arange(len(there))
    return Coded(tuple(coded.values[code] for code in there), place[coded.codes])
