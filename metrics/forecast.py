"""Where a young message will end, by how earlier ones went on from the same age: no model, their own order alone. Which messages are
alike is left to `trend`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

FEWEST = 20  # earlier messages: with fewer no range of 90 % can be had, nor tried on themselves
_TAIL = 0.05  # on either side


@dataclass(frozen=True)
class Forecast:
    """Ratios. `earlier`: by how many messages; `covered`: the share of them that ended inside the range which all the others would
    have given."""

    value: float
    lower: float
    upper: float
    earlier: int
    covered: float


def forecast(now: float, then: NDArray[np.float64], final: NDArray[np.float64]) -> Forecast | None:
    """All as log-odds: `now` of the young message; `then` of the earlier ones at the same age, and what each came to in the end. If
    the young one is like them, it ends inside the range in 90 % (a conformal interval). None where they are too few."""
    grown = np.sort(final - then)
    number = len(grown)
    if number < FEWEST:
        return None
    low, high = _ends(number)
    value, lower, upper = (float(expit(now + growth)) for growth in (np.median(grown), grown[low], grown[high]))
    return Forecast(value, lower, upper, number, _covered(grown))


def _ends(number: int) -> tuple[int, int]:
    """The places, in sorted order, of the ends of the range."""
    rank = int((number + 1) * _TAIL + 1e-9)
    return rank - 1, number - rank


def _covered(grown: NDArray[np.float64]) -> float:
    low, high = _ends(len(grown) - 1)
    place = np.arange(len(grown))
    # Whoever stands before the end of the others' range shifts it by one.
    inside = (grown >= grown[low + (place <= low)]) & (grown <= grown[high + (place <= high)])
    return float(np.count_nonzero(inside)) / len(grown)


def pooled(settled: tuple[int, float], young: Sequence[tuple[int, Forecast | None]]) -> Forecast | None:
    """Of a class: its settled messages by their people and value, each young one by its people and forecast, all of them at the same
    end of their ranges at once. Of those without a forecast anything is possible; None where they are more than a tenth of the
    people, or nothing is foretold."""
    forecasts = [each for _, each in young if each is not None]
    unknown = sum(number for number, each in young if each is None)
    people = settled[0] + sum(number for number, _ in young)
    if not forecasts or unknown * 10 > people:
        return None
    fewest = min(forecasts, key=lambda each: (each.earlier, each.covered))

    def together(end: str, otherwise: float) -> float:
        reached = (number * (otherwise if each is None else getattr(each, end)) for number, each in young)
        return (settled[0] * settled[1] + sum(reached)) / people

    value = together("value", fewest.value)
    return Forecast(value, together("lower", 0.0), together("upper", 1.0), fewest.earlier, fewest.covered)
