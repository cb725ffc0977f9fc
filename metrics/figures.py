"""Value and bounds of a reading from its units' counts. Formulas: indicators.md, section 1, "Value, lower, upper"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.bounds import Interval, kaplan_meier, over_messages
from metrics.medians import Steps, between_messages, make_steps, median_of
from metrics.reading import Found, Judge, State, Times, denominators
from metrics.snapshot import Unit


@dataclass(frozen=True)
class Question:
    """How a target wants its bounds: see the contract, section 4."""

    judge: Judge
    missing_at_random: bool = False
    blind_share: float = 0.0


@dataclass(frozen=True)
class Figures:
    """None where undefined; for medians NOT_REACHED where it lies beyond what was watched. `measured`: the bounds of `count`. `note`:
    what else is to be said, in a sentence."""

    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    measured: Interval | None = None
    raw: float | None = None
    note: str = ""


NOTHING = Figures()
Method = Callable[[Found, Question], Figures]
"""From what stands behind a reading to its figures."""


def method_of(unit: Unit) -> Method:
    """What makes figures of shares, and of times."""
    return _median if unit == "seconds" else _ratio


def _ratio(found: Found, question: Question) -> Figures:
    return ratio(found.counts, question, found.telling)


def _median(found: Found, question: Question) -> Figures:
    return median(found.times, question)


def ratio(counts: NDArray[np.int64], question: Question, telling: NDArray[np.bool_] | None = None) -> Figures:
    """`counts`: shape (units, COLUMNS), the messages (or campaigns) judged together. `telling`: which of them tell who did not (None:
    all); of the others nobody but those who did is known, which is no picture of the rest: they have a part in the range alone."""
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
    told = np.ones(len(counts), dtype=np.bool_) if telling is None else telling
    known = int((people - hidden)[told].sum())
    value = int(human[told].sum()) / known if known * 2 >= n and known > 0 else None
    lower, upper = measured
    if question.missing_at_random and value is not None:
        lower, upper = _interval(human[told], (people - hidden)[told], question)
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
    """Of the people who met a message this share may leave no trace: what `detected` shows, or the operator knows, widens the upper
    bound."""
    return min(1.0, upper / (1 - question.blind_share)) if question.blind_share < 1 else 1.0


def median(times: Sequence[Times], question: Question) -> Figures:
    """`times`: one a unit, with anybody in it. Unknown people are left out of the value, count as reached at once in the
    lower bound and as never in the upper."""
    people, unknown = sum(unit.people for unit in times), sum(unit.unknown for unit in times)
    if not people:
        return NOTHING
    value = median_of(make_steps(times, unknown="left out")) if (people - unknown) * 2 >= people else None
    at_once, never = make_steps(times, unknown="at once"), make_steps(times, unknown="never")
    measured = median_of(at_once), median_of(never)
    if question.judge == "count":
        bounds = (value, value) if question.missing_at_random and value is not None else measured
    elif question.missing_at_random and value is not None:
        bounds = _process_bounds(make_steps(times, unknown="left out"))
    else:
        bounds = _process_bounds(at_once)[0], _process_bounds(never)[1]
    return Figures(value, bounds[0], bounds[1], measured)


def _process_bounds(steps: Steps) -> Interval:
    """Chance included: of several messages that between them, of one that of its people."""
    return between_messages(steps) if len(steps.still) > 1 else by_people(steps)


def by_people(steps: Steps) -> Interval:
    """As if all people were those of one message."""
    watched = np.repeat(steps.window, steps.still)
    return kaplan_meier(np.repeat(steps.times, steps.reached), watched)[1]
