"""D2 `participation`: people who say anything at all."""

from config.duration import Span
from metrics.era import Era
from metrics.indicator import Indicator
from metrics.reading import Cells

_VOICED = frozenset({"reacted", "commented", "replied", "raised"})


def over(era: Era) -> Cells:
    return era.count_voices("voiced", _VOICED)


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
