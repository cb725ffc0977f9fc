"""Means of what single people's parts are worth, with their bounds: value, lower, upper, the measured ones.

What the parts are is left to `means` and `marks`.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, floor

from tests.oracle.figures import Interval, across_units, wilson
from tests.oracle.units import Cell

WHOLE = 10_000
Mean = tuple[float | None, float | None, float | None, tuple[float | None, float | None]]


def mean(indicator: str, cells: Sequence[Cell], *, process: bool, at_random: bool) -> Mean:
    """`cells`: a unit each, of which one at least has a weight or people of whom nobody knows."""
    if indicator == "comprehension":
        return _comprehension(cells, process=process)
    hidden = [cell.counts["P"] + cell.counts["U"] for cell in cells]
    weight, total, unknown = sum(cell.weight for cell in cells), _total(cells), sum(hidden)
    value = total / weight if weight and 2 * unknown <= weight + unknown else None
    measured = (total / (weight + unknown), (total + unknown) / (weight + unknown))
    lower: float | None
    upper: float | None
    lower, upper = measured
    if at_random and value is not None:
        around = _interval(cells, [0] * len(cells))
        lower, upper = (around(0)[0], around(0)[1]) if process else (value, value)
    elif process:
        around = _interval(cells, hidden)
        lower, upper = around(0)[0], around(1)[1]
    return value, lower, upper, measured


def _total(cells: Sequence[Cell]) -> float:
    return sum(cell.total for cell in cells) / WHOLE


def _interval(cells: Sequence[Cell], hidden: Sequence[int]) -> Callable[[int], Interval]:
    """The interval where those of whom nobody knows all count for nothing (0), or for everything (1)."""
    trials = [cell.weight + unknown for cell, unknown in zip(cells, hidden, strict=True)]

    def around(each: int) -> Interval:
        if len(cells) == 1:
            (cell,), (unknown,) = cells, hidden
            part = cell.total / WHOLE
            least, most = floor(part) + each * unknown, ceil(part) + each * unknown
            return wilson(least, trials[0])[0], wilson(most, trials[0])[1]
        parts = [cell.total / WHOLE + each * unknown for cell, unknown in zip(cells, hidden, strict=True)]
        return across_units(parts, trials) or (0.0, 1.0)

    return around


def _comprehension(cells: Sequence[Cell], *, process: bool) -> Mean:
    """Scores lie between -1 and 1: guessing is worth nothing, and a figure under that is shown as nothing."""
    weights = [cell.weight for cell in cells]
    value = max(0.0, _total(cells) / sum(weights))
    bounds: Interval = (value, value)
    if process:
        # As if so many people had been right, and the others wrong: one who gives several answers is one chance, not several.
        people = sum(cell.counts["H"] for cell in cells)
        right = Fraction(sum(cell.total for cell in cells) + WHOLE * sum(weights), 2 * WHOLE * sum(weights)) * people
        bounds = wilson(floor(right), people)[0], wilson(ceil(right), people)[1]
    if process and len(cells) > 1:
        halves = [(cell.total / WHOLE + cell.weight) / 2 for cell in cells]
        between = across_units(halves, weights) or (0.0, 1.0)
        bounds = min(bounds[0], between[0]), max(bounds[1], between[1])
    if process:
        bounds = (max(0.0, 2 * bounds[0] - 1), max(0.0, 2 * bounds[1] - 1))
    return value, *bounds, (value, value)
