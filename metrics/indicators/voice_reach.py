"""D7 `voice_reach`: people who spoke up."""

from config.duration import Span
from metrics.era import Era
from metrics.indicator import Indicator
from metrics.reading import Cells

_SPOKEN = frozenset({"commented", "raised"})


def over(era: Era) -> Cells:
    return era.count_voices("commented", _SPOKEN)


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
