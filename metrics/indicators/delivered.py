"""F2 `delivered`: people whom the message got to, of those it was sent to."""

from config.duration import Span
from metrics.indicator import Indicator, states_of
from metrics.reading import States
from metrics.view import View

_SENT = ("queued", "sent", "delivered", "deferred", "bounced", "rejected")


def classify(view: View, deadline: int) -> States:
    """Bounced, rejected and still deferred when the window closes all count against."""
    return states_of(human=view.delivered(deadline), counted=view.did(_SENT, None, deadline))


INDICATOR = Indicator(
    id="delivered",
    code="F2",
    title="Delivered",
    question="Did the message get to the people it was sent to?",
    formula="people it was delivered to, without bouncing afterwards / people it was sent to; bounced, rejected and still deferred when "
    "the window closes count against",
    unit="ratio",
    level="output",
    direction="at_least",
    window=Span(24, "hours"),
    needs=frozenset({"delivered"}),
    applies=lambda view: view.shows_deliveries,
    classify=classify,
    owed=True,
    start_target=0.99,
)
