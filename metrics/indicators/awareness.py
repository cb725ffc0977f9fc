"""Q8 `awareness`: people who met enough messages about a goal, a value or a product to know it."""

from config.duration import Span
from metrics.awareness import count_aware
from metrics.exposure import EXPOSURES
from metrics.indicator import Indicator

INDICATOR = Indicator(
    id="awareness",
    code="Q8",
    title="Awareness",
    question="Do people know this goal?",
    formula="people who met at least 3 messages about it within 5 working days of their sending / people employed all of the period; "
    "by goal or topic, those of the configuration that no message named included",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=EXPOSURES,
    over=count_aware,
    marks=("exposure",),
    periods=("rolling", "month", "quarter"),
    by_subject=True,
    start_target=0.80,
)
