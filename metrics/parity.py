"""Whether one group fares as another does: the difference of two shares, of items (`docs/indicators.md`, D9), or of people who were sent a
message and others who were held out of it (there, "What messages want done")."""

import math
from dataclasses import replace

from metrics.bounds import Interval, wilson
from metrics.figures import NOTHING, Figures, Question, ratio
from metrics.reading import Found, denominators, widen


def parity(found: Found, question: Question) -> Figures:
    """The method: the share done in the first group less that in the second, mapped from -1..1 to 0..1; nothing where one is empty.
    `extra`: done and all of the first, done and all of the second."""
    done, all_first, other_done, all_others = found.extra.sum(axis=0).tolist()
    if not all_first or not all_others:
        return NOTHING
    value = _mapped(done / all_first - other_done / all_others)
    if question.judge == "count":
        return Figures(value, value, value, (value, value))
    lower, upper = newcombe((done, all_first), (other_done, all_others))
    return Figures(value, _mapped(lower), _mapped(upper), (value, value))


def effect(found: Found, question: Question) -> Figures:
    """The method: the share of the audience less that of those held out (`extra`: their states), mapped alike. Each of them has its own
    range and its own chance, the message being the unit of sampling."""
    audience, others = _sides(found, question)
    if audience.measured is None or others.measured is None:
        return NOTHING
    value = None if audience.value is None or others.value is None else _mapped(audience.value - others.value)
    measured = _between(audience.measured, others.measured)
    bounds = measured
    if question.missing_at_random and audience.value is not None and others.value is not None:
        bounds = _with_chance((audience.value,) * 2, audience, (others.value,) * 2, others)
    elif question.judge == "process":
        audience, others = _sides(found, replace(question, missing_at_random=False))
        bounds = _with_chance(_known(audience), audience, _known(others), others)
    lower, upper = map(_mapped, bounds)
    return Figures(value, lower, upper, (_mapped(measured[0]), _mapped(measured[1])))


def _sides(found: Found, question: Question) -> tuple[Figures, Figures]:
    held, telling = widen(found.extra), found.telling
    there = denominators(held) > 0
    # What shows nobody of the audience who did not do it shows nobody of those held out either.
    others = ratio(held[there], question, None if telling is None else telling[there])
    return ratio(found.counts, question, telling), others


def _known(side: Figures) -> Interval:
    assert side.measured is not None
    return side.measured


def _between(first: Interval, second: Interval) -> Interval:
    return first[0] - second[1], first[1] - second[0]


def _with_chance(first: Interval, one: Figures, second: Interval, other: Figures) -> Interval:
    """Newcombe's way: the squares of what chance adds to each end are added up. `first` and `second`: without chance."""
    assert one.lower is not None
    assert one.upper is not None
    assert other.lower is not None
    assert other.upper is not None
    lower, upper = _between(first, second)
    return (
        lower - math.hypot(first[0] - one.lower, other.upper - second[1]),
        upper + math.hypot(one.upper - first[1], second[0] - other.lower),
    )


def newcombe(first: tuple[int, int], second: tuple[int, int]) -> Interval:
    """Newcombe's hybrid score interval (95 %) of the difference of two shares, each as (count, all)."""
    share, other = first[0] / first[1], second[0] / second[1]
    (low, high), (other_low, other_high) = wilson(*first), wilson(*second)
    difference = share - other
    return (
        difference - math.hypot(share - low, other_high - other),
        difference + math.hypot(high - share, other - other_low),
    )


def _mapped(difference: float) -> float:
    return (difference + 1) / 2
