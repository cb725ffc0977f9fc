"""How long feedback waits: Kaplan-Meier medians of items, of which some are still open. Formula: `docs/indicators.md`, "Items"."""

from collections.abc import Sequence

import numpy as np

from metrics.bounds import NOT_REACHED
from metrics.figures import NOTHING, Figures, Question, by_people
from metrics.medians import Steps, make_steps, median_of
from metrics.reading import Found, Times

_FOR_EVER = int(np.iinfo(np.int64).max)


def waiting(found: Found, question: Question) -> Figures:
    """The method. `times`: one an item, each one chance, as a person is; `extra`: 1 where it is still watched, so that it may be done at
    any moment from now on, or never: that is how far the range goes, since a curve that ends early says nothing of what comes after."""
    if not found.times:
        return NOTHING
    watched = found.extra[:, 0].astype(np.bool_).tolist()
    value = median_of(_steps(found.times))
    now = _steps([_done_now(unit) if open else unit for unit, open in zip(found.times, watched, strict=True)])
    never = _steps([_never_done(unit) if open else unit for unit, open in zip(found.times, watched, strict=True)])
    measured = median_of(now), median_of(never)
    if question.missing_at_random and value != NOT_REACHED:
        at_random = (value, value) if question.judge == "count" else by_people(_steps(found.times))
        return Figures(value, *at_random, measured)
    if question.judge == "count":
        return Figures(value, *measured, measured)
    return Figures(value, by_people(now)[0], by_people(never)[1], measured)


def _steps(times: Sequence[Times]) -> Steps:
    return make_steps(times, unknown="left out")


def _done_now(unit: Times) -> Times:
    moment, once = np.array([unit.window], dtype=np.int64), np.ones(1, dtype=np.int64)
    return Times(moment, once, open=0, unknown=0, window=unit.window)


def _never_done(unit: Times) -> Times:
    return Times(unit.seconds, unit.reached, open=1, unknown=0, window=_FOR_EVER)
