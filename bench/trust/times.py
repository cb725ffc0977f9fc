"""How often the 95 % bounds of a median time cover the truth: of one message, and of classes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from bench.real_report import table
from bench.table import Figure
from bench.trust.coverage import LOW, Tell
from bench.trust.draws import draw_shares
from bench.trust.told import Claim, Size, Told, percent
from metrics.bounds import NOT_REACHED, Interval, over_messages
from metrics.figures import Question, median
from metrics.reading import Times

SEED = 20_261_105
MESSAGES = (1, 2, 3, 5, 10, 20, 50)
_SLOT = 300
_WINDOW = 5 * 8 * 3600
_MIDDLE, _SPREAD = 4320, 1.6  # of the delays: their median in seconds, the standard deviation of their logarithms


@dataclass(frozen=True)
class Pace:
    """`reach`: the share that ever comes, with its standard deviation `spread` between messages; `apart`: the standard deviation, between
    messages, of the logarithm of their median delay."""

    reach: float
    spread: float
    apart: float
    audience: int

    @property
    def truth(self) -> float:
        return _half(self.reach, _MIDDLE, float(np.hypot(_SPREAD, self.apart)))


PACES = (
    Pace(0.85, 0.05, 0.3, 20),
    Pace(0.85, 0.05, 0.3, 200),
    Pace(0.85, 0.05, 0.8, 200),
    Pace(0.60, 0.05, 0.3, 60),
)


def _half(reach: float, middle: float, spread: float) -> float:
    """When half are reached, at the end of its slot; NOT_REACHED beyond the window."""
    if reach <= 0.5:
        return NOT_REACHED
    half = middle * float(np.exp(ndtri(0.5 / reach) * spread))
    return float(np.ceil(half / _SLOT)) * _SLOT if half < _WINDOW else NOT_REACHED


def draw_times(pace: Pace, messages: int, dice: np.random.Generator) -> tuple[list[Times], float]:
    """What a service would know of a class, and the truth: of one message its own, of several that of the process."""
    reach = draw_shares(pace.reach, pace.spread, messages, dice)
    middle = _MIDDLE * np.exp(dice.normal(0, pace.apart, messages))
    found = []
    for each in range(messages):
        drawn = dice.lognormal(np.log(middle[each]), _SPREAD, pace.audience)
        came = drawn[(dice.random(pace.audience) < reach[each]) & (drawn < _WINDOW)]
        seconds, reached = np.unique((np.ceil(came / _SLOT) * _SLOT).astype(np.int64), return_counts=True)
        found.append(Times(seconds, reached, pace.audience - len(came), 0, _WINDOW))
    return found, pace.truth if messages > 1 else _half(float(reach[0]), float(middle[0]), _SPREAD)


Method = Callable[[Sequence[Times], int], Interval]


def process(times: Sequence[Times], seed: int) -> Interval:
    """What the service publishes."""
    figures = median(times, Question("process", seed=(seed,)))
    assert figures.lower is not None
    assert figures.upper is not None
    return figures.lower, figures.upper


def by_shares(times: Sequence[Times], _: int) -> Interval:
    """Another way: all moments at which a half lies inside the bounds of the share that was reached by then."""
    people = np.array([each.people for each in times])
    moments = np.unique(np.concatenate([each.seconds for each in times]))
    counts = np.array([_reached_by(each, moments) for each in times]).T

    def first(side: int) -> float:
        """Bisected: the bounds grow with what is reached, but for ripples."""
        low, high = 0, len(moments)
        while low < high:
            middle = (low + high) // 2
            if over_messages(counts[middle], people)[side] >= 0.5:
                high = middle
            else:
                low = middle + 1
        return float(moments[low]) if low < len(moments) else NOT_REACHED

    return first(1), first(0)


def _reached_by(each: Times, moments: NDArray[np.int64]) -> NDArray[np.int64]:
    come = np.concatenate([[0], np.cumsum(each.reached)])
    reached: NDArray[np.int64] = come[np.searchsorted(each.seconds, moments, side="right")]
    return reached


def measure(size: Size, tell: Tell, ours: Method = process) -> Told:
    """By number of messages, beside the other way."""
    rows, figures, pooled = [], [], []
    for place, messages in enumerate(MESSAGES):
        tell("coverage of medians", place / len(MESSAGES))
        each = np.array(
            [_cover(pace, messages, (ours, by_shares), size.times, [SEED, messages, n]) for n, pace in enumerate(PACES)]
        )
        mean, least = each.mean(axis=0), each.min(axis=0)
        pooled.append(mean[0])
        rows.append((messages, *(f"{percent(a)} ({percent(b)})" for a, b in zip(mean, least, strict=True))))
        figures += [
            Figure(f"coverage of a median, {messages} messages, {name}", float(a), "share", "aim: 0.94 to 0.99")
            for name, a in zip(("ours", "by shares"), mean, strict=True)
        ]
    headings = ("messages", "ours (worst)", "by shares (worst)")
    claims = [
        Claim(
            "bounds of the median of one message cover its truth",
            float(pooled[0]),
            LOW,
            1,
            naive="never: a median alone has no bounds",
        ),
        Claim(
            "bounds of the median of a class cover the truth, the worst number of messages",
            float(min(pooled[1:])),
            LOW,
            1,
        ),
    ]
    return Told({"medians": table(headings, rows)}, claims, figures)


def _cover(pace: Pace, messages: int, methods: Sequence[Method], number: int, seed: Sequence[int]) -> list[float]:
    dice = np.random.default_rng(seed)
    covered = np.zeros(len(methods))
    for draw in range(number):
        times, truth = draw_times(pace, messages, dice)
        for place, method in enumerate(methods):
            low, high = method(times, draw)
            covered[place] += low <= truth <= high
    shares: list[float] = (covered / number).tolist()
    return shares
