"""M3 `maturity`: messages that are old enough to be judged."""

from config.duration import Span
from metrics.indicator import Indicator

INDICATOR = Indicator(
    id="maturity",
    code="M3",
    title="Old enough to judge",
    question="How many of our messages are old enough to be judged?",
    formula="messages whose window (of 5 working days, or the target's) has closed and settled / messages sent",
    unit="ratio",
    level="trust",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=frozenset(),
    by_age=True,
    of="messages",
    owed=True,
    periods=("rolling", "week", "month", "quarter"),
)
