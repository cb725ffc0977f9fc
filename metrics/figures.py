"""Value and bounds of a reading from its units' counts. Formulas: indicators.md, section 1, "Value, lower, upper"."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.bounds import Interval, kaplan_meier, median_of, middle_of, over_messages, resampled_medians
from metrics.reading import Judge, State, Times, denominators


@dataclass(frozen=True)
class Question:
    """How a target wants its bounds: see the contract, section 4. `seed` belongs to the reading (resampling)."""

    judge: Judge
    missing_at_random: bool = False
    blind_share: float = 0.0
    seed: tuple[int, ...] = (0,)


@dataclass(frozen=True)
class Figures:
    """None where undefined; for medians NOT_REACHED where it lies beyond what was watched. `measured`: the bounds of `count`."""

    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    measured: Interval | None = None
    raw: float | None = None


NOTHING = Figures()


def ratio(counts: NDArray[np.int64], question: Question) -> Figures:
    """`counts`: shape (units, COLUMNS), the messages (or campaigns) judged together."""
    people = denominators(counts)
    n = int(people.sum())
    if n == 0:
        return NOTHING
    human = counts[:, State.H]
    hidden = counts[:, State.P] + counts[:, State.U]
    possible = human + hidden + counts[:, State.S_LIKELY]
    seen = human + counts[:, State.P] + counts[:, State.S_LIKELY] + counts[:, State.S]
    measured = _share(human, n), _with_blind_share(_share(possible, n), question)
    # Where more than half cannot be measured, the known ones are no picture of the rest: bounds alone (M2).
    known = n - int(hidden.sum())
    value = int(human.sum()) / known if known * 2 >= n and known > 0 else None
    lower, upper = measured
    if question.missing_at_random and value is not None:
        lower, upper = _interval(human, people - hidden, question)
    elif question.judge == "process":
        lower = over_messages(human, people)[0]
        upper = _with_blind_share(over_messages(possible, people)[1], question)
    return Figures(value, lower, upper, measured, _share(seen, n))


def _interval(counts: NDArray[np.int64], people: NDArray[np.int64], question: Question) -> Interval:
    if question.judge == "process":
        return over_messages(counts, people)
    share = _share(counts, int(people.sum()))
    return share, share


def _share(counts: NDArray[np.int64], n: int) -> float:
    return int(counts.sum()) / n


def _with_blind_share(upper: float, question: Question) -> float:
    """Of the people who met a message this share leaves no trace: the operator's own knowledge widens the upper bound."""
    return min(1.0, upper / (1 - question.blind_share))


def median(times: Sequence[Times], question: Question) -> Figures:
    """`times`: one a unit, with anybody in it. Unknown people are left out of the value, count as reached at once in the
    lower bound and as never in the upper."""
    people, unknown = sum(unit.people for unit in times), sum(unit.unknown for unit in times)
    if not people:
        return NOTHING
    tables = _Tables(times)
    value = tables.median("left out") if (people - unknown) * 2 >= people else None
    measured = tables.median("at once"), tables.median("never")
    if question.judge == "count":
        bounds = (value, value) if question.missing_at_random and value is not None else measured
    elif question.missing_at_random and value is not None:
        bounds = _process_bounds(times, tables, "left out", question)
    else:
        bounds = (
            _process_bounds(times, tables, "at once", question)[0],
            _process_bounds(times, tables, "never", question)[1],
        )
    return Figures(value, bounds[0], bounds[1], measured)


def _process_bounds(times: Sequence[Times], tables: "_Tables", unknown: str, question: Question) -> Interval:
    if len(times) == 1:
        return kaplan_meier(*_people(times[0], unknown=unknown))[1]
    return middle_of(resampled_medians(*tables.with_unknown(unknown), tables.grid, seed=question.seed))


def _people(unit: Times, *, unknown: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One entry a person: delays of those reached, and how long the others were watched."""
    delays = np.repeat(unit.seconds, unit.reached)
    still = unit.open
    if unknown == "at once":
        delays = np.concatenate([np.zeros(unit.unknown, dtype=np.int64), delays])
    elif unknown == "never":
        still += unit.unknown
    return delays, np.full(still, unit.window, dtype=np.int64)


class _Tables:
    """`grid`: distinct delays, 0 among them, shape (times,); for each unit how many people were reached then and how many were
    watched until just before, shape (units, times)."""

    def __init__(self, times: Sequence[Times]) -> None:
        self.grid = np.unique(np.concatenate([np.zeros(1, dtype=np.int64), *(unit.seconds for unit in times)]))
        self._events = np.zeros((len(times), len(self.grid)), dtype=np.int64)
        for row, unit in enumerate(times):
            self._events[row, np.searchsorted(self.grid, unit.seconds)] = unit.reached
        self._unknown = np.array([unit.unknown for unit in times], dtype=np.int64)
        self._watched = self.grid <= np.array([[unit.window] for unit in times], dtype=np.int64)
        still = np.array([[unit.open] for unit in times], dtype=np.int64)
        later = np.cumsum(self._events[:, ::-1], axis=1)[:, ::-1]
        self._at_risk = later + np.where(self._watched, still, 0)

    def with_unknown(self, unknown: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Events and people at risk, with the unknown reached `at once`, `never`, or `left out`."""
        if unknown == "left out":
            return self._events, self._at_risk
        if unknown == "never":
            return self._events, self._at_risk + np.where(self._watched, self._unknown[:, np.newaxis], 0)
        events, at_risk = self._events.copy(), self._at_risk.copy()
        events[:, 0] += self._unknown
        at_risk[:, 0] += self._unknown
        return events, at_risk

    def median(self, unknown: str) -> float:
        events, at_risk = self.with_unknown(unknown)
        return median_of(events.sum(axis=0), at_risk.sum(axis=0), self.grid)
