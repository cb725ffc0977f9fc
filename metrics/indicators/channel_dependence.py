"""F10 `channel_dependence`: people whom one channel alone reaches."""

import numpy as np

from config.duration import Span
from metrics.era import ABSENT, Era
from metrics.exposure import EXPOSURES
from metrics.indicator import Indicator
from metrics.reading import Cells, State


def over(era: Era) -> Cells:
    channels = np.zeros(era.size, dtype=np.int32)
    for footprint in era.messages:
        bits = era.spread(footprint, "channels")
        channels |= np.where(bits == ABSENT, 0, bits)
    one_bit = (channels & (channels - 1)) == 0
    states = np.where(channels == 0, State.OUT, np.where(one_bit, State.H, State.NOT))
    return era.count(states.astype(np.uint8))


INDICATOR = Indicator(
    id="channel_dependence",
    code="F10",
    title="Dependence on one channel",
    question="How many would hear nothing if one channel fell silent?",
    formula="people who met messages on exactly one channel / people who met any message of the period",
    unit="ratio",
    level="output",
    direction="at_most",
    window=Span(5, "days", working=True),
    needs=EXPOSURES,
    over=over,
    marks=("channels",),
    periods=("rolling", "month", "quarter"),
    start_target=0.25,
)
