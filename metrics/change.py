"""Whether a series of messages has changed for the worse, against its own history: a control chart, and many of them at once. Which
figures go in is left to `trend`; what a chart says when nothing changed is simulated in its test."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr
from scipy.stats import false_discovery_control

WEIGHT = 0.2  # of the newest message in the moving average: changes of one to two standard deviations are found soonest
LIMIT = 3.0  # standard deviations of the average: one false alarm in some 1,200 messages, in 600 with heavy tails
EARLIEST = 12  # messages before it that the first one is held against
FURTHEST = 4.0  # standard deviations that one message counts: one alone, however bad, is no fall
SMALLEST_SPREAD = 0.05  # on the logit scale, about a point: histories without any spread would cry at every ripple
FALSE_DISCOVERIES = 0.05


def score(value: float, earlier: NDArray[np.float64]) -> float | None:
    """How a value compares with those before it, as a standard normal number where nothing has changed (Hawkins' self-starting Q);
    None where there are too few. Both on a scale on which they spread evenly; `earlier` in order of time."""
    number = len(earlier)
    if number < EARLIEST:
        return None
    spread = max(float(earlier.std(ddof=1)), SMALLEST_SPREAD)
    off = (value - float(earlier.mean())) / (spread * (1 + 1 / number) ** 0.5)
    return float(np.clip(ndtri(stdtr(number - 1, off)), -FURTHEST, FURTHEST))


def moving_average(scores: Sequence[float]) -> float:
    """The exponentially weighted average of scores in order of time, in its own standard deviations."""
    average = variance = 0.0
    for each in scores:
        average = (1 - WEIGHT) * average + WEIGHT * each
        variance = (1 - WEIGHT) ** 2 * variance + WEIGHT**2
    return average / variance**0.5 if variance else 0.0


def find_fallen(averages: Sequence[float]) -> list[bool]:
    """Which of many charts show a fall: those beyond the limit, as many of them as keep the expected share of false ones among
    them below 5 % (Benjamini and Hochberg)."""
    if not averages:
        return []
    kept = hold_to_rate([float(ndtr(average)) for average in averages])
    return [average < -LIMIT and survives for average, survives in zip(averages, kept, strict=True)]


def hold_to_rate(chances: Sequence[float]) -> list[bool]:
    """Which of many findings stand, given the chance of each where there is nothing to find."""
    if not len(chances):
        return []
    kept: list[bool] = (false_discovery_control(np.array(chances), method="bh") <= FALSE_DISCOVERIES).tolist()
    return kept
