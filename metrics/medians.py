"""Kaplan-Meier medians of classes of messages, from counts: millions of people come to some thousand steps, and a class drawn anew is
the same steps with other weights. For one message scipy does it person by person, with an interval (`metrics.bounds`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from metrics.bounds import NOT_REACHED, ROUNDING
from metrics.reading import Times

_RESAMPLES = 999
_CHUNK = 512  # steps looked at together
_ROWS = 2_000_000  # numbers of one table at the most, so that a class of hundreds of messages stays small in memory

Weights = NDArray[np.float64]
"""How many times each message stands in each class: shape (classes, messages). As floats, which multiply a hundred times as fast; people
are whole numbers far below 2^53, so nothing is rounded."""


@dataclass(frozen=True)
class Steps:
    """What becomes of the people of some messages, in order of time; shape (steps,). `message`: whose people, by place; `reached` of
    them are reached at `times`. `still` (shape (messages,)) are watched until `window` and not reached."""

    times: NDArray[np.int64]
    message: NDArray[np.intp]
    reached: NDArray[np.int64]
    still: NDArray[np.int64]
    window: NDArray[np.int64]


def make_steps(times: Sequence[Times], *, unknown: str) -> Steps:
    """`times`: one a message. The unknown are reached `at once`, `never`, or `left out`."""
    messages = np.arange(len(times))
    seconds = [unit.seconds for unit in times]
    reached = [unit.reached for unit in times]
    message = [np.repeat(messages, [len(each) for each in seconds])]
    still = np.array([unit.open for unit in times], dtype=np.int64)
    hidden = np.array([unit.unknown for unit in times], dtype=np.int64)
    if unknown == "at once":
        seconds, reached, message = [np.zeros_like(hidden), *seconds], [hidden, *reached], [messages, *message]
    elif unknown == "never":
        still = still + hidden
    moments = np.concatenate(seconds)
    order = np.argsort(moments, kind="stable")
    window = np.array([unit.window for unit in times], dtype=np.int64)
    return Steps(moments[order], np.concatenate(message)[order], np.concatenate(reached)[order], still, window)


def median_of(steps: Steps) -> float:
    """The first time with S <= 0.5; NOT_REACHED where there is none."""
    return float(_medians(steps, np.ones((1, len(steps.still))))[0])


def resampled_medians(steps: Steps, *, seed: Sequence[int]) -> NDArray[np.float64]:
    """Medians of classes drawn from the messages with replacement, sorted; shape (999,)."""
    return np.sort(_medians(steps, _draw(len(steps.still), tuple(seed))))


@lru_cache(maxsize=2)  # a reading's two bounds rest on the same draws
def _draw(messages: int, seed: tuple[int, ...]) -> Weights:
    """Not to be changed."""
    draws = np.random.default_rng(seed).multinomial(messages, np.full(messages, 1 / messages), size=_RESAMPLES)
    return draws.astype(np.float64)


def _medians(steps: Steps, weights: Weights) -> NDArray[np.float64]:
    """Of each class, shape (classes,)."""
    people = np.bincount(steps.message, steps.reached, len(steps.still)) + steps.still
    everybody = weights @ people
    # Until somebody is no longer watched, the curve is the share not reached yet.
    closes = steps.window[steps.still > 0].min(initial=np.iinfo(np.int64).max)
    whole = int(np.searchsorted(steps.times, closes, side="right"))
    medians, reached = _halves(steps, whole, weights, everybody)
    later = np.flatnonzero((medians == NOT_REACHED) & (everybody > 0))
    if len(later) and whole < len(steps.times):
        medians[later] = _products(steps, whole, weights[later], (everybody[later], reached[later]))
    return medians


def _halves(
    steps: Steps, whole: int, weights: Weights, everybody: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The first of the first `whole` steps at which half are reached, and how many are reached after all of those; of each class."""
    chunk_of = np.arange(whole) // _CHUNK
    chunks = -(-whole // _CHUNK)
    messages = len(steps.still)
    table = np.bincount(steps.message[:whole] * chunks + chunk_of, steps.reached[:whole], messages * chunks)
    reached = np.cumsum(weights @ table.reshape(messages, chunks), axis=1)
    half = everybody * (0.5 - ROUNDING)
    # Nobody is no class: drawn from messages without anybody in them, it has no median.
    found = np.where(everybody > 0, (reached < half[:, np.newaxis]).sum(axis=1), chunks)
    medians = np.full(len(weights), NOT_REACHED)
    for chunk in np.unique(found[found < chunks]).tolist():
        rows, place = np.flatnonzero(found == chunk), slice(chunk * _CHUNK, min((chunk + 1) * _CHUNK, whole))
        before = reached[rows, chunk - 1] if chunk else np.zeros(len(rows))
        within = np.cumsum(weights[np.ix_(rows, steps.message[place])] * steps.reached[place], axis=1)
        first = np.argmax(before[:, np.newaxis] + within >= half[rows, np.newaxis], axis=1)
        medians[rows] = steps.times[place][first]
    return medians, reached[:, -1] if chunks else np.zeros(len(weights))


def _products(
    steps: Steps, whole: int, weights: Weights, sums: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """The same for the steps after the first `whole`, between which people cease to be watched: a product. `sums`: everybody, and
    those reached so far."""
    times = np.concatenate([steps.times[whole:], steps.window])
    ceasing = np.repeat([0, 1], [len(steps.times) - whole, len(steps.window)])
    order = np.lexsort((ceasing, times))  # whoever is reached at the last moment was watched until then
    times, message = times[order], np.concatenate([steps.message[whole:], np.arange(len(steps.still))])[order]
    gone = np.concatenate([steps.reached[whole:], steps.still])[order]
    reached = np.where(ceasing[order] == 0, gone, 0)
    everybody, before = sums
    medians = np.full(len(weights), NOT_REACHED)
    size = max(_ROWS // len(times), 1)
    for start in range(0, len(weights), size):
        rows = slice(start, start + size)
        drawn = weights[rows][:, message]
        leaving = drawn * gone
        at_risk = (everybody[rows] - before[rows])[:, np.newaxis] - (np.cumsum(leaving, axis=1) - leaving)
        with np.errstate(divide="ignore", invalid="ignore"):
            kept = np.where(at_risk > 0, 1 - drawn * reached / at_risk, 1.0)
        standing = (1 - before[rows] / everybody[rows])[:, np.newaxis] * np.cumprod(kept, axis=1)
        below = standing <= 0.5 + ROUNDING
        medians[rows] = np.where(below.any(axis=1), times[np.argmax(below, axis=1)].astype(float), NOT_REACHED)
    return medians
