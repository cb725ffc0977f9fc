"""How often the 95 % bounds of a median time cover the truth: of one message, of classes, and of feedback items."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from bench.real_report import table
from bench.table import Figure
from bench.trust.coverage import LOW, Tell
from bench.trust.draws import draw_shares
from bench.trust.told import Claim, Size, Told, percent
from metrics.bounds import NOT_REACHED, Interval
from metrics.figures import Figures, Question, by_people, median
from metrics.medians import make_steps
from metrics.reading import Found, Times
from metrics.waiting import waiting

SEED = 20_261_105
MESSAGES = (1, 2, 3, 5, 10, 20, 50)
ITEMS = (10, 20, 50)
_ANSWERED = 0.9  # of feedback items, ever
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


Method = Callable[[Sequence[Times]], Interval]


def process(times: Sequence[Times]) -> Interval:
    """What the service publishes."""
    return _bounds(median(times, Question("process")))


def all_people(times: Sequence[Times]) -> Interval:
    """The textbook's: Kaplan-Meier over all people, as if all were those of one message."""
    return by_people(make_steps(times, unknown="left out"))


def _bounds(figures: Figures) -> Interval:
    assert figures.lower is not None
    assert figures.upper is not None
    return figures.lower, figures.upper


def _cover_waiting(items: int, number: int, seed: Sequence[int]) -> tuple[float, float]:
    """Of feedback items, each watched to its end; and by how much the median of those that were answered, the open ones dropped, is too
    short on average."""
    dice, covered, truth, short = np.random.default_rng(seed), 0, _half(_ANSWERED, _MIDDLE, _SPREAD), 0.0
    for _ in range(number):
        drawn = np.ceil(dice.lognormal(np.log(_MIDDLE), _SPREAD, items) / _SLOT) * _SLOT
        is_done = (dice.random(items) < _ANSWERED) & (drawn < _WINDOW)
        times = tuple(_item(int(at), done) for at, done in zip(drawn.tolist(), is_done.tolist(), strict=True))
        none_open = np.zeros((items, 1), dtype=np.int64)
        low, high = _bounds(waiting(Found(none_open, times, none_open), Question("process")))
        covered += low <= truth <= high
        short += 1 - float(np.median(drawn[is_done])) / truth if is_done.any() else 0.0
    return covered / number, short / number


def _item(at: int, done: bool) -> Times:
    once = np.ones(int(done), dtype=np.int64)
    return Times(once * at, once, int(not done), 0, _WINDOW)


def measure(size: Size, tell: Tell, ours: Method = process) -> Told:
    """By number of messages, beside the textbook's way; and of feedback items by their number."""
    rows, figures, pooled, textbook = [], [], [], []
    for place, messages in enumerate(MESSAGES):
        tell("coverage of medians", place / len(MESSAGES))
        each = np.array(
            [
                _cover(pace, messages, (ours, all_people), size.times, [SEED, messages, n])
                for n, pace in enumerate(PACES)
            ]
        )
        mean, least = each.mean(axis=0), each.min(axis=0)
        pooled.append(float(mean[0]))
        textbook.append(float(mean[1]))
        rows.append((messages, *(f"{percent(a)} ({percent(b)})" for a, b in zip(mean, least, strict=True))))
        figures += [
            Figure(f"coverage of a median, {messages} messages, {name}", float(a), "share", "aim: 0.94 to 0.99")
            for name, a in zip(("ours", "all people"), mean, strict=True)
        ]
    waited = [_cover_waiting(each, 4 * size.times, [SEED, 0, each]) for each in ITEMS]
    items, short = [found for found, _ in waited], [found for _, found in waited]
    figures += [
        Figure(f"coverage of a median, {each} items", found, "share", "aim: 0.94")
        for each, found in zip(ITEMS, items, strict=True)
    ]
    tables = {
        "medians": table(("messages", "ours (worst)", "all people as of one message (worst)"), rows),
        "waiting": table(
            ("items", "covered", "naive: the median of those answered, too short by"),
            zip(ITEMS, map(percent, items), map(percent, short), strict=True),
        ),
    }
    return Told(tables, _claims(pooled, textbook, items, short), figures)


def _claims(
    pooled: Sequence[float], textbook: Sequence[float], items: Sequence[float], short: Sequence[float]
) -> list[Claim]:
    """`pooled` and the `textbook`'s: on average over the settings, by number of messages, of one first."""
    return [
        Claim(
            "bounds of the median of one message cover its truth",
            pooled[0],
            LOW,
            1,
            naive="never: a median alone has no bounds",
        ),
        Claim(
            "bounds of the median of a class cover the truth, the worst number of messages",
            min(pooled[1:]),
            LOW,
            1,
            naive=f"all people as of one message {percent(min(textbook[1:]))}",
        ),
        Claim(
            "bounds of the median of feedback items cover the truth, the worst number",
            min(items),
            LOW,
            1,
            naive=f"open ones dropped: {percent(max(short))} too short",
        ),
    ]


def _cover(pace: Pace, messages: int, methods: Sequence[Method], number: int, seed: Sequence[int]) -> list[float]:
    dice = np.random.default_rng(seed)
    covered = np.zeros(len(methods))
    for _ in range(number):
        times, truth = draw_times(pace, messages, dice)
        for place, method in enumerate(methods):
            low, high = method(times)
            covered[place] += low <= truth <= high
    shares: list[float] = (covered / number).tolist()
    return shares
