"""Q3 `attention`: how much of the message people took in, of those who gave it any attention."""

import math

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.indicator import Indicator, states_of
from metrics.machines import Evidence
from metrics.means import SCORE, mean
from metrics.reading import State, States
from metrics.reading_time import exact_seconds
from metrics.rosters import Persons
from metrics.view import Judged, View

_SKIMMED_SECONDS = 3
_KINDS = ("attended", "engaged", "read")
_SHOWN_BY = frozenset({"read", "attended"})


def classify(view: View, deadline: int) -> States:
    """Readers and skimmers; besides them those who may have been. Who gave it no attention counts neither way."""
    states = states_of(
        human=view.seconds_engaged(deadline) >= _SKIMMED_SECONDS,
        proxy=view.did(_KINDS, Evidence.PROXY, deadline) | view.without_time(_KINDS),
        likely=np.zeros(view.size, dtype=np.bool_),
        scanner=np.zeros(view.size, dtype=np.bool_),
        blind=view.blind(_SHOWN_BY, deadline),
        counted=view.delivered(deadline),
    )
    return np.where(states == State.NOT, np.uint8(State.OUT), states)


def sum_up(judged: Judged, person: Persons) -> NDArray[np.int64]:
    """Of each the most that any of the messages got of the time it takes to read it, in ten-thousandths; all weigh the same."""
    most = np.zeros(len(person), dtype=np.int64)
    for view, deadline in judged:
        expected = exact_seconds(view.message, view.sight.words_per_minute)
        seconds, places = np.unique(view.seconds_engaged(deadline), return_inverse=True)
        shares = np.array([math.floor(min(1, each / expected) * SCORE) for each in seconds.tolist()], dtype=np.int64)
        counted = classify(view, deadline) == State.H
        here = np.searchsorted(person, view.audience.person[counted])
        most[here] = np.maximum(most[here], shares[places][counted])
    return np.stack([np.ones_like(most), most], axis=1)


INDICATOR = Indicator(
    id="attention",
    code="Q3",
    title="Attention",
    question="How much of what they open do people take in?",
    formula="mean of engaged seconds / expected seconds, 1 at the most, over people it was delivered to who gave it 3 seconds or more; "
    "messages of known length",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=_SHOWN_BY,
    applies=lambda view: bool(view.message.words),
    classify=classify,
    sums=sum_up,
    method=mean(),
    attention=True,
    start_target=0.50,
)
