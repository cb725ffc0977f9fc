"""Q13 `readability`: how hard the message is beside the organisation's own. A draft's hint, never evidence that anybody understood."""

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.indicator import Indicator
from metrics.means import mean
from metrics.reading import State, States
from metrics.rosters import Persons
from metrics.view import Judged, View


def _rank(view: View) -> int | None:
    return view.behind.rank if view.behind is not None else None


def classify(view: View, _: int) -> States:
    """It is the same for everybody whom the message was meant for."""
    return np.full(view.size, State.H, dtype=np.uint8)


def sum_up(judged: Judged, person: Persons) -> NDArray[np.int64]:
    """Of a campaign everybody has the first message that was meant for them."""
    ranks = np.zeros(len(person), dtype=np.int64)
    for view, _ in reversed(judged):  # the first message writes last
        ranks[np.searchsorted(person, view.audience.person)] = _rank(view) or 0
    return np.stack([np.ones_like(ranks), ranks], axis=1)


INDICATOR = Indicator(
    id="readability",
    code="Q13",
    title="Hard to read",
    question="Is the message harder to read than what we usually write?",
    formula="rank of the message's LIX among the organisation's own of that language, sent up to then: the share of the others that are "
    "easier, those as hard counted half; 0 is the easiest, 1 the hardest; the mean over everybody meant; messages whose `lix` is known",
    unit="ratio",
    level="output",
    direction="at_most",
    window=Span(1, "hours"),
    needs=frozenset(),
    applies=lambda view: _rank(view) is not None,
    classify=classify,
    sums=sum_up,
    method=mean(),
)
