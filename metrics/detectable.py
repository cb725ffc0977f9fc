"""The smallest drop beyond a target that can be found: found is what is called missed in four of five periods. Of whom and of how many
messages is left to `promise`, what the last readings tell to `last_ranges`."""

import zlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from metrics.bounds import over_messages
from metrics.chance import draw_shares
from metrics.snapshot import Unit
from metrics.spelling import figure

_DRAWS = 120
_FOUND = 0.8
_STEPS = 7
_NOTHING = 0.0005

Amounts = NDArray[np.int64]


class Blindness(NamedTuple):
    """Of all, the share whom nobody can see; of those who did it, the share that may have left no trace."""

    unseen: float = 0.0
    blind: float = 0.0


ALL_SEEN = Blindness()


def find_smallest(
    aim: float, people: Amounts, *, judge: str, blindness: Blindness = ALL_SEEN, down: bool = True, seed: str = ""
) -> float | None:
    """How far the truth has to lie beyond the target to be called missed in four of five periods; None where nothing is far enough.
    `people`: of each message of a period; `down`: whether less is worse."""
    goal = aim if down else 1 - aim  # what is seen of a rise of those who did is a drop of those who did not
    told = (
        goal * (1 - blindness.blind) if down else goal
    )  # whoever left no trace did it, and is nothing to fear of a rise
    if judge == "count":
        # What happened is what happened: chance plays no part, those unseen alone do.
        return goal - (told - blindness.unseen) / (1 - blindness.unseen) if blindness.unseen < told else None

    def finds(drop: float) -> bool:
        return _finds(max(goal - drop, 0.0), told, people, blindness.unseen, seed)

    low, high = 0.0, goal
    if not finds(high):
        return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if finds(middle) else (middle, high)
    return high


def _finds(truth: float, told: float, people: Amounts, unseen: float, seed: str) -> bool:
    hidden = np.round(people * unseen).astype(np.int64)
    dice = np.random.default_rng(zlib.crc32(seed.encode()))
    shares = draw_shares(dice, truth, (_DRAWS, len(people)))
    seen = dice.binomial(people - hidden, shares)
    missed = sum(over_messages(each + hidden, people)[1] < told for each in seen)
    return missed >= _FOUND * _DRAWS


def size_text(drop: float, unit: Unit) -> str:
    if drop < _NOTHING:
        return "any"
    return f"{100 * drop:.1f} points" if unit == "ratio" else figure(drop, unit)
