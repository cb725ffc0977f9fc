"""The oracle's reading, and how cells become one: value, bounds, the two questions. Which cells those are is left to `oracle`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from config.schema import Target
from tests.oracle.figures import across_units, median, median_interval
from tests.oracle.units import SIGNS, Cell

# What everybody owes, whatever the group: judged by what happened even where it is broken down.
_OWED = ("delivered", "acknowledged")
Bounds = tuple[float | None, float | None]


class Figures(NamedTuple):
    """Ratios, or seconds with inf for a median that is not reached. None: no value; of `time_to_reach`, bounds by resampling
    and `raw` are None because the oracle does not compute them."""

    value: float | None
    lower: float | None
    upper: float | None
    measured: Bounds
    raw: float | None


NOTHING = Figures(None, None, None, (None, None), None)


@dataclass(frozen=True)
class OracleReading:
    """One reading. `period`: of a class its label, of a single message the message's id. `units`: settled ones (or the
    message itself) with anybody in the denominator; `counts`: their sums."""

    target: str
    indicator: str
    segment: str
    message: str | None
    period: str
    units: int
    counts: Mapping[str, int]
    value: float | None
    lower: float | None
    upper: float | None
    measured: Bounds
    raw: float | None
    maturity: float | None
    closed: bool
    settled: bool


def add_up(cells: Sequence[Cell]) -> dict[str, int]:
    return {sign: sum(cell.counts[sign] for cell in cells) for sign in SIGNS}


def figures(target: Target, cells: Sequence[Cell]) -> Figures:
    """What the units say together."""
    if sum(cell.n for cell in cells) == 0:
        return NOTHING
    return _times(target, cells) if target.indicator == "time_to_reach" else _ratio(target, cells)


def _is_process(target: Target) -> bool:
    judge = target.judge or ("process" if target.by and target.indicator not in _OWED else "count")
    return judge == "process"


def _ratio(target: Target, cells: Sequence[Cell]) -> Figures:
    total = add_up(cells)
    n, known = total["n"], total["n"] - total["P"] - total["U"]
    value = total["H"] / known if 2 * (n - known) <= n else None
    measured = (total["H"] / n, _with_blind(target, _most(total) / n))
    raw = (total["H"] + total["P"] + total["S_likely"] + total["S"]) / n
    bounds: Bounds = measured
    if target.assume == "missing_at_random" and value is not None:
        bounds = _around(target, cells, value)
    elif _is_process(target):
        trials = [cell.n for cell in cells]
        least = across_units([cell.counts["H"] for cell in cells], trials)
        most = across_units([_most(cell.counts) for cell in cells], trials)
        bounds = (least and least[0], most and _with_blind(target, most[1]))
    return Figures(value, *bounds, measured, raw)


def _most(counts: Mapping[str, int]) -> int:
    return counts["H"] + counts["P"] + counts["U"] + counts["S_likely"]


def _with_blind(target: Target, upper: float) -> float:
    return min(1.0, upper / (1 - target.blind_share))


def _around(target: Target, cells: Sequence[Cell], value: float) -> Bounds:
    if not _is_process(target):
        return value, value
    known = [cell.n - cell.counts["P"] - cell.counts["U"] for cell in cells]
    return across_units([cell.counts["H"] for cell in cells], known) or (None, None)


def _times(target: Target, cells: Sequence[Cell]) -> Figures:
    delays = [delay for cell in cells for delay in cell.delays]
    n, unknown = sum(cell.n for cell in cells), sum(cell.unknown for cell in cells)
    never = n - len(delays) - unknown
    value = median(delays, never) if 2 * unknown <= n else None
    at_once = [0] * unknown + delays
    measured = (median(at_once, never), median(delays, never + unknown))
    bounds: Bounds = measured
    at_random = target.assume == "missing_at_random" and value is not None
    if at_random and not _is_process(target):
        bounds = (value, value)
    elif _is_process(target) and len(cells) > 1:
        bounds = (None, None)
    elif _is_process(target) and at_random:
        bounds = median_interval(delays, never)
    elif _is_process(target):
        bounds = (median_interval(at_once, never)[0], median_interval(delays, never + unknown)[1])
    return Figures(value, *bounds, measured, None)
