"""D4 `loop_closure`: pieces of feedback that came to something, of all that were raised."""

from config.duration import Span
from metrics.indicator import Indicator
from metrics.item import ItemQuestion

_WINDOW = Span(30, "days")

INDICATOR = Indicator(
    id="loop_closure",
    code="D4",
    title="Loop closed",
    question="Does what people raise come to something?",
    formula="items decided, implemented or recognised within 30 days of being raised / items raised at least 30 days ago",
    unit="ratio",
    level="output",
    direction="at_least",
    window=_WINDOW,
    needs=frozenset({"raised"}),
    items=ItemQuestion(begins="raised", done_by=("decided", "implemented", "recognised"), window=_WINDOW),
    of="items",
    owed=True,
    periods=("rolling", "month", "quarter"),
    start_target=0.90,
)
