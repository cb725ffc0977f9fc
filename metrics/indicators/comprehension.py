"""Q6 `comprehension`: right answers to a quiz, less what guessing would have got right."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.answers import Answer, answers_in_time
from metrics.indicator import Indicator
from metrics.means import mean, ten_thousandths
from metrics.reading import State, States
from metrics.rosters import Persons
from metrics.view import Judged, View


def classify(view: View, deadline: int) -> States:
    answered = sum_up([(view, deadline)], view.audience.person)[:, 0] > 0
    return np.where(answered, np.uint8(State.H), np.uint8(State.OUT))


def sum_up(judged: Judged, person: Persons) -> NDArray[np.int64]:
    """How many answers each gave, and what these are worth together."""
    table = np.zeros((len(person), 2), dtype=np.int64)
    for each, answers in answers_in_time(judged).items():
        scores = [score for answer in answers if (score := _score(answer)) is not None]
        table[np.searchsorted(person, each)] = len(scores), sum(scores)
    return table


def _score(answer: Answer) -> int | None:
    """1 where it is right, and where it is wrong as much less than nothing that guessing comes to nothing; None where nothing is right."""
    for question in answer.message.questions:
        if question.id == answer.row.question and question.correct is not None and len(question.options) > 1:
            by_chance = Fraction(1, len(question.options))
            return ten_thousandths((int(answer.row.choice == question.correct) - by_chance) / (1 - by_chance))
    return None


INDICATOR = Indicator(
    id="comprehension",
    code="Q6",
    title="Understood",
    question="Did people understand the message?",
    formula="mean over the answers to quiz questions of (right - 1/m) / (1 - 1/m) with m options, so that guessing comes to 0; 0 at the "
    "least; of the audience, the newest answer to each question; messages with a quiz",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(7, "days"),
    needs=frozenset({"answered"}),
    applies=lambda view: any(question.correct is not None for question in view.message.questions),
    classify=classify,
    sums=sum_up,
    method=mean(lowest=-1),
    answers=True,
    start_target=0.70,
)
