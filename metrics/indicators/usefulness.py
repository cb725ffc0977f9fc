"""Q7 `usefulness`: how people rated the message."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.answers import NO_WORTH, RATING, Answers, Worths, shares_of, worths_in_time
from metrics.indicator import Indicator
from metrics.means import mean
from metrics.messages import Message
from metrics.reading import State, States
from metrics.rosters import Persons
from metrics.tracks import NEVER
from metrics.view import Judged, View


def classify(view: View, deadline: int) -> States:
    rated = sum_up([(view, deadline)], view.audience.person)[:, 0] > 0
    return np.where(rated, np.uint8(State.H), np.uint8(State.OUT))


def sum_up(judged: Judged, person: Persons) -> NDArray[np.int64]:
    """Of each the mean of their ratings, as shares of their scales; all weigh the same."""
    apart = frozenset().union(*(view.behind.apart for view, _ in judged if view.behind is not None))
    count, total = np.zeros((2, len(person)), dtype=np.int64)
    for people, shares in worths_in_time(judged, partial(_share, apart=apart)):
        places = np.searchsorted(person, people)
        count[places] += 1
        total[places] += shares
    means = (2 * total + count) // np.maximum(2 * count, 1)  # a half is rounded up
    return np.stack([(count > 0).astype(np.int64), means], axis=1)


def _share(message: Message, answers: Answers, *, apart: frozenset[str]) -> Worths:
    """How far up its scale a rating is."""
    rated = np.array([row.rated for row in answers.rows], dtype=np.bool_) & (answers.question not in apart)
    return np.where(rated, shares_of(answers, message, default=RATING), NO_WORTH)


def _is_rated(view: View) -> bool:
    return bool(sum_up([(view, NEVER)], view.audience.person)[:, 0].any())


INDICATOR = Indicator(
    id="usefulness",
    code="Q7",
    title="Useful",
    question="Is the message worth people's time, as they say themselves?",
    formula="mean of (rating - lowest) / (highest - lowest) over people of the audience who rated it, each by the mean of theirs; messages "
    "that anybody rated",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(7, "days"),
    needs=frozenset({"rated"}),
    applies=_is_rated,
    classify=classify,
    sums=sum_up,
    method=mean(),
    answers=True,
    start_target=0.70,
)
