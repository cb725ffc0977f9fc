"""Q7 `usefulness`: how people rated the message."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.answers import RATING, Answer, answers_in_time, scale_of
from metrics.indicator import Indicator
from metrics.means import mean, ten_thousandths
from metrics.reading import State, States
from metrics.rosters import Persons
from metrics.tracks import NEVER
from metrics.view import Judged, View


def classify(view: View, deadline: int) -> States:
    rated = sum_up([(view, deadline)], view.audience.person)[:, 0] > 0
    return np.where(rated, np.uint8(State.H), np.uint8(State.OUT))


def sum_up(judged: Judged, person: Persons) -> NDArray[np.int64]:
    """Of each the mean of their ratings, as shares of their scales; all weigh the same."""
    table = np.zeros((len(person), 2), dtype=np.int64)
    apart = frozenset().union(*(view.behind.apart for view, _ in judged if view.behind is not None))
    for each, answers in answers_in_time(judged).items():
        shares = [_share(answer) for answer in answers if answer.row.rated and answer.row.question not in apart]
        rated = [share for share in shares if share is not None]
        if rated:
            table[np.searchsorted(person, each)] = 1, ten_thousandths(Fraction(sum(rated)) / len(rated))
    return table


def _share(answer: Answer) -> Fraction | None:
    """How far up its scale; None without a number."""
    if answer.row.value is None:
        return None
    lowest, highest = map(Fraction, scale_of(answer.message, answer.row.question, RATING))
    return min(Fraction(1), max(Fraction(0), (Fraction(answer.row.value) - lowest) / (highest - lowest)))


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
