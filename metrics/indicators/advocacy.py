"""Q12 `advocacy`: would people recommend us?"""

import numpy as np

from config.duration import Span
from metrics.era import ABSENT, Era
from metrics.indicator import Indicator
from metrics.latest import latest_answers
from metrics.means import SCORE, mean
from metrics.reading import Cells, State

_PROMOTES, _IS_PASSIVE = 0.9 * SCORE, 0.7 * SCORE  # 9 of 10, 7 of 10


def over(era: Era) -> Cells:
    """9 and 10 count in full, 7 and 8 half, all below nothing: the share of promoters less that of detractors, from 0 to 1."""
    answers = latest_answers(era, f"recommended:{era.settings.advocacy_question}")
    scores = np.where(answers >= _PROMOTES, SCORE, np.where(answers >= _IS_PASSIVE, SCORE // 2, 0))
    answered = answers != ABSENT
    states = np.where(answered, State.H, State.OUT).astype(np.uint8)
    return era.sum(states, np.stack([answered.astype(np.int64), scores.astype(np.int64)], axis=1))


INDICATOR = Indicator(
    id="advocacy",
    code="Q12",
    title="Advocacy",
    question="Would people recommend us?",
    formula="share of 9 and 10 less share of 0 to 6 among the latest answers to the recommendation question (0 to 10), mapped from -1..1 "
    "to 0..1: at 0.5 (50 %) as many would as would not",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(7, "days"),
    needs=frozenset({"answered", "rated"}),
    over=over,
    marks=("recommended:{advocacy_question}",),
    method=mean(),
    answers=True,
    periods=("rolling", "month", "quarter"),
)
