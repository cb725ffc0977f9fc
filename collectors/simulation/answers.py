"""What people answer and how they rate: values, who knew and who guessed, and the answers that some change later.
When somebody answers at all is left to `behaviour`, how answers are shown to the traces."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collectors.simulation.behaviour import Acts, Dice
from collectors.simulation.company import NEVER, Company, Flags, People
from collectors.simulation.hours import Times
from collectors.simulation.parameters import DAY, HOUR, MINUTE, SECOND
from collectors.simulation.plan import Message
from collectors.simulation.templates import Question

ANSWERS_DAYS = 7
"""The window of answers. Who answers within it changes within it, so that the newest answer is the one that counts."""

_BETWEEN_QUESTIONS = 20 * SECOND
_CHANGED = 0.08
# How far a rating follows the person, and the message, as shares of the scale.
_ATTITUDE = 0.1
_EFFECT = 0.1


@dataclass(frozen=True)
class Given:
    """The answers to one question, arrays with an entry a person of the audience. `at`: NEVER where none was given; `value`: a
    position in `options`, or a rating; `knew`: did not have to guess; `changed_at` and `changed_value`: the newer answer of
    those who changed theirs."""

    question: Question
    people: People
    at: Times
    value: NDArray[np.int64]
    knew: Flags
    changed_at: Times
    changed_value: NDArray[np.int64]

    def newest(self, before: int) -> tuple[Flags, NDArray[np.int64]]:
        """Who had answered before a moment, and each one's newest answer by then."""
        return self.at < before, np.where(self.changed_at < before, self.changed_value, self.value)


def give_answers(company: Company, message: Message, acts: Acts, dice: Dice) -> list[Given]:
    """One entry for each of the message's questions, in their order."""
    return [_give(company, message, acts, place, dice) for place in range(len(message.template.questions))]


def _give(company: Company, message: Message, acts: Acts, place: int, dice: Dice) -> Given:
    question, count = message.template.questions[place], len(acts.people)
    asked_alone = question.is_scale and message.template.channel != "survey"
    first = acts.at["rated" if asked_alone else "answered"]
    answered = first < NEVER
    at = np.where(answered, np.where(answered, first, 0) + place * _BETWEEN_QUESTIONS, NEVER)
    knew = dice.random(count) < question.knowledge
    value, other = (_draw(company, message, acts.people, question, dice) for _ in range(2))
    if not question.is_scale:
        right = question.options.index(question.correct)
        value, other = np.where(knew, right, value), np.where(knew, right, other)
    changes = answered & ~knew & (dice.random(count) < _CHANGED)
    later = np.where(answered, at, 0) + MINUTE + dice.exponential(8 * HOUR, count).astype(np.int64)
    latest = np.minimum(company.left_us[acts.people], message.sent_at + ANSWERS_DAYS * DAY - HOUR)
    changes &= later < latest
    return Given(question, acts.people, at, value, knew, np.where(changes, later, NEVER), other)


def _draw(company: Company, message: Message, people: People, question: Question, dice: Dice) -> NDArray[np.int64]:
    """A guess among the options, or a rating."""
    if not question.is_scale:
        return dice.integers(0, len(question.options), len(people))
    span = question.highest - question.lowest
    middle = (question.mean - question.lowest) / span
    shares = middle + _ATTITUDE * company.attitude[people] + _EFFECT * message.effect
    return np.asarray(question.lowest + dice.binomial(span, np.clip(shares, 0.0, 1.0)), dtype=np.int64)
