"""F5 `period_reach`: people who met at least one message of a period, of those employed all of it."""

from config.duration import Span
from metrics.era import Era
from metrics.exposure import EXPOSURES
from metrics.indicator import Indicator
from metrics.reading import Cells


def over(era: Era) -> Cells:
    return era.count(era.best("exposure"))


INDICATOR = Indicator(
    id="period_reach",
    code="F5",
    title="Reach of a period",
    question="Did everybody meet at least something we sent?",
    formula="people who met at least one message of the period within 5 working days of its sending / people employed all of it",
    unit="ratio",
    level="output",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=EXPOSURES,
    over=over,
    marks=("exposure",),
    periods=("rolling", "week", "month", "quarter"),
    start_target=0.95,
)
