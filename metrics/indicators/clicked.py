"""Q4 `clicked`: people who followed a link of the message, of those it was delivered to."""

from config.duration import Span
from metrics.exposure import seen_states
from metrics.indicator import Indicator
from metrics.machines import Evidence
from metrics.reading import States
from metrics.view import View

_KINDS = frozenset({"clicked"})


def classify(view: View, deadline: int) -> States:
    return seen_states(view, _KINDS, deadline, view.delivered(deadline))


INDICATOR = Indicator(
    id="clicked",
    code="Q4",
    title="Clicked",
    question="Did people follow the links they were given?",
    formula="people who followed a link / people it was delivered to; messages with links; links that scanners follow do not count",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=_KINDS,
    applies=lambda view: bool(view.message.links),
    classify=classify,
    since=lambda view: view.first(_KINDS, Evidence.HUMAN),
    start_target=0.10,
)
