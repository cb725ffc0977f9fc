"""Classes of messages drawn from a process whose truth is known: so many messages, each with a true share of its own, to audiences of
uneven size, some of whom cannot be seen. What is made of the counts is left to the methods under trial."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.reading import COLUMNS, D, E, State

Counts = NDArray[np.int64]
"""Of one class: shape (messages, COLUMNS), as the service counts them."""

_BLOCK = 5  # classes with the same audiences


@dataclass(frozen=True)
class Kind:
    """A kind of message: its true share (`reach`) on average, the standard deviation of the true shares between messages (`spread`, drawn
    from a beta distribution), the median of its audiences, and the standard deviation of their logarithms (`uneven`)."""

    reach: float
    spread: float
    audience: int
    uneven: float


@dataclass(frozen=True)
class Hidden:
    """A `share` of the people cannot be seen. Of them the true share is that of the others times (1 - `less`), or for a negative `less`
    nearer to everybody by as much."""

    share: float = 0.0
    less: float = 0.0

    def share_among(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        return shares * (1 - self.less) if self.less >= 0 else shares - (1 - shares) * self.less

    def truth(self, reach: float) -> float:
        return (1 - self.share) * reach + self.share * float(self.share_among(np.array(reach)))


ALL_SEEN = Hidden()


def draw_shares(
    reach: float, spread: float, shape: int | tuple[int, ...], dice: np.random.Generator
) -> NDArray[np.float64]:
    """True shares, `reach` on average."""
    if spread == 0 or not 0 < reach < 1:
        return np.full(shape, reach)
    weight = reach * (1 - reach) / spread**2 - 1
    return dice.beta(reach * weight, (1 - reach) * weight, shape)


def count_people(
    people: NDArray[np.int64], shares: NDArray[np.float64], hidden: Hidden, dice: np.random.Generator
) -> Counts:
    """What a service would count; all shapes alike, and one axis more at the end: (..., COLUMNS)."""
    unseen = dice.binomial(people, hidden.share)
    counts = np.zeros((*people.shape, COLUMNS), dtype=np.int64)
    counts[..., State.H] = dice.binomial(people - unseen, shares)
    counts[..., State.U] = unseen
    counts[..., State.NOT] = people - unseen - counts[..., State.H]
    counts[..., E] = counts[..., D] = people
    return counts


def draw_classes(kind: Kind, messages: int, hidden: Hidden, number: int, dice: np.random.Generator) -> Iterator[Counts]:
    """So many classes of as many messages."""
    for start in range(0, number, _BLOCK):
        drawn = np.exp(dice.normal(np.log(kind.audience), kind.uneven, messages))
        people = np.maximum(drawn.round().astype(np.int64), 5)
        classes = min(_BLOCK, number - start)
        shares = draw_shares(kind.reach, kind.spread, (classes, messages), dice)
        yield from count_people(np.broadcast_to(people, shares.shape), shares, hidden, dice)
