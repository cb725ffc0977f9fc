"""Answers to the questions of a message: of each person and question the newest one, by whichever of their identifiers. What makes an
answer right, or good, is left to the indicators."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.facts import TICK_SECONDS, slot_of
from metrics.ledger.sets import AnswerRow
from metrics.means import SCORE
from metrics.messages import Message
from metrics.view import Judged, View

RATING = (1.0, 5.0)  # the scale of a rating whose question says none


@dataclass(frozen=True)
class Answers:
    """To one question; all of one length. `places`: in the audience, each once; `choices`: None where a value alone was given;
    `values`: NaN where a choice alone; `moments`: seconds, 0 where unknown."""

    question: str
    places: NDArray[np.intp]
    choices: tuple[str | None, ...]
    values: NDArray[np.float64]
    moments: NDArray[np.int64]


@dataclass(frozen=True)
class Answer:
    """One person's newest answer to a question, and the message it was an answer to."""

    message: Message
    row: AnswerRow

    @property
    def order(self) -> tuple[int, str, str]:
        return self.row.time, self.row.id, self.row.hash


def answers_in_time(judged: Judged) -> Mapping[int, list[Answer]]:
    """To messages judged as one, by person (dense number): the newest of theirs to each question. One that was changed when it was
    too late is none; one given at no known time counts."""
    newest: dict[tuple[int, str], Answer] = {}
    for view, deadline in judged:
        for (question, place), row in _newest(view).items():
            answer, key = Answer(view.message, row), (int(view.audience.person[place]), question)
            if slot_of("answered", row.time) * TICK_SECONDS < deadline:
                newest[key] = max(newest.get(key, answer), answer, key=lambda each: each.order)
    found: dict[int, list[Answer]] = {}
    for (person, _), answer in sorted(newest.items(), key=lambda item: item[0]):
        found.setdefault(person, []).append(answer)
    return found


def newest_answers(view: View) -> dict[str, Answers]:
    """By question, those of the audience."""
    newest = _newest(view)
    return {question: _collect(question, newest) for question in sorted({question for question, _ in newest})}


def _newest(view: View) -> dict[tuple[str, int], AnswerRow]:
    """By question and place in the audience."""
    if view.behind is None:
        return {}
    rows = view.behind.answers
    persons = view.behind.people.persons_of(np.array([row.person for row in rows], dtype=np.int64))
    places = np.searchsorted(view.audience.person, persons)
    there = (persons >= 0) & (places < view.size)
    there[there] = view.audience.person[places[there]] == persons[there]
    newest: dict[tuple[str, int], AnswerRow] = {}
    for row, place, inside in zip(rows, places.tolist(), there.tolist(), strict=True):
        if inside:
            key = (row.question, place)
            newest[key] = max(newest.get(key, row), row, key=lambda each: (each.time, each.id, each.hash))
    return newest


def _collect(question: str, newest: dict[tuple[str, int], AnswerRow]) -> Answers:
    rows = sorted((place, row) for (asked, place), row in newest.items() if asked == question)
    return Answers(
        question,
        places=np.array([place for place, _ in rows], dtype=np.intp),
        choices=tuple(row.choice for _, row in rows),
        values=np.array([np.nan if row.value is None else row.value for _, row in rows], dtype=np.float64),
        moments=np.array([row.time // 1_000_000 for _, row in rows], dtype=np.int64),
    )


def shares_of(answers: Answers, message: Message, *, default: tuple[float, float]) -> NDArray[np.int32]:
    """Values as shares of the way from the scale's lowest to its highest, in ten-thousandths; -1 where there is no value. `default`:
    the scale of a question whose entry says none."""
    lowest, highest = scale_of(message, answers.question, default)
    way = np.clip((answers.values - lowest) / (highest - lowest), 0.0, 1.0)
    return np.where(np.isnan(way), -1, np.floor(np.nan_to_num(way) * SCORE + 0.5)).astype(np.int32)


def scale_of(message: Message, question: str, default: tuple[float, float]) -> tuple[float, float]:
    """The ends of a question's scale, by the message's entry."""
    for asked in message.questions:
        if asked.id == question and asked.lowest is not None and asked.highest is not None:
            return float(asked.lowest), float(asked.highest)
    return default
