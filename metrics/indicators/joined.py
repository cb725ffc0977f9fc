"""M5 `joined`: how much of what is on record is about messages and people that are known."""

from metrics.exposure import EXPOSURES
from metrics.indicator import Indicator

INDICATOR = Indicator(
    id="joined",
    code="M5",
    title="Joined",
    question="How much of what is on record can be counted for a message and a person that we know?",
    formula="distinct facts (message, person, kind and slot) about a message of the catalogue, or what one wants done, by a person of the "
    "directory / distinct facts; by the day on which they happened",
    unit="ratio",
    level="trust",
    direction="at_least",
    window=None,
    needs=EXPOSURES | {"delivered"},
    facts=lambda tally: tally.joined,
    of="facts",
    periods=("rolling", "week", "month", "quarter"),
    start_target=0.98,
)
