"""D3 `time_to_answer`: how long people wait for an answer to what they raised."""

from config.duration import Span
from metrics.indicator import Indicator
from metrics.item import ItemQuestion
from metrics.waiting import waiting

_WINDOW = Span(30, "days")

INDICATOR = Indicator(
    id="time_to_answer",
    code="D3",
    title="Time to an answer",
    question="How long until half of what people raised had an answer?",
    formula="the time from being raised by which half of the items were answered, decided or implemented (Kaplan-Meier median); open items "
    "count as waiting until now, for 30 days at most",
    unit="seconds",
    level="output",
    direction="at_most",
    window=_WINDOW,
    needs=frozenset({"raised"}),
    items=ItemQuestion(begins="raised", done_by=("answered", "decided", "implemented"), window=_WINDOW, censored=True),
    method=waiting,
    of="items",
    periods=("rolling", "month", "quarter"),
    start_target="7 days",
)
