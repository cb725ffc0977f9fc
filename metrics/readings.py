"""From counted units to the readings a target asks for: scope, breakdown, class. Exact; coarsening is left to
`metrics.disclosure`, the verdict to `metrics.targets`."""

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.schema import Target
from metrics.classes import GROUPED_BY, Group, Unit, choose_period
from metrics.clock import Clocks
from metrics.figures import NOTHING, Figures, Question
from metrics.indicator import Indicator
from metrics.memory import Memory
from metrics.reading import COLUMNS, WHOLE, Cells, Judge, Reading, Times, denominators
from metrics.snapshot import Reason

CellsOf = Callable[[Unit], Cells | None]
"""The counts of a unit under the target's indicator and window; None where the indicator does not apply to it."""

Touched = Callable[[Unit], bool]
"""Whether a gap in the intake overlaps a unit's window on one of its channels."""

Slice = tuple[str, str]
"""(attribute, value) of the rows to read; ("", "") is the whole audience."""

EVERYBODY: Slice = ("", "")


@dataclass(frozen=True)
class Ask:
    """A target with what it needs to be answered. `units`: those it speaks of, by what it is broken down by ("" where that is no
    word of messages); `nothing`: why there are none, where there are none."""

    target: Target
    indicator: Indicator
    units: Mapping[str, Sequence[Unit]]
    cells_of: CellsOf
    touched: Touched
    memory: Memory
    nothing: Reason = "no_data"

    @property
    def judge(self) -> Judge:
        return choose_judge(self.target, self.indicator)


def choose_judge(target: Target, indicator: Indicator) -> Judge:
    """`process` for a breakdown, where small groups and many comparisons would cry wolf; but for what everybody owes."""
    return target.judge or ("process" if target.by and not indicator.owed else "count")


def readings_of(ask: Ask, *, now: int, clocks: Clocks) -> list[Reading]:
    """Every reading of a target: one a segment, for a target per message one a message as well."""
    whole = _slice(ask.target.scope.segment)
    everything = [unit for units in ask.units.values() for unit in units]
    found: list[Reading] = []
    for label, units in ask.units.items():
        for judged in _classes(ask.target, units, everything, now=now, clocks=clocks):
            for place in _slices(ask, judged, whole):
                segment = label or (f"{place[0]}={place[1]}" if place[0] else WHOLE)
                found.append(_reading(ask, judged, place, segment, now=now))
    return found


def message_reading(ask: Ask, unit: Unit, *, now: int) -> Reading:
    """One message under one indicator, its whole audience."""
    return _reading(ask, _single(unit, now), EVERYBODY, WHOLE, now=now)


def _slice(segment: str | None) -> Slice:
    if segment is None:
        return EVERYBODY
    attribute, _, value = segment.partition("=")
    return attribute, value


def _classes(
    target: Target, units: Sequence[Unit], everything: Iterable[Unit], *, now: int, clocks: Clocks
) -> list[Group]:
    if target.period != "message":
        return [choose_period(everything, target, now=now, clocks=clocks)(units)]
    ordered = sorted(units, key=lambda unit: (unit.sent_at, unit.id))
    return [_single(unit, now) for unit in ordered] or [Group("message", (), ())]


def _single(unit: Unit, now: int) -> Group:
    settled = unit.settles <= now
    return Group(unit.id, (unit,) if settled else (), () if settled else (unit,), single=True)


def _slices(ask: Ask, judged: Group, whole: Slice) -> list[Slice]:
    attribute = ask.target.by
    if attribute is None or attribute in GROUPED_BY:
        return [whole]
    values: set[str] = set()
    for unit in (*judged.units, *judged.young):
        cells = ask.cells_of(unit)
        if cells is not None:
            values.update(cells.values.get(attribute, ()))
    return [(attribute, value) for value in sorted(values)]


@dataclass(frozen=True)
class _Rows:
    """`counts`: shape (units, COLUMNS); `times` beside it for indicators in seconds."""

    units: list[Unit]
    counts: NDArray[np.int64]
    times: list[Times]

    @property
    def people(self) -> int:
        return int(denominators(self.counts).sum())


def _rows(ask: Ask, units: Iterable[Unit], place: Slice) -> _Rows:
    """The rows of one slice; units with nobody in it do not count."""
    found: list[tuple[Unit, NDArray[np.int64], Times | None]] = []
    attribute, value = place
    for unit in units:
        cells = ask.cells_of(unit)
        if cells is not None and value in cells.values.get(attribute, ()):
            row = cells.values[attribute].index(value)
            found.append((unit, cells.counts[attribute][row], cells.times[attribute][row] if cells.times else None))
    counts = np.array([counts for _, counts, _ in found], dtype=np.int64).reshape(-1, COLUMNS)
    there = denominators(counts) > 0
    kept = [one for one, anybody in zip(found, there.tolist(), strict=True) if anybody]
    return _Rows([unit for unit, _, _ in kept], counts[there], [times for _, _, times in kept if times is not None])


def _reading(ask: Ask, judged: Group, place: Slice, segment: str, *, now: int) -> Reading:
    target = ask.target
    message = judged.label if judged.single else None
    matured, young = _rows(ask, judged.units, place), _rows(ask, judged.young, place)
    # A single message shows what is known so far; a class is judged by what has settled alone.
    shown = young if message is not None and young.units else matured
    key = f"{target.name}|{segment}|{judged.label}"
    people = matured.people + young.people
    members = (*judged.units, *judged.young)
    return Reading(
        target=target.name,
        indicator=ask.indicator.id,
        unit=ask.indicator.unit,
        channel=target.scope.channel or WHOLE,
        segment=segment,
        message=message,
        period=judged.label if message is None else None,
        units=shown.counts,
        **vars(_figures(ask, shown, key)),
        maturity=matured.people / people if people else None,
        units_all=len(matured.units) + len(young.units),
        closed=any(unit.closes <= now for unit in members),
        settled=bool(judged.units),
        gap=any(ask.touched(unit) for unit in shown.units),
        times=tuple(shown.times),
        nothing=ask.nothing,
        settled_at=max((unit.settles for unit in members), default=0),
    )


def _figures(ask: Ask, shown: _Rows, key: str) -> Figures:
    if not shown.units:
        return NOTHING
    question = Question(
        judge=ask.judge,
        missing_at_random=ask.target.assume == "missing_at_random",
        blind_share=ask.target.blind_share,
        seed=(zlib.crc32(key.encode()),),
    )
    if ask.indicator.unit == "seconds":
        return ask.memory.median(key, shown.counts, shown.times, question)
    return ask.memory.ratio(key, shown.counts, question)
