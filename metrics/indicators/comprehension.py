"""Q6 `comprehension`: right answers to a quiz, less what guessing would have got right."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.answers import NO_WORTH, Answers, Worths, worths_in_time
from metrics.indicator import Indicator
from metrics.means import SCORE, mean, ten_thousandths
from metrics.messages import Message
from metrics.reading import State, States
from metrics.rosters import Persons
from metrics.view import Judged, View


def classify(view: View, deadline: int) -> States:
    answered = sum_up([(view, deadline)], view.audience.person)[:, 0] > 0
    return np.where(answered, np.uint8(State.H), np.uint8(State.OUT))


def sum_up(judged: Judged, person: Persons) -> NDArray[np.int64]:
    """How many answers each gave, and what these are worth together."""
    table = np.zeros((len(person), 2), dtype=np.int64)
    for people, scores in worths_in_time(judged, _score):
        table[np.searchsorted(person, people)] += np.stack([np.ones_like(scores), scores], axis=1)
    return table


def _score(message: Message, answers: Answers) -> Worths:
    """1 where it is right, and where it is wrong as much less than nothing that guessing comes to nothing."""
    for question in message.questions:
        if question.id == answers.question and question.correct is not None and len(question.options) > 1:
            is_right = np.array([row.choice == question.correct for row in answers.rows], dtype=np.bool_)
            wrong = ten_thousandths(Fraction(-1, len(question.options) - 1))
            return np.where(is_right, np.int64(SCORE), np.int64(wrong))
    return np.full(len(answers.rows), NO_WORTH)


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
