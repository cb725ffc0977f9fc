"""F1 `addressable`: people whom the message could get to at all."""

import numpy as np

from config.duration import Span
from metrics.exposure import EXPOSURES
from metrics.indicator import Indicator, always, states_of
from metrics.machines import Evidence
from metrics.reading import States
from metrics.view import View


def classify(view: View, deadline: int) -> States:
    """Whoever met it, or had it delivered, has a channel that works. Where no deliveries show, nobody can tell of the others."""
    kinds = sorted(EXPOSURES)
    arrived = view.delivered(deadline) if view.shows_deliveries else np.zeros(view.size, dtype=np.bool_)
    return states_of(
        human=arrived | view.did(kinds, Evidence.HUMAN, deadline),
        proxy=view.did(kinds, Evidence.PROXY, deadline) | view.without_time(kinds),
        likely=view.did(kinds, Evidence.SCANNER_LIKELY, deadline),
        scanner=view.did(kinds, Evidence.SCANNER, deadline),
        blind=np.full(view.size, not view.shows_deliveries),
        counted=np.ones(view.size, dtype=np.bool_),
    )


INDICATOR = Indicator(
    id="addressable",
    code="F1",
    title="Addressable",
    question="Is there any way to get to everybody the message was meant for?",
    formula="people of the audience to whom it was delivered, or who met it on any channel / audience",
    unit="ratio",
    level="output",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=EXPOSURES | {"delivered"},
    applies=always,
    classify=classify,
    start_target=0.98,
)
