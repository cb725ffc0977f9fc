"""Value and bounds of a reading from its units' counts. Formulas: indicators.md, section 1, "Value, lower, upper"."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.bounds import Interval, kaplan_meier, middle_of, over_messages, resampled_medians
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
    if not sum(unit.people for unit in times):
        return NOTHING
    value = None
    if sum(unit.people - unit.unknown for unit in times) * 2 >= sum(unit.people for unit in times):
        value = kaplan_meier(*_people(times, unknown="left out"))[0]
    early, early_bounds = kaplan_meier(*_people(times, unknown="at once"))
    late, late_bounds = kaplan_meier(*_people(times, unknown="never"))
    measured = early, late
    if question.judge == "count":
        bounds = (value, value) if question.missing_at_random and value is not None else measured
    elif question.missing_at_random and value is not None:
        bounds = _process_bounds(times, "left out", question)
    elif len(times) == 1:
        bounds = early_bounds[0], late_bounds[1]
    else:
        bounds = _process_bounds(times, "at once", question)[0], _process_bounds(times, "never", question)[1]
    return Figures(value, bounds[0], bounds[1], measured)


def _process_bounds(times: Sequence[Times], unknown: str, question: Question) -> Interval:
    if len(times) == 1:
        return kaplan_meier(*_people(times, unknown=unknown))[1]
    grid, events, at_risk = _tables(times, unknown)
    return middle_of(resampled_medians(events, at_risk, grid, seed=question.seed))


def _people(times: Sequence[Times], *, unknown: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One entry a person: delays of those reached, and how long the others were watched."""
    delays, watched = [], []
    for unit in times:
        delays.append(np.repeat(unit.seconds, unit.reached))
        watched.append(np.full(unit.open, unit.window, dtype=np.int64))
        if unknown == "at once":
            delays.append(np.zeros(unit.unknown, dtype=np.int64))
        elif unknown == "never":
            watched.append(np.full(unit.unknown, unit.window, dtype=np.int64))
    return np.sort(np.concatenate(delays)), np.sort(np.concatenate(watched))


def _tables(times: Sequence[Times], unknown: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Distinct delays, shape (times,), and for each unit the people reached then and watched until just before."""
    grid = np.unique(np.concatenate([np.zeros(1, dtype=np.int64), *(unit.seconds for unit in times)]))
    events = np.zeros((len(times), len(grid)), dtype=np.int64)
    at_risk = np.zeros_like(events)
    for row, unit in enumerate(times):
        events[row, np.searchsorted(grid, unit.seconds)] = unit.reached
        still = unit.open
        if unknown == "at once":
            events[row, 0] += unit.unknown
        elif unknown == "never":
            still += unit.unknown
        later = np.cumsum(events[row][::-1])[::-1]
        at_risk[row] = later + np.where(grid <= unit.window, still, 0)
    return grid, events, at_risk
