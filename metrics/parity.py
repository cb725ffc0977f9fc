"""Whether one group of items fares as another does: the difference of two shares. Formula: `docs/indicators.md`, D9."""

import math

from metrics.bounds import Interval, wilson
from metrics.figures import NOTHING, Figures, Question
from metrics.reading import Found


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
