"""F4 `reach_on_time`: as reach, by the message's own deadline."""

from metrics.exposure import reach_states, reached_since
from metrics.indicator import Indicator
from metrics.sight import TRACES

INDICATOR = Indicator(
    id="reach_on_time",
    code="F4",
    title="Reach on time",
    question="Did the message reach the people it was meant for before it was due?",
    formula="people of the audience who met it on any channel before its own due date / audience; messages with a due date",
    unit="ratio",
    level="output",
    direction="at_least",
    window=None,
    due=True,
    needs=TRACES,
    applies=lambda view: view.message.due_at is not None,
    classify=reach_states,
    since=reached_since,
    seen_by_opening=True,
    grows=True,
    start_target=0.80,
)
