"""The oracle's reading, and how units become one: value, bounds, the two questions. Which units those are is left to `answers`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from config.schema import Target
from tests.oracle.detected import WIDENED, Witnesses, visible_share
from tests.oracle.effects import difference
from tests.oracle.figures import across_units, median, median_across_units, median_interval
from tests.oracle.kinds import BY_CHANCE, MEANS, OWED, TIMES
from tests.oracle.mean_figures import mean
from tests.oracle.units import SIGNS, Cell

Bounds = tuple[float | None, float | None]


class Figures(NamedTuple):
    """Ratios, or seconds with inf for a median that is not reached. None: no value; `raw` of what is no ratio of people
    is None because the oracle does not compute it."""

    value: float | None
    lower: float | None
    upper: float | None
    measured: Bounds
    raw: float | None


NOTHING = Figures(None, None, None, (None, None), None)


@dataclass(frozen=True)
class OracleReading:
    """One reading. `period`: of a class its label, of a single message the message's id. `units`: settled ones (or the
    message itself) with anybody in the denominator; `counts`: their sums, and `extra` those of what an indicator adds up besides
    (means: weight, total in ten-thousandths; two_way: upward, messages, people). `cells`: of a class, its settled units, those with
    nobody in the denominator as well."""

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
    extra: tuple[int, ...] = ()
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Sample:
    """One unit as counted for a reading."""

    cell: Cell
    closed: bool
    settled: bool


def read_class(target: Target, segment: str, period: str, units: Sequence[Sample]) -> OracleReading:
    """What the settled units of a period say together."""
    settled = [unit for unit in units if unit.settled]
    cells = [unit.cell for unit in settled if unit.cell.n > 0]
    everybody = sum(unit.cell.n for unit in units)
    return OracleReading(
        target=target.name,
        indicator=target.indicator,
        segment=segment,
        message=None,
        period=period,
        units=len(cells),
        counts=add_up(cells),
        **figures(target, cells)._asdict(),
        maturity=sum(cell.n for cell in cells) / everybody if everybody else None,
        closed=any(unit.closed for unit in units),
        settled=bool(settled),
        extra=extra(target, cells),
        cells=tuple(unit.cell for unit in settled),
    )


def read_one(target: Target, segment: str, message: str, unit: Sample) -> OracleReading:
    """What a message alone says, settled or not."""
    cells = [unit.cell] if unit.cell.n > 0 else []
    return OracleReading(
        target=target.name,
        indicator=target.indicator,
        segment=segment,
        message=message,
        period=message,
        units=len(cells),
        counts=add_up(cells),
        **figures(target, cells)._asdict(),
        maturity=float(unit.settled) if cells else None,
        closed=unit.closed,
        settled=unit.settled,
        extra=extra(target, cells),
    )


def add_up(cells: Sequence[Cell]) -> dict[str, int]:
    return {sign: sum(cell.counts[sign] for cell in cells) for sign in SIGNS}


def extra(target: Target, cells: Sequence[Cell]) -> tuple[int, ...]:
    if target.indicator == "action_effect":
        signs = ("H", "P", "S_likely", "S", "U")
        sums = [sum(cell.held[sign] for cell in cells) for sign in (*signs, "n")]
        return (*sums[:-1], sums[-1] - sum(sums[:-1]))
    if target.indicator not in MEANS:
        return ()
    return sum(cell.weight for cell in cells), sum(cell.total for cell in cells)


def figures(target: Target, cells: Sequence[Cell]) -> Figures:
    """What the units say together."""
    if sum(cell.n for cell in cells) == 0:
        return NOTHING
    if target.indicator in MEANS:
        at_random = target.assume == "missing_at_random"
        return Figures(*mean(target.indicator, cells, process=is_process(target), at_random=at_random), None)
    if target.indicator == "action_effect":
        return _effect(target, cells)
    return _times(target, cells) if target.indicator in TIMES else _ratio(target, cells)


def _effect(target: Target, cells: Sequence[Cell]) -> Figures:
    sides = (
        [(cell.counts, cell.tells) for cell in cells],
        [(cell.held, cell.tells) for cell in cells if cell.held["n"]],
    )
    at_random = target.assume == "missing_at_random"
    found = difference(*sides, process=is_process(target), at_random=at_random, blind_share=target.blind_share)
    return NOTHING if found is None else Figures(*found, None)


def is_process(target: Target) -> bool:
    if target.judge is not None:
        return target.judge == "process"
    return target.indicator in BY_CHANCE or bool(target.by and target.indicator not in OWED)


def _ratio(target: Target, cells: Sequence[Cell]) -> Figures:
    total = add_up(cells)
    n = total["n"]
    told = add_up([cell for cell in cells if cell.tells])
    known = told["n"] - told["P"] - told["U"]
    value = told["H"] / known if 2 * (n - known) <= n else None
    measured = (total["H"] / n, _with_blind(target, cells, _most(total) / n))
    raw = (total["H"] + total["P"] + total["S_likely"] + total["S"]) / n
    bounds: Bounds = measured
    if target.assume == "missing_at_random" and value is not None:
        bounds = _around(target, cells, value)
    elif is_process(target):
        trials = [cell.n for cell in cells]
        least = across_units([cell.counts["H"] for cell in cells], trials)
        most = across_units([_most(cell.counts) for cell in cells], trials)
        bounds = (least and least[0], most and _with_blind(target, cells, most[1]))
    return Figures(value, *bounds, measured, raw)


def _most(counts: Mapping[str, int]) -> int:
    return counts["H"] + counts["P"] + counts["U"] + counts["S_likely"]


def _with_blind(target: Target, cells: Sequence[Cell], upper: float) -> float:
    visible = 1 - target.blind_share
    if target.indicator in WIDENED:
        units = [Witnesses(cell.channels, cell.counts, cell.engaged) for cell in cells]
        visible = min(visible, visible_share(units, cells[0].mails))
    return min(1.0, upper / visible) if visible > 0 else 1.0


def _around(target: Target, cells: Sequence[Cell], value: float) -> Bounds:
    if not is_process(target):
        return value, value
    told = [cell for cell in cells if cell.tells]
    known = [cell.n - cell.counts["P"] - cell.counts["U"] for cell in told]
    return across_units([cell.counts["H"] for cell in told], known) or (None, None)


def _times(target: Target, cells: Sequence[Cell]) -> Figures:
    delays = [delay for cell in cells for delay in cell.delays]
    left = [time for cell in cells for time in cell.left]
    waiting = [time for cell in cells for time in cell.waiting]
    n, open_ones = sum(cell.n for cell in cells), sum(cell.unknown for cell in cells) + len(waiting)
    unknown = open_ones - len(waiting)
    never = n - len(delays) - len(left) - open_ones
    value = median(delays, never, left + waiting) if 2 * unknown <= n else None
    # Who is still watched may be reached at this moment, or never.
    at_once = [0] * unknown + delays + waiting
    measured = (median(at_once, never, left), median(delays, never + open_ones, left))
    bounds: Bounds = measured
    at_random = target.assume == "missing_at_random" and value is not None and not (waiting and value == inf)
    if at_random and not is_process(target):
        bounds = (value, value)
    elif is_process(target) and len(cells) > 1 and target.indicator == "time_to_reach":
        bounds = _across_messages(cells, at_random=at_random)
    elif is_process(target) and at_random:
        bounds = median_interval(delays, never, left + waiting)
    elif is_process(target):
        upper = median_interval(delays, never + open_ones, left)[1]
        bounds = (median_interval(at_once, never, left)[0], upper)
    naive = [delay for cell in cells for delay in cell.raw_delays]
    raw = median(naive, n - len(naive), []) if target.indicator == "time_to_reach" else None
    return Figures(value, *bounds, measured, raw)


def _across_messages(cells: Sequence[Cell], *, at_random: bool) -> Bounds:
    if at_random:
        return median_across_units([(cell.delays, cell.n - cell.unknown) for cell in cells])
    at_once = [([0] * cell.unknown + list(cell.delays), cell.n) for cell in cells]
    return median_across_units(at_once)[0], median_across_units([(cell.delays, cell.n) for cell in cells])[1]
