"""From counted units to the readings a target asks for: scope, breakdown, class. Exact; coarsening is left to
`metrics.disclosure`, the verdict to `metrics.targets`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from config.schema import Target
from metrics.classes import GROUPED_BY, Group, Unit, choose_calendar, choose_period
from metrics.clock import Clocks
from metrics.detection import Witness, visible_share
from metrics.figures import NOTHING, Figures, Question, method_of
from metrics.indicator import Indicator
from metrics.memory import Memory
from metrics.reading import COLUMNS, WHOLE, Cells, Found, Judge, Members, Place, Reading, denominators
from metrics.snapshot import Reason

CellsOf = Callable[[Unit], Cells | None]
"""The counts of a unit under the target's indicator and window; None where the indicator does not apply to it."""

Touched = Callable[[Unit], bool]
"""Whether a gap in the intake overlaps a unit's window on one of its channels."""

EVERYBODY: Place = ("", "")
_NOTHING_MORE = np.zeros(0, dtype=np.int64)


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
    is_broken_down = target.by is not None and not indicator.between_segments
    return target.judge or ("process" if is_broken_down and not indicator.owed else indicator.judge)


def readings_of(ask: Ask, *, now: int, clocks: Clocks) -> list[Reading]:
    """Every reading of a target: one a segment, for a target per message one a message as well."""
    everything = [unit for units in ask.units.values() for unit in units]
    return _readings(ask, lambda units: _classes(ask.target, units, everything, now=now, clocks=clocks), now)


def readings_of_period(ask: Ask, period: str, start: date, *, now: int, clocks: Clocks) -> list[Reading]:
    """The readings of a target over one calendar period, whatever its own."""
    choose = choose_calendar(period, start, now=now, clocks=clocks)
    return _readings(ask, lambda units: [choose(units)], now)


def _readings(ask: Ask, classes: Callable[[Sequence[Unit]], list[Group]], now: int) -> list[Reading]:
    whole = _slice(ask.target.scope.segment)
    found: list[Reading] = []
    for label, units in ask.units.items():
        for judged in classes(units):
            for place in _slices(ask, judged, whole):
                segment = label or (f"{place[0]}={place[1]}" if place[0] else WHOLE)
                found.append(_reading(ask, judged, place, segment, now=now))
    return found


def message_reading(ask: Ask, unit: Unit, *, now: int) -> Reading:
    """One message under one indicator, its whole audience."""
    return _reading(ask, _single(unit, now), EVERYBODY, WHOLE, now=now)


def _slice(segment: str | None) -> Place:
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
    return Group(unit.id, (unit,) if settled else (), () if settled else (unit,), single=True, past=unit.sent_at)


def _slices(ask: Ask, judged: Group, whole: Place) -> list[Place]:
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
    """What stands behind a reading, and the units whose rows they are."""

    units: list[Unit]
    found: Found

    @property
    def people(self) -> int:
        return int(denominators(self.found.counts).sum())

    @property
    def settled_people(self) -> float:
        people: list[int] = denominators(self.found.counts).tolist()
        return sum(n * unit.settled for n, unit in zip(people, self.units, strict=True))


def _rows(ask: Ask, units: Iterable[Unit], place: Place) -> _Rows:
    """The rows of one slice; units with nobody in it do not count."""
    attribute, value = place
    found: list[tuple[Unit, Cells, int]] = []
    for unit in units:
        cells = ask.cells_of(unit)
        if cells is not None and value in cells.values.get(attribute, ()):
            found.append((unit, cells, cells.values[attribute].index(value)))
    counts = np.array([cells.counts[attribute][row] for _, cells, row in found], dtype=np.int64).reshape(-1, COLUMNS)
    there = denominators(counts) > 0
    kept = [one for one, anybody in zip(found, there.tolist(), strict=True) if anybody]
    extra = [cells.extra[attribute][row] if cells.extra else _NOTHING_MORE for _, cells, row in kept]
    is_one = ask.indicator.classify is None  # a whole period, or an item, is asked of nobody else
    behind = Found(
        counts[there],
        [cells.times[attribute][row] for _, cells, row in kept if cells.times],
        np.array(extra or [_NOTHING_MORE], dtype=np.int64),
        np.array([is_one or cells.telling for _, cells, _ in kept], dtype=np.bool_),
    )
    return _Rows([unit for unit, _, _ in kept], behind)


def _reading(ask: Ask, judged: Group, place: Place, segment: str, *, now: int) -> Reading:
    target = ask.target
    message = judged.label if judged.single else None
    matured, young = _rows(ask, judged.units, place), _rows(ask, judged.young, place)
    # A single message, or a whole period, shows what is known so far; a class is judged by what has settled alone.
    so_far = message is not None or ask.indicator.over is not None
    shown = young if so_far and young.units else matured
    asked, standing = judged.young if shown is young else judged.units, {unit.id for unit in shown.units}
    key = f"{target.name}|{segment}|{judged.label}"
    blind = _blind_share(ask, shown)
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
        units=shown.found.counts,
        **vars(_figures(ask, shown, key, blind)),
        maturity=matured.settled_people / people if people else None,
        units_all=len(matured.units) + len(young.units),
        closed=any(unit.closes <= now for unit in members),
        settled=bool(judged.units),
        gap=any(ask.touched(unit) for unit in shown.units),
        times=tuple(shown.found.times),
        extra=shown.found.extra,
        telling=shown.found.telling,
        of=ask.indicator.of,
        at_random=ask.target.assume == "missing_at_random",
        nothing=ask.nothing,
        settled_at=max((unit.settles for unit in members), default=0),
        blind_share=blind,
        rules=tuple(sorted({cells.rules for unit in shown.units if (cells := ask.cells_of(unit)) is not None})),
        past=judged.past,
        measure=f"{ask.indicator.id}|{target.window or ''}",
        place=place,
        members=_names(ask, shown.units),
        without=_names(ask, [unit for unit in asked if unit.id not in standing]),
        young=() if shown is young else _names(ask, judged.young),
        compared=ask.indicator.held is not None and bool(shown.units),
    )


def _blind_share(ask: Ask, shown: _Rows) -> float:
    """The larger of what the target says and what those who answered leave open."""
    if not ask.indicator.seen_by_opening:
        return ask.target.blind_share
    cells = [ask.cells_of(unit) for unit in shown.units]
    witnesses = [
        Witness(unit.channels, counts, found.engaged)
        for unit, counts, found in zip(shown.units, shown.found.counts, cells, strict=True)
        if found is not None
    ]
    return max(ask.target.blind_share, 1 - visible_share(witnesses))


def _names(ask: Ask, units: Iterable[Unit]) -> tuple[Members, ...]:
    """What each unit is counted under, whatever target asks: its messages; an item; of a whole period, what it speaks of."""
    if ask.indicator.over is None:
        return tuple(unit.messages or (unit.id,) for unit in units)
    scope = sorted(ask.target.scope.model_dump(exclude_none=True, exclude={"segment"}).items())
    return tuple((f"{unit.id} {scope}",) for unit in units)


def _figures(ask: Ask, shown: _Rows, key: str, blind: float) -> Figures:
    if not shown.units:
        return NOTHING
    question = Question(
        judge=ask.judge,
        missing_at_random=ask.target.assume == "missing_at_random",
        blind_share=blind,
    )
    method = ask.indicator.method or method_of(ask.indicator.unit)
    return ask.memory.figures(key, shown.found, question, method)
