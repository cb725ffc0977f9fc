"""M1 `machine_share`: how much of what is on record machines did."""

from metrics.exposure import EXPOSURES
from metrics.indicator import Indicator

INDICATOR = Indicator(
    id="machine_share",
    code="M1",
    title="Done by machines",
    question="How much of what is on record did machines do?",
    formula="distinct facts (message, person, kind and slot) that nothing shows to be a human's / distinct facts; by the day on which they "
    "happened, those about messages that nobody described included",
    unit="ratio",
    level="trust",
    direction="at_most",
    window=None,
    needs=EXPOSURES,
    facts=lambda tally: tally.machine,
    of="facts",
    periods=("rolling", "week", "month", "quarter"),
)
