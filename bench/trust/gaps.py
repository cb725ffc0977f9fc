"""How often the 95 % bounds of differences cover the truth: between segments, two groups, an audience and those held out."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bench.real_report import table
from bench.table import Figure
from bench.trust.coverage import LOW, Tell
from bench.trust.draws import draw_shares
from bench.trust.told import Claim, Size, Told, percent, together
from metrics.differences import spread
from metrics.figures import Figures, Question
from metrics.parity import effect, parity
from metrics.reading import COLUMNS, Found, State, denominators, widen

SEED = 20_261_122
_SEGMENTS = (
    (0.0, 8, 4),
    (0.0, 8, 12),
    (0.03, 8, 12),
    (0.08, 8, 2),
    (0.08, 8, 4),
    (0.08, 8, 12),
    (0.08, 8, 30),
    (0.05, 3, 12),
    (0.05, 20, 12),
)
"""Standard deviation of the segments' true values, how many segments, how many messages."""
_GROUPS = ((0.8, 70, 0.6, 80), (0.9, 12, 0.9, 12), (0.5, 20, 0.5, 200), (0.95, 40, 0.7, 40), (0.98, 15, 0.9, 60))
"""Of two groups the true share, and how many they are."""
_EFFECTS = ((1, 200), (2, 200), (5, 60), (12, 200))
"""Messages, and how many each is sent to; a fifth as many are held out of it."""
_MARGIN = "naive: with a margin of error"
Drawn = Callable[[np.random.Generator], tuple[Found, float]]


def _segments(apart: float, segments: int, messages: int) -> Drawn:
    """Segments of 15 to 120 people, and messages five points apart."""

    def draw(dice: np.random.Generator) -> tuple[Found, float]:
        people = dice.integers(15, 121, segments)
        truths = np.clip(dice.normal(0.7, apart, segments), 0.02, 0.98)
        off = draw_shares(0.7, 0.05, (messages, 1), dice) - 0.7
        done = dice.binomial(people, np.clip(truths + off, 0.0, 1.0))
        pairs = np.stack([done, np.broadcast_to(people, done.shape)], axis=-1)
        return Found(np.zeros((messages, COLUMNS), dtype=np.int64), extra=pairs.reshape(messages, -1)), _apart(
            truths, people
        )

    return draw


def _apart(truths: NDArray[np.float64], people: NDArray[np.int64]) -> float:
    """What the formula says where nothing is left to chance: every segment weighs as its people."""
    everybody = int(people.sum())
    between = float((people * (truths - (people * truths).sum() / everybody) ** 2).sum())
    return float(np.sqrt(between / (everybody - (people**2).sum() / everybody)))


def _groups(first: float, many: int, second: float, others: int) -> Drawn:
    """As critical feedback items and the others."""

    def draw(dice: np.random.Generator) -> tuple[Found, float]:
        extra = np.array([[dice.binomial(many, first), many, dice.binomial(others, second), others]], dtype=np.int64)
        return Found(np.zeros((1, COLUMNS), dtype=np.int64), extra=extra), (first - second + 1) / 2

    return draw


