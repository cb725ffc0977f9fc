"""How often *falling* is said where nothing changed, and how soon a lasting fall is found."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.real_report import table
from bench.table import Figure
from bench.trust.coverage import Tell
from bench.trust.told import Claim, Size, Told, percent
from metrics.change import EARLIEST, LIMIT, moving_average, score

SEED = 20_261_123
_MESSAGES = 160
_MOST = 100  # earlier messages that a score rests on, as in `metrics.trend`
_BACK = 60  # scores that the average still feels
_BEFORE = 40  # messages before the fall
_SPREAD = 0.4
_ALARMS = 0.0027
"""Of messages, at the most, one in 370: as often as single ones lie three standard deviations off, to either side."""

Draw = Callable[[np.random.Generator], NDArray[np.float64]]


def _normal(dice: np.random.Generator) -> NDArray[np.float64]:
    return dice.normal(0.8, _SPREAD, _MESSAGES)


def _shares(dice: np.random.Generator) -> NDArray[np.float64]:
    sizes = np.clip(np.exp(dice.normal(5.7, 1.2, _MESSAGES)), 50, 50_000).astype(np.int64)
    reached = dice.binomial(sizes, dice.beta(22, 9, _MESSAGES))
    odds: NDArray[np.float64] = np.log(reached + 0.5) - np.log(sizes - reached + 0.5)
    return odds


def _heavy(dice: np.random.Generator) -> NDArray[np.float64]:
    return 0.8 + 0.3 * dice.standard_t(4, _MESSAGES)


def _waves(dice: np.random.Generator) -> NDArray[np.float64]:
    """Each message takes a third of what the one before had beyond the average."""
    series, last = np.empty(_MESSAGES), 0.0
    for place in range(_MESSAGES):
        last = last / 3 + float(dice.normal(0, _SPREAD))
        series[place] = 0.8 + last
    return series


_QUIET: Sequence[tuple[str, Draw]] = (
    ("spread evenly", _normal),
    ("shares of 50 to some thousand people", _shares),
    ("now and then far off (Student's t of 4)", _heavy),
)
_DEPENDENT = ("one message takes after the other (a third)", _waves)
_FALLS = ((1.0, 30), (2.0, 8), (3.0, 5))
"""In spreads of the messages, and within how many of them."""


def _first_alarm(series: NDArray[np.float64], start: int = EARLIEST) -> int | None:
    """After how many messages, from `start` on, the chart first cries."""
    scores: list[float] = []
    for place, value in enumerate(series.tolist()):
        found = score(value, series[max(0, place - _MOST) : place])
        scores += [] if found is None else [found]
        if place >= start and moving_average(scores[-_BACK:]) < -LIMIT:
            return place - start + 1
    return None


def _length(draw: Draw, series: int, seed: Sequence[int]) -> tuple[float, float]:
    """Messages watched for each false alarm; and how many of them lie lower than all before them did on average."""
    dice, watched, alarms, lower = np.random.default_rng(seed), 0, 0, 0.0
    for _ in range(series):
        drawn = draw(dice)
        at = _first_alarm(drawn)
        watched += _MESSAGES - EARLIEST if at is None else at
        alarms += at is not None
        before = np.cumsum(drawn)[EARLIEST - 1 : -1] / np.arange(EARLIEST, _MESSAGES)
        lower += float((drawn[EARLIEST:] < before).mean()) / series
    return watched / max(alarms, 1), lower


def _found(spreads: float, within: int, series: int, seed: Sequence[int]) -> float:
    dice, found = np.random.default_rng(seed), 0
    for _ in range(series):
        drawn = _normal(dice)[: _BEFORE + within]
        drawn[_BEFORE:] -= spreads * _SPREAD
        found += _first_alarm(drawn, _BEFORE) is not None
    return found / series


def measure(size: Size, tell: Tell) -> Told:
    """False alarms and falls found, each by its settings."""
    tell("falling", 0.0)
    lengths = {name: _length(draw, size.times, [SEED, n]) for n, (name, draw) in enumerate((*_QUIET, _DEPENDENT))}
    tell("falling", 0.7)
    found = [_found(*fall, size.times, [SEED, 9, n]) for n, fall in enumerate(_FALLS)]
    tables = {
        "falling": table(
            ("messages", "messages watched for each false *falling*", "naive: for each *lower than on average before*"),
            ((name, f"{length:,.0f}", f"{1 / lower:.1f}") for name, (length, lower) in lengths.items()),
        ),
        "falls": table(
            ("a fall of", "within", "found"),
            (
                (f"{spreads:g} spreads", f"{within} messages", percent(share))
                for (spreads, within), share in zip(_FALLS, found, strict=True)
            ),
        ),
    }
    often = 1 / min(lengths[name][0] for name, _ in _QUIET)
    claims = [
        Claim(
            "messages at which *falling* is said falsely, the worst of three kinds that are drawn independently (1 in 370)",
            often,
            high=_ALARMS,
            naive=f"*lower than before*: {percent(max(lengths[name][1] for name, _ in _QUIET))}",
        )
    ]
    figures = [
        Figure(f"messages for each false alarm, {name}", length, "messages", "aim: 370")
        for name, (length, _) in lengths.items()
    ]
    return Told(tables, claims, figures)
