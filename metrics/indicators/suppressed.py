"""M4 `suppressed`: how much of what is asked is hidden because few people stand behind it."""

from metrics.indicator import Indicator

INDICATOR = Indicator(
    id="suppressed",
    code="M4",
    title="Hidden figures",
    question="How many of our figures have to be hidden, because too few people stand behind them?",
    formula="published readings of the other targets that are hidden / published readings of the other targets, as they stand now",
    unit="ratio",
    level="trust",
    direction="at_most",
    window=None,
    needs=frozenset(),
    of_readings=True,
    of="readings",
    owed=True,
    periods=("rolling",),
)
