"""D2 `participation`: people who say anything at all."""

import numpy as np

from config.duration import Span
from metrics.era import Era
from metrics.indicator import Indicator
from metrics.reading import Cells, State

_VOICED = frozenset({"reacted", "commented", "replied", "raised"})


def over(era: Era) -> Cells:
    states = era.best("voiced")
    states[era.places(era.raised)[era.places(era.raised) >= 0]] = State.H
    if not era.sight.shows(_VOICED, None):
        states[states > State.U] = State.U
    return era.count(np.asarray(states, dtype=np.uint8))


INDICATOR = Indicator(
    id="participation",
    code="D2",
    title="Participation",
    question="How many take part in the conversation?",
    formula="people with at least one reaction, comment, reply or piece of feedback in the period / people employed all of it",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=_VOICED,
    over=over,
    marks=("voiced",),
    periods=("rolling", "month", "quarter"),
    start_target=0.40,
)
