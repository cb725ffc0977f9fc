"""F7 `message_load`: how much reading is sent to people in a week."""

import numpy as np

from config.duration import Span
from metrics.era import NOT_DELIVERED, Era
from metrics.indicator import Indicator
from metrics.means import percentile
from metrics.reading import Cells
from metrics.reading_time import expected_seconds


def over(era: Era) -> Cells:
    """Whole seconds of each message; one of unknown length weighs nothing."""
    load = np.zeros(era.size, dtype=np.int64)
    for footprint in era.messages:
        seconds = expected_seconds(footprint.message, era.settings.words_per_minute)
        if seconds is not None:
            load += int(seconds) * (era.spread(footprint, "delivery") > NOT_DELIVERED)
    return era.distribute(load)


INDICATOR = Indicator(
    id="message_load",
    code="F7",
    title="Reading load",
    question="How much reading do those get who get much?",
    formula="the reading time that nine of ten people stay under (90th percentile): seconds that everything delivered to a person in a "
    "calendar week is expected to take, over everybody employed all of it, those who got nothing included; a message of unknown length "
    "counts nothing",
    unit="seconds",
    level="output",
    direction="at_most",
    window=Span(24, "hours"),
    needs=frozenset({"delivered"}),
    over=over,
    marks=("delivery",),
    method=percentile(0.9),
    of="amounts",
    periods=("week",),
    start_target="75 minutes",
)
