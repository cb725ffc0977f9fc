"""M6 `detected`: of those who answered a message, the share whose opening was recorded. What it leaves open widens other indicators."""

from config.duration import Span
from metrics.exposure import OPENINGS, detected_states
from metrics.indicator import Indicator, always

INDICATOR = Indicator(
    id="detected",
    code="M6",
    title="Openings detected",
    question="Of people who certainly met the message, how many does a recorded opening show?",
    formula="people with an opening on record / people who clicked, replied or acknowledged on the message's own channel, without those "
    "of whom it is known that nothing of them can be seen",
    unit="ratio",
    level="trust",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=OPENINGS,
    applies=always,
    classify=detected_states,
    judge="process",
)
