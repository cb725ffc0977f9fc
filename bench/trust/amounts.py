"""How often the 95 % bounds of what is no share of people cover the truth: means of scores, points of a distribution."""

from collections.abc import Callable, Sequence

import numpy as np

from bench.real_report import table
from bench.table import Figure
from bench.trust.coverage import HIGH, LOW, Tell
from bench.trust.draws import draw_shares
from bench.trust.told import Claim, Size, Told, percent, together
from metrics.bounds import Interval
from metrics.figures import Figures, Question
from metrics.means import SCORE, mean, percentile
from metrics.reading import COLUMNS, Found, State, Times

SEED = 20_261_107
MESSAGES = (2, 3, 5, 10, 20, 50)
PEOPLE = (10, 20, 35, 100, 1000)
_SCORES = ((0.5, 0.05, 8), (0.5, 0.05, 60), (0.75, 0.10, 30), (0.9, 0.05, 30))
"""Mean score, its standard deviation between messages, how many answer a message in the middle."""
_NINE_TENTHS = 0.9
Drawn = Callable[[np.random.Generator], tuple[Found, float]]


def _bounds(figures: Figures) -> Interval | None:
    return None if figures.lower is None or figures.upper is None else (figures.lower, figures.upper)


Naive = Callable[[Found, float], float]
"""Of one draw, given the truth: whether it is covered, or how far off the bare figure is."""


def _cover(
    draw: Drawn, method: Callable[[Found, Question], Figures], naive: Naive, number: int, seed: Sequence[int]
) -> tuple[float, float]:
    """Of those that have bounds; and what the naive figure comes to on average."""
    dice, covered, told, besides = np.random.default_rng(seed), 0, 0, 0.0
    for _ in range(number):
        found, truth = draw(dice)
        bounds = _bounds(method(found, Question("process")))
        besides += naive(found, truth) / number
        if bounds is not None:
            told += 1
            covered += bounds[0] <= truth + 1e-9 and truth - 1e-9 <= bounds[1]
    return covered / max(told, 1), besides


def _with_margin(found: Found, truth: float) -> float:
    """The mean give or take what polls do: every answer drawn by itself."""
    answers, total = found.extra.sum(axis=0)
    score = float(total) / SCORE / float(answers)
    return float(abs(truth - score) <= 1.96 * float(np.sqrt(score * (1 - score) / float(answers))))


def _off(found: Found, truth: float) -> float:
    """By how much the bare figure misses, of the truth."""
    (unit,) = found.times
    return abs(float(np.quantile(np.repeat(unit.seconds, unit.reached), _NINE_TENTHS)) / truth - 1)


def _scores(middle: float, between: float, answers: int, messages: int) -> Drawn:
    """Scores from 0 to 1, spread evenly around the mean of their message."""

    def draw(dice: np.random.Generator) -> tuple[Found, float]:
        people = np.maximum(dice.poisson(answers, messages), 1)
        means = draw_shares(middle, between, messages, dice)
        sums = [
            int((dice.beta(2 * at, 2 * (1 - at), number) * SCORE).round().sum())
            for at, number in zip(means.tolist(), people.tolist(), strict=True)
        ]
        counts = np.zeros((messages, COLUMNS), dtype=np.int64)
        counts[:, State.H] = people
        return Found(counts, extra=np.stack([people, np.array(sums)], axis=1)), middle

    return draw


def _loads(people: int) -> Drawn:
    """Seconds of reading, uneven between people."""
    truth = float(np.exp(7 + 0.6 * 1.2815515655446004))

    def draw(dice: np.random.Generator) -> tuple[Found, float]:
        seconds, reached = np.unique(dice.lognormal(7, 0.6, people).round().astype(np.int64), return_counts=True)
        times = (Times(seconds, reached, 0, 0, 0),)
        return Found(np.zeros((1, COLUMNS), dtype=np.int64), times), truth

    return draw


def measure(size: Size, tell: Tell) -> Told:
    """Means by number of messages, points by number of people."""
    tell("coverage of means", 0.0)
    means = _measure_means(size.classes // 2)
    tell("coverage of points", 0.6)
    return together(means, _measure_points(10 * size.classes))


def _measure_means(number: int) -> Told:
    both = np.array(
        [
            [
                _cover(_scores(*scores, messages), mean(), _with_margin, number, [SEED, messages, n])
                for n, scores in enumerate(_SCORES)
            ]
            for messages in MESSAGES
        ]
    )
    means, margins = both[..., 0], both[..., 1]
    rows = (
        (messages, percent(each.mean()), percent(each.min()), f"{percent(bare.mean())} ({percent(bare.min())})")
        for messages, each, bare in zip(MESSAGES, means, margins, strict=True)
    )
    averages = means.mean(axis=1)
    naive = f"with a margin of error {percent(float(margins.mean(axis=1).min()))}"
    what = "bounds of a mean cover the truth, on average over the settings, worst number of messages"
    claims = [
        Claim(what, float(averages.min()), LOW, HIGH, naive),
        Claim("... the highest number of messages", float(averages.max()), LOW, HIGH),
    ]
    figures = [
        Figure(f"coverage of a mean, {messages} messages", float(average), "share", "aim: 0.94 to 0.99")
        for messages, average in zip(MESSAGES, averages, strict=True)
    ]
    headings = ("messages", "on average", "worst", "naive: with a margin of error (worst)")
    return Told({"means": table(headings, rows)}, claims, figures)


def _measure_points(number: int) -> Told:
    points, off = zip(
        *(_cover(_loads(people), percentile(_NINE_TENTHS), _off, number, [SEED, people]) for people in PEOPLE),
        strict=True,
    )
    what = "bounds of the point below which nine tenths lie cover the truth, worst number of people"
    claim = Claim(what, min(points), LOW, 1, f"without bounds, off by {percent(max(off))}")
    figures = [
        Figure(f"coverage of a 90th percentile, {people} people", found, "share", "aim: 0.94")
        for people, found in zip(PEOPLE, points, strict=True)
    ]
    rows = zip(PEOPLE, map(percent, points), map(percent, off), strict=True)
    return Told({"points": table(("people", "covered", "naive: the bare figure is off by"), rows)}, [claim], figures)
