"""Q11 `alignment`: people who know what the goals ask of their work."""

import numpy as np

from config.duration import Span
from metrics.era import ABSENT, Era
from metrics.indicator import Indicator
from metrics.latest import latest_answers
from metrics.means import SCORE
from metrics.reading import Cells, State

_UPPER_TWO_FIFTHS = 0.6 * SCORE


def over(era: Era) -> Cells:
    answers = latest_answers(era, f"rated:{era.settings.alignment_question}")
    agrees = np.where(answers >= _UPPER_TWO_FIFTHS, State.H, State.NOT)
    return era.count(np.where(answers == ABSENT, State.OUT, agrees).astype(np.uint8))


INDICATOR = Indicator(
    id="alignment",
    code="Q11",
    title="Alignment",
    question="Do people know what our goals ask of their work?",
    formula="people whose latest answer to the role question is in the upper two fifths of its scale (4 and 5 of 1 to 5) / people who "
    "answered",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(7, "days"),
    needs=frozenset({"answered", "rated"}),
    over=over,
    marks=("rated:{alignment_question}",),
    answers=True,
    periods=("rolling", "month", "quarter"),
    start_target=0.70,
)
