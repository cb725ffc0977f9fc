"""Q2 `read`: people who read the message, of those it was delivered to. A pixel alone is an open, never a read."""

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.indicator import Indicator, always, states_of
from metrics.machines import Evidence
from metrics.reading import States
from metrics.reading_time import expected_seconds
from metrics.view import View

_SHORTEST_SECONDS = 3.0
_SHARE_READ = 0.3
_ACTS = ("acknowledged", "answered", "read", "replied")
_SHOWN_BY = frozenset({"read", "attended"})


def classify(view: View, deadline: int) -> States:
    engaged = view.seconds_engaged(deadline)
    expected = expected_seconds(view.message, view.sight.words_per_minute)
    acted = view.did(_ACTS, Evidence.HUMAN, deadline)
    if expected is None:
        # Nobody can say how long is long enough for a message of unknown length.
        enough = np.zeros(view.size, dtype=np.bool_)
        unclear = engaged >= _SHORTEST_SECONDS
    else:
        enough = engaged >= max(_SHORTEST_SECONDS, _SHARE_READ * expected)
        unclear = np.zeros(view.size, dtype=np.bool_)
    proxies = view.did(("read",), Evidence.PROXY, deadline)
    return states_of(
        human=acted | enough,
        proxy=unclear | proxies | view.without_time(_ACTS),
        likely=view.did(_ACTS, Evidence.SCANNER_LIKELY, deadline),
        scanner=view.did(_ACTS, Evidence.SCANNER, deadline),
        blind=view.blind(_SHOWN_BY, deadline),
        counted=view.delivered(deadline),
    )


def since(view: View) -> NDArray[np.int64]:
    """Of those whose attention was pinged in many slots, nobody knows which of them made it enough."""
    acted = view.first(_ACTS, Evidence.HUMAN)
    expected = expected_seconds(view.message, view.sight.words_per_minute)
    if expected is None:
        return acted
    enough = max(_SHORTEST_SECONDS, _SHARE_READ * expected)
    engaged = view.first(("engaged",), Evidence.HUMAN, where=lambda detail: int(detail["seconds"]) >= enough)
    return np.minimum(acted, engaged)


INDICATOR = Indicator(
    id="read",
    code="Q2",
    title="Read",
    question="Did people read what they received?",
    formula="people engaged for at least 3 s and 30 % of the expected reading time, or who acknowledged, answered, replied or "
    "sent a reading receipt / people it was delivered to",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=_SHOWN_BY,
    applies=always,
    classify=classify,
    since=since,
    attention=True,
    start_target=0.40,
)
