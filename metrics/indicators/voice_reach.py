"""D7 `voice_reach`: people who spoke up."""

import numpy as np

from config.duration import Span
from metrics.era import Era
from metrics.indicator import Indicator
from metrics.reading import Cells, State

_SPOKEN = frozenset({"commented", "raised"})


def over(era: Era) -> Cells:
    states = era.best("commented")
    states[era.places(era.raised)[era.places(era.raised) >= 0]] = State.H
    if not era.sight.shows(_SPOKEN, None):
        states[states > State.U] = State.U
    return era.count(np.asarray(states, dtype=np.uint8))


INDICATOR = Indicator(
    id="voice_reach",
    code="D7",
    title="Voices",
    question="How many spoke up?",
    formula="people who raised at least one item or wrote a comment in the period / people employed all of it",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=_SPOKEN,
    over=over,
    marks=("commented",),
    periods=("rolling", "month", "quarter"),
    start_target=0.20,
)
