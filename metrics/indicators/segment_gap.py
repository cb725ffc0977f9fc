"""E1 `segment_gap`: how far the segments of the organisation truly lie apart."""

from config.duration import Span
from metrics.exposure import EXPOSURES
from metrics.indicator import Indicator

INDICATOR = Indicator(
    id="segment_gap",
    code="E1",
    title="Gap between segments",
    question="Do some departments or sites hear less than others, beyond chance?",
    formula="how far the segments' true values lie from what all do together (standard deviation) under the indicator of "
    "`indicators.gap_of`, what chance adds taken off (beta-binomial, by moments); never best minus worst. Segments outside a funnel of "
    "99.8 % around what all do are named",
    unit="ratio",
    level="output",
    direction="at_most",
    window=Span(5, "days", working=True),
    needs=EXPOSURES,
    between_segments=True,
    periods=("rolling", "week", "month", "quarter"),
    start_target=0.05,
)