def _effect(messages: int, people: int) -> Drawn:
    """Three in ten act, of those held out two in ten; messages differ by five points, which both feel alike."""

    def draw(dice: np.random.Generator) -> tuple[Found, float]:
        shares = draw_shares(0.3, 0.05, messages, dice)
        sides = [_states(people, shares, dice), _states(people // 5, shares - 0.1, dice)]
        return Found(widen(sides[0]), extra=sides[1]), (0.1 + 1) / 2

    return draw


def _states(people: int, shares: NDArray[np.float64], dice: np.random.Generator) -> NDArray[np.int64]:
    states = np.zeros((len(shares), State.OUT), dtype=np.int64)
    states[:, State.H] = dice.binomial(people, np.maximum(shares, 0.0))
    states[:, State.NOT] = people - states[:, State.H]
    return states


Naive = Callable[[Found, float], float]
"""Of one draw, given the truth: whether it is covered, or what the bare figure says."""


def _bare_gap(found: Found, _: float) -> float:
    """The standard deviation of the segments' percentages, chance and all."""
    done, people = found.extra.sum(axis=0).reshape(-1, 2).T
    return float(np.std(done / people, ddof=1))


def _bare_groups(found: Found, truth: float) -> float:
    (row,) = found.extra.tolist()
    return _with_margins(row[0], row[1], row[2], row[3], truth)


def _bare_effect(found: Found, truth: float) -> float:
    sent, held = found.counts.sum(axis=0), found.extra.sum(axis=0)
    people, others = int(denominators(sent)), int(held.sum())
    return _with_margins(int(sent[State.H]), people, int(held[State.H]), others, truth)


def _with_margins(done: int, people: int, other: int, others: int, truth: float) -> float:
    """The difference of two percentages give or take what polls do."""
    first, second = done / people, other / others
    margin = 1.96 * float(np.sqrt(first * (1 - first) / people + second * (1 - second) / others))
    return float(abs(first - second - (2 * truth - 1)) <= margin + 1e-9)


def _cover(
    draw: Drawn, method: Callable[[Found, Question], Figures], naive: Naive, number: int, seed: Sequence[int]
) -> tuple[float, float]:
    """How often the bounds cover, and what the naive figure comes to on average."""
    dice, covered, besides = np.random.default_rng(seed), 0, 0.0
    for _ in range(number):
        found, truth = draw(dice)
        figures = method(found, Question("process"))
        besides += naive(found, truth) / number
        assert figures.lower is not None
        assert figures.upper is not None
        covered += figures.lower <= truth + 1e-9 and truth - 1e-9 <= figures.upper
    return covered / number, besides


def measure(size: Size, tell: Tell) -> Told:
    """Each by its settings."""
    tell("coverage of differences", 0.0)
    segments = _measure_segments(size.classes)
    tell("coverage of differences", 0.6)
    return together(segments, _measure_groups(4 * size.classes), _measure_effects(4 * size.classes))


def _measure_segments(number: int) -> Told:
    gaps, bare = zip(
        *(
            _cover(
                _segments(apart, segments, messages),
                partial(spread, names="abcdefghijklmnopqrst"[:segments], smallest=10),
                _bare_gap,
                number,
                [SEED, 1, n],
            )
            for n, (apart, segments, messages) in enumerate(_SEGMENTS)
        ),
        strict=True,
    )
    rows = (
        (f"{100 * apart:g} points", segments, messages, percent(found), f"{100 * naive:.1f} points")
        for (apart, segments, messages), found, naive in zip(_SEGMENTS, gaps, bare, strict=True)
    )
    headings = ("segments truly differ by", "segments", "messages", "covered", "naive: percentages differ by")
    naive = f"finds {100 * bare[0]:.1f} points where there is none"
    claim = Claim("bounds of the differences between segments cover the truth, worst setting", min(gaps), LOW, 1, naive)
    return Told({"gaps": table(headings, rows)}, [claim], _figures("a gap between segments", gaps))


def _measure_groups(number: int) -> Told:
    found, margins = zip(
        *(_cover(_groups(*each), parity, _bare_groups, number, [SEED, 2, n]) for n, each in enumerate(_GROUPS)),
        strict=True,
    )
    rows = (
        (f"{100 * one:g} % of {many}", f"{100 * other:g} % of {others}", percent(ours), percent(naive))
        for (one, many, other, others), ours, naive in zip(_GROUPS, found, margins, strict=True)
    )
    what = "bounds of the difference of two groups (Newcombe) cover the truth, worst setting"
    claim = Claim(what, min(found), LOW, 1, _at_worst(margins))
    tables = {"groups": table(("one group", "the other", "covered", _MARGIN), rows)}
    return Told(tables, [claim], _figures("a difference of groups", found))


def _measure_effects(number: int) -> Told:
    found, margins = zip(
        *(_cover(_effect(*each), effect, _bare_effect, number, [SEED, 3, n]) for n, each in enumerate(_EFFECTS)),
        strict=True,
    )
    rows = ((*each, percent(ours), percent(naive)) for each, ours, naive in zip(_EFFECTS, found, margins, strict=True))
    what = "bounds of the effect against those held out cover the truth, worst setting"
    claim = Claim(what, min(found), LOW, 1, _at_worst(margins))
    tables = {"effects": table(("messages", "people each", "covered", _MARGIN), rows)}
    return Told(tables, [claim], _figures("an effect", found))


def _at_worst(margins: Sequence[float]) -> str:
    return f"with a margin of error {percent(min(margins))}"


def _figures(what: str, found: Sequence[float]) -> list[Figure]:
    return [
        Figure(f"coverage of {what}, setting {n + 1}", share, "share", "aim: 0.94") for n, share in enumerate(found)
    ]
