"""Q1 `opened`: people who opened the message, of those it was delivered to."""

from config.duration import Span
from metrics.exposure import OPENINGS, opened_states
from metrics.indicator import Indicator, always
from metrics.machines import Evidence

INDICATOR = Indicator(
    id="opened",
    code="Q1",
    title="Opened",
    question="Did people open what they received?",
    formula="people who opened, viewed or read it / people it was delivered to; what privacy proxies and blocked images hide "
    "stands in the bounds, and so does what `detected` finds missing",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(48, "hours"),
    needs=OPENINGS,
    applies=always,
    classify=opened_states,
    since=lambda view: view.first(sorted(OPENINGS), Evidence.HUMAN),
    seen_by_opening=True,
    start_target=0.65,
)
