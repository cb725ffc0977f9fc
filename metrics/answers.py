"""Answers to the questions of a message: of each person and question the newest one, by whichever of their identifiers. What makes an
answer right, or good, is left to the indicators."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from metrics.audiences import Audience
from metrics.facts import TICK_SECONDS, slot_width
from metrics.ledger.sets import AnswerRow
from metrics.means import SCORE
from metrics.messages import Message
from metrics.people import People
from metrics.rosters import Persons

RATING = (1.0, 5.0)  # the scale of a rating whose question says none
NO_WORTH = np.iinfo(np.int64).min
"""Of an answer that says nothing of what is asked."""

_SLOT_US = slot_width("answered") * TICK_SECONDS * 1_000_000

Worths = NDArray[np.int64]


@dataclass(frozen=True)
class Answers:
    """To one question; all of one length. `places`: in the audience, sorted, each once; `rows`: beside them."""

    question: str
    places: NDArray[np.intp]
    rows: Sequence[AnswerRow]

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """NaN where there is no number."""
        return np.array([np.nan if row.value is None else row.value for row in self.rows], dtype=np.float64)

    @cached_property
    def times(self) -> NDArray[np.int64]:
        """Microseconds; 0 where nobody knows when."""
        return np.array([row.time for row in self.rows], dtype=np.int64)

    def before(self, deadline: int) -> NDArray[np.bool_]:
        """Whose slot begins before a moment (seconds), or of whom nobody knows."""
        return self.times // _SLOT_US * (_SLOT_US // 1_000_000) < deadline


Given = Mapping[str, Answers]
"""By question."""


class _Seen(Protocol):
    """What is asked of a view."""

    @property
    def message(self) -> Message: ...
    @property
    def audience(self) -> Audience: ...
    @property
    def given(self) -> Given: ...


def collect_answers(rows: Sequence[AnswerRow], audience: Audience, people: People) -> Given:
    """Those of the audience."""
    if not rows:
        return {}
    persons = people.persons_of(np.array([row.person for row in rows], dtype=np.int64))
    places = np.minimum(np.searchsorted(audience.person, persons), len(audience.person) - 1)
    there = (audience.person[places] == persons).tolist() if len(audience.person) else [False] * len(rows)
    found: dict[str, tuple[list[int], list[AnswerRow]]] = {}
    for row, place, inside in zip(rows, places.tolist(), there, strict=True):
        if inside:
            here, asked = found.setdefault(row.question, ([], []))
            here.append(place)
            asked.append(row)
    return {question: _newest(question, *found[question]) for question in sorted(found)}


def _newest(question: str, places: list[int], rows: list[AnswerRow]) -> Answers:
    if len(set(places)) < len(places):
        newest: dict[int, AnswerRow] = {}
        for place, row in zip(places, rows, strict=True):
            newest[place] = max(newest.get(place, row), row, key=lambda each: (each.time, each.id, each.hash))
        places, rows = list(newest), list(newest.values())
    order = np.argsort(places)
    return Answers(question, np.array(places, dtype=np.intp)[order], [rows[each] for each in order.tolist()])


def worths_in_time(
    judged: Sequence[tuple[_Seen, int]], worth: Callable[[Message, Answers], Worths]
) -> Iterator[tuple[Persons, Worths]]:
    """To messages judged as one, by question: who answered it (dense numbers, each once), and what the newest of their answers is worth,
    those that are worth anything. An answer that was changed when it was too late is none; one given at no known time counts."""
    for question in sorted({question for view, _ in judged for question in view.given}):
        persons, times, worths = [], [], []
        for view, deadline in judged:
            answers = view.given.get(question)
            if answers is not None:
                inside = answers.before(deadline)
                persons.append(view.audience.person[answers.places[inside]])
                times.append(answers.times[inside])
                worths.append(worth(view.message, answers)[inside])
        person, found = np.concatenate(persons), np.concatenate(worths)
        order = np.lexsort((np.concatenate(times), person))
        person, found = person[order], found[order]
        last = np.append(person[1:] != person[:-1], True)[: len(person)] & (found != NO_WORTH)
        yield person[last], found[last]


def shares_of(answers: Answers, message: Message, *, default: tuple[float, float]) -> Worths:
    """Values as shares of the way from the scale's lowest to its highest, in ten-thousandths. `default`: the scale of a question whose
    entry says none."""
    lowest, highest = map(Fraction, scale_of(message, answers.question, default))
    different, places = np.unique(answers.values, return_inverse=True)  # few numbers, each to the last digit
    shares = [
        NO_WORTH if math.isnan(value) else _share((Fraction(value) - lowest) / (highest - lowest))
        for value in different.tolist()
    ]
    return np.array(shares, dtype=np.int64)[places]


def _share(way: Fraction) -> int:
    return math.floor(min(Fraction(1), max(Fraction(0), way)) * SCORE + Fraction(1, 2))


def scale_of(message: Message, question: str, default: tuple[float, float]) -> tuple[float, float]:
    """The ends of a question's scale, by the message's entry."""
    for asked in message.questions:
        if asked.id == question and asked.lowest is not None and asked.highest is not None:
            return float(asked.lowest), float(asked.highest)
    return default
