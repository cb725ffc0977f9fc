"""F3 `reach`: people of the audience who met the message, on any channel."""

from config.duration import Span
from metrics.exposure import reach_states, reached_since
from metrics.indicator import Indicator, always
from metrics.sight import TRACES

INDICATOR = Indicator(
    id="reach",
    code="F3",
    title="Reach",
    question="Did the message reach the people it was meant for?",
    formula="people of the audience who met it on any channel (opened, viewed, read, clicked, downloaded, attended, answered in any way, "
    "shared, acknowledged) / audience",
    unit="ratio",
    level="output",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=TRACES,
    applies=always,
    classify=reach_states,
    since=reached_since,
    seen_by_opening=True,
    grows=True,
    start_target=0.80,
)
