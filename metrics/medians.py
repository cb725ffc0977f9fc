"""Kaplan-Meier medians from counts: millions of people come to some thousand steps. What chance does to the median of a class of messages,
too; for one message scipy does it person by person (`metrics.bounds`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.bounds import NOT_REACHED, ROUNDING, TAIL, Interval, chances_below
from metrics.facts import COARSE_TICKS, TICK_SECONDS
from metrics.reading import Times

_SLOT = COARSE_TICKS * TICK_SECONDS
_SLOTS = 512  # looked at together, so that a class of hundreds of messages stays small in memory
_NEVER = int(np.iinfo(np.int64).max)


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
    moments, first = np.unique(steps.times, return_index=True)
    if not len(moments):
        return NOT_REACHED
    reached = np.add.reduceat(steps.reached, first)
    order = np.argsort(steps.window)
    ceased = np.concatenate([[0], np.cumsum(steps.still[order])])
    # Whoever is reached at the last moment was watched until then.
    gone = np.cumsum(reached) - reached + ceased[np.searchsorted(steps.window[order], moments, side="left")]
    at_risk = int(reached.sum() + steps.still.sum()) - gone
    standing = np.cumprod(1 - reached / np.maximum(at_risk, 1))
    below = np.flatnonzero(standing <= 0.5 + ROUNDING)
    return float(moments[below[0]]) if len(below) else NOT_REACHED


def between_messages(steps: Steps) -> Interval:
    """The 95 % interval of the median of several messages: from the five minutes in which a half may have been reached to those in which a
    half surely was, by the interval of shares (`bounds.over_messages`). Where some were watched for longer than others, nothing is said
    of what came after the shortest window."""
    shortest = int(steps.window.min())
    # One and the same window differs by up to a slot, depending on when in it a message was sent.
    is_uneven = int(steps.window.max()) - shortest > _SLOT
    slots = -(-steps.times // _SLOT)
    ends = min(int(slots.max(initial=-1)) + 1, shortest // _SLOT + 1 if is_uneven else _NEVER)
    people = np.bincount(steps.message, steps.reached, len(steps.still)).astype(np.int64) + steps.still
    come = np.zeros((1, len(people)), dtype=np.int64)
    lower, upper = float(shortest) if is_uneven else NOT_REACHED, NOT_REACHED
    for start in range(0, ends, _SLOTS):
        reached = come + _reached_by(steps, slots, start, min(start + _SLOTS, ends))
        # Of a median that may lie anywhere in its five minutes, the beginning of these.
        lower = min(lower, _first(chances_below(reached, people, 0.5) >= TAIL, start - 1))
        upper = _first(chances_below(people - reached, people, 0.5) < TAIL, start)
        if upper != NOT_REACHED:
            break
        come = reached[-1:]
    return lower, upper


def _reached_by(steps: Steps, slots: NDArray[np.int64], start: int, end: int) -> NDArray[np.int64]:
    """How many of each message were reached since the slot `start`, at the end of each slot; shape (slots, messages)."""
    here = (slots >= start) & (slots < end)
    table = np.zeros((end - start, len(steps.still)), dtype=np.int64)
    np.add.at(table, (slots[here] - start, steps.message[here]), steps.reached[here])
    return np.cumsum(table, axis=0)


def _first(holds: NDArray[np.bool_], start: int) -> float:
    found = np.flatnonzero(holds)
    return float(max(start + int(found[0]), 0) * _SLOT) if len(found) else NOT_REACHED
