"""D9 `critical_parity`: whether criticism is answered as other feedback is."""

from config.duration import Span
from metrics.indicator import Indicator
from metrics.item import ItemQuestion
from metrics.parity import parity

_WINDOW = Span(30, "days")

INDICATOR = Indicator(
    id="critical_parity",
    code="D9",
    title="Criticism answered alike",
    question="Is criticism answered as often as anything else that people raise?",
    formula="share answered, decided or implemented within 30 days among critical items less the same among all others, mapped from -1..1 "
    "to 0..1: 0.5 (50 %) is equal, less means that criticism is answered less often; items raised at least 30 days ago",
    unit="ratio",
    level="output",
    direction="at_least",
    window=_WINDOW,
    needs=frozenset({"raised"}),
    items=ItemQuestion(begins="raised", done_by=("answered", "decided", "implemented"), window=_WINDOW, critical=True),
    of="items",
    method=parity,
    judge="process",
    periods=("rolling", "month", "quarter"),
    start_target=0.5,
)
