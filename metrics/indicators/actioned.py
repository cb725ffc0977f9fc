"""D5 `actioned`: decisions on what people raised that were carried out."""

from metrics.indicator import Indicator
from metrics.item import ItemQuestion

INDICATOR = Indicator(
    id="actioned",
    code="D5",
    title="Acted upon",
    question="Is what was decided on people's ideas carried out?",
    formula="items implemented so far / items decided in the period",
    unit="ratio",
    level="outcome",
    direction="at_least",
    window=None,
    needs=frozenset({"raised"}),
    items=ItemQuestion(begins="decided", done_by=("implemented",), window=None),
    of="items",
    periods=("rolling", "month", "quarter"),
    start_target=0.35,
)
