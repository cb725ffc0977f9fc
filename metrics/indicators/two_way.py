"""D8 `two_way`: how much comes back for what is sent."""

import numpy as np

from config.duration import Span
from metrics.era import Era
from metrics.figures import NOTHING, Figures, Question
from metrics.indicator import Indicator
from metrics.reading import Cells, Found, State
from metrics.view import RESPONSES


def over(era: Era) -> Cells:
    """What comes back belongs to everybody: items keep no author, so no segment has any."""
    responses = sum(int((era.spread(each, "responded") == State.H).sum()) for each in era.messages)
    cells = era.count(np.full(era.size, State.H, dtype=np.uint8))
    extra = np.array([[responses + era.items, len(era.messages), era.size]], dtype=np.int64)
    return Cells({"": ("",)}, {"": cells.counts[""]}, extra={"": extra})


def figure(found: Found, _: Question) -> Figures:
    upward, messages, people = found.extra.sum(axis=0).tolist()
    if not messages or not people:
        return NOTHING
    value = (upward / messages) / (people / 100)
    return Figures(value, value, value, (value, value))


INDICATOR = Indicator(
    id="two_way",
    code="D8",
    title="Two ways",
    question="How much comes back for what is sent?",
    formula="items raised and responses, for each message sent and every 100 people employed all of the period; a trend and no share: it "
    "may be above 1 (100 %)",
    unit="ratio",
    level="output",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=RESPONSES | {"raised"},
    over=over,
    marks=("responded",),
    method=figure,
    periods=("rolling", "month", "quarter"),
)
