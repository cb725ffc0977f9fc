"""D6 `recognised`: ideas carried out for which people were thanked in public."""

from config.duration import Span
from metrics.indicator import Indicator
from metrics.item import ItemQuestion

_WINDOW = Span(14, "days")

INDICATOR = Indicator(
    id="recognised",
    code="D6",
    title="Recognised",
    question="Do people get credit in public for ideas that were carried out?",
    formula="items recognised within 14 days of being implemented / items implemented at least 14 days ago",
    unit="ratio",
    level="output",
    direction="at_least",
    window=_WINDOW,
    needs=frozenset({"raised"}),
    items=ItemQuestion(begins="implemented", done_by=("recognised",), window=_WINDOW),
    of="items",
    owed=True,
    periods=("rolling", "month", "quarter"),
    start_target=0.90,
)
