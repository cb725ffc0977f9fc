"""F11 `out_of_hours`: deliveries that came when people do not work."""

import numpy as np

from config.duration import Span
from metrics.era import IN_HOURS, OUT_OF_HOURS, Era
from metrics.indicator import Indicator
from metrics.reading import Cells


def over(era: Era) -> Cells:
    outside = np.zeros(era.size, dtype=np.int64)
    inside = np.zeros(era.size, dtype=np.int64)
    for footprint in era.messages:
        if not footprint.message.urgent:
            deliveries = era.spread(footprint, "delivery")
            outside += deliveries == OUT_OF_HOURS
            inside += deliveries == IN_HOURS
    return era.count_deliveries(outside, inside)


INDICATOR = Indicator(
    id="out_of_hours",
    code="F11",
    title="Out of hours",
    question="Do we leave people alone when they do not work?",
    formula="deliveries outside the organisation's working hours / deliveries; urgent messages count in neither",
    unit="ratio",
    level="output",
    direction="at_most",
    window=Span(24, "hours"),
    needs=frozenset({"delivered"}),
    over=over,
    marks=("delivery",),
    of="deliveries",
    periods=("rolling", "week", "month", "quarter"),
    start_target=0.05,
)
