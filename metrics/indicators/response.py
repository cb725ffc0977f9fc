"""D1 `response`: people who answered the message in any way, of those it was delivered to."""

from config.duration import Span
from metrics.exposure import seen_states
from metrics.indicator import Indicator
from metrics.machines import Evidence
from metrics.reading import States
from metrics.view import RESPONSES, View


def classify(view: View, deadline: int) -> States:
    """Automatic replies are another kind."""
    return seen_states(view.answering(), RESPONSES, deadline, view.delivered(deadline))


INDICATOR = Indicator(
    id="response",
    code="D1",
    title="Response",
    question="Did people answer?",
    formula="people who replied, commented, reacted, answered or rated / people it was delivered to; messages that expect an "
    "answer; automatic replies, the sender's own and reactions taken back do not count",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=RESPONSES,
    applies=lambda view: bool({"answer", "reply"} & set(view.message.expects)),
    classify=classify,
    since=lambda view: view.answering().first(sorted(RESPONSES), Evidence.HUMAN),
)
