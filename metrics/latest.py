"""The latest answer of everybody to a question that is asked again and again. What an answer says is left to the indicators."""

import numpy as np
from numpy.typing import NDArray

from metrics.era import ABSENT, Era


def latest_answers(era: Era, mark: str) -> NDArray[np.int32]:
    """On the message sent last of those that each answered: a share of the scale in ten-thousandths, ABSENT where there is none."""
    latest = np.full(era.size, ABSENT, dtype=np.int32)
    for footprint in era.messages:  # in order of sending
        answers = era.spread(footprint, mark)
        latest = np.where(answers == ABSENT, latest, answers)
    return latest
