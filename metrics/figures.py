"""Value and bounds of a reading from its units' counts. Formulas: indicators.md, section 1, "Value, lower, upper"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.bounds import Interval, kaplan_meier, over_classes
from metrics.medians import Steps, between_messages, make_steps, median_of
from metrics.reading import Found, Judge, State, Times, denominators
from metrics.snapshot import Unit


@dataclass(frozen=True)
class Question:
    """How a target wants its bounds: see the contract, section 4."""

    judge: Judge
    missing_at_random: bool = False
    blind_share: float = 0.0


@dataclass  # made by the thousand, and a frozen one takes three times as long
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
    return _median if unit == "seconds" else ratio_of


def ratio_of(found: Found, question: Question) -> Figures:
    return ratio(found.counts, question, found.telling)


def _median(found: Found, question: Question) -> Figures:
    return median(found.times, question)


def ratio(counts: NDArray[np.int64], question: Question, telling: NDArray[np.bool_] | None = None) -> Figures:
    """`counts`: shape (units, COLUMNS), the messages (or campaigns) judged together. `telling`: which of them tell who did not (None:
    all); of the others nobody but those who did is known, which is no picture of the rest: they have a part in the range alone."""
    rows = Rows(
        counts, np.ones(len(counts), dtype=np.bool_) if telling is None else telling, np.array([0, len(counts)])
    )
    return ratios(rows, question, np.array([question.blind_share]))[0]


@dataclass(frozen=True)
class Rows:
    """What stands behind many shares: `counts` and `telling` as for one, those of the i-th from `bounds[i]` to just before
    `bounds[i + 1]`."""

    counts: NDArray[np.int64]
    telling: NDArray[np.bool_]
    bounds: NDArray[np.intp]

    def sums(self, amounts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of what is beside the counts: shape (rows, ...) to (shares, ...)."""
        nothing = np.zeros((1, *amounts.shape[1:]), dtype=np.int64)
        return np.diff(np.concatenate([nothing, np.cumsum(amounts, axis=0)])[self.bounds], axis=0)


def ratios(rows: Rows, question: Question, blind_shares: NDArray[np.float64]) -> list[Figures]:
    """Many shares of one target; `blind_shares`: of each, in the place of the question's."""
    told = rows.counts * rows.telling[:, np.newaxis]
    totals, known_of = rows.sums(rows.counts), rows.sums(told)
    n = denominators(totals)
    people = np.maximum(n, 1)
    known = denominators(known_of) - _hidden(known_of)
    # Where more than half cannot be measured, the known ones are no picture of the rest: bounds alone (M2).
    is_told = (known * 2 >= n) & (known > 0)
    value = known_of[:, State.H] / np.maximum(known, 1)
    lower = low = totals[:, State.H] / people
    upper = high = _widened(possible(totals) / people, blind_shares)
    if question.judge == "process":
        everybody = denominators(rows.counts)
        lower = over_classes(rows.counts[:, State.H], everybody, rows.bounds)[0]
        upper = _widened(over_classes(possible(rows.counts), everybody, rows.bounds)[1], blind_shares)
    if question.missing_at_random:
        ends = value, value
        if question.judge == "process":
            ends = over_classes(told[:, State.H], denominators(told) - _hidden(told), rows.bounds)
        lower, upper = np.where(is_told, ends[0], lower), np.where(is_told, ends[1], upper)
    seen = totals[:, [State.H, State.P, State.S_LIKELY, State.S]].sum(axis=-1) / people
    columns = (each.tolist() for each in (n, is_told, value, lower, upper, low, high, seen))
    return [
        Figures(value if is_told else None, lower, upper, (low, high), seen) if n else NOTHING
        for n, is_told, value, lower, upper, low, high, seen in zip(*columns, strict=True)
    ]


def _hidden(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return counts[..., State.P] + counts[..., State.U]


def possible(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return counts[..., State.H] + _hidden(counts) + counts[..., State.S_LIKELY]


def _widened(upper: NDArray[np.float64], blind_shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the people who met a message this share may leave no trace: what `detected` shows, or the operator knows, widens the upper
    bound."""
    traced = 1 - blind_shares
    return np.minimum(1.0, np.divide(upper, traced, out=np.ones_like(upper), where=traced > 0))


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
    raw = [unit.raw for unit in times if unit.raw is not None]
    naive = median_of(make_steps(raw, unknown="never")) if len(raw) == len(times) else None
    return Figures(value, bounds[0], bounds[1], measured, naive)


def _process_bounds(steps: Steps) -> Interval:
    """Chance included: of several messages that between them, of one that of its people."""
    return between_messages(steps) if len(steps.still) > 1 else by_people(steps)


def by_people(steps: Steps) -> Interval:
    """As if all people were those of one message."""
    watched = np.repeat(steps.window, steps.still)
    return kaplan_meier(np.repeat(steps.times, steps.reached), watched)[1]
