"""From counted units to the readings a target asks for: scope, breakdown, class. Exact; coarsening is left to
`metrics.disclosure`, the verdict to `metrics.targets`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from config.schema import Target
from metrics.classes import GROUPED_BY, Group, Unit, choose_calendar, choose_period
from metrics.clock import Clocks
from metrics.detection import Engaged, Witness, visible_share
from metrics.figures import NOTHING, Figures, Question, Rows, method_of, possible, ratio_of, ratios
from metrics.indicator import Indicator
from metrics.memory import Memory
from metrics.reading import WHOLE, Found, Judge, Members, Place, Reading, denominators
from metrics.sheet import CellsOf, Sheet, Slot, lay_out
from metrics.snapshot import Reason

Touched = Callable[[Unit], Reason]
"""Which kind of gap in the intake overlaps a unit's window on one of its channels, "" where none does: what was lost goes before what was
gone when reading began."""

EVERYBODY: Place = ("", "")


@dataclass(frozen=True)
class Ask:
    """A target with what it needs to be answered. `units`: those it speaks of, by what it is broken down by ("" where that is no
    word of messages); `nothing`: why there are none, where there are none. `mails`: every one, whatever the target speaks of, with those
    who engaged; for indicators whose upper end they widen."""

    target: Target
    indicator: Indicator
    units: Mapping[str, Sequence[Unit]]
    cells_of: CellsOf
    touched: Touched
    memory: Memory
    nothing: Reason = "no_data"
    mails: Sequence[tuple[Unit, Engaged]] = ()

    @property
    def judge(self) -> Judge:
        return choose_judge(self.target, self.indicator)


def choose_judge(target: Target, indicator: Indicator) -> Judge:
    """`process` for a breakdown, where small groups and many comparisons would cry wolf; but for what everybody owes."""
    is_broken_down = target.by is not None and not indicator.between_segments
    return target.judge or ("process" if is_broken_down and not indicator.owed else indicator.judge)


def readings_of(ask: Ask, *, now: int, clocks: Clocks, latest: bool = False) -> list[Reading]:
    """Every reading of a target: one a segment, for a target per message one a message as well; or (`latest`) of its messages only
    that which stands for all, segment by segment."""
    everything = [unit for units in ask.units.values() for unit in units]
    return _readings(ask, lambda units: _classes(ask.target, units, everything, now=now, clocks=clocks), now, latest)


def readings_of_period(ask: Ask, period: str, start: date, *, now: int, clocks: Clocks) -> list[Reading]:
    """The readings of a target over one calendar period, whatever its own."""
    choose = choose_calendar(period, start, now=now, clocks=clocks)
    return _readings(ask, lambda units: [choose(units)], now)


def _readings(
    ask: Ask, classes: Callable[[Sequence[Unit]], list[Group]], now: int, latest: bool = False
) -> list[Reading]:
    where, so_far = _where(ask.target), ask.indicator.over is not None
    found: list[Reading] = []
    for label, units in ask.units.items():
        sheet = lay_out(classes(units), ask.cells_of, where, so_far=so_far, latest=latest)
        found += _fill_in(ask, sheet, label, now)
    return found


def message_readings(ask: Ask, units: Iterable[Unit], *, now: int) -> list[Reading]:
    """Messages under one indicator, each with its whole audience."""
    groups = [_single(unit, now) for unit in units]
    return _fill_in(ask, lay_out(groups, ask.cells_of, EVERYBODY, so_far=True), WHOLE, now)


def message_reading(ask: Ask, unit: Unit, *, now: int) -> Reading:
    """One message under one indicator, its whole audience."""
    return message_readings(ask, [unit], now=now)[0]


def _where(target: Target) -> tuple[str, str | None]:
    """The attribute that a target is broken down by, all its values (None); else the one segment that it speaks of."""
    if target.by is not None and target.by not in GROUPED_BY:
        return target.by, None
    attribute, _, value = (target.scope.segment or "").partition("=")
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


def _fill_in(ask: Ask, sheet: Sheet, label: str, now: int) -> list[Reading]:
    filling = _Filling(ask, sheet, now)
    segments = [label or ("=".join(slot.place) if slot.place[0] else WHOLE) for slot in sheet.slots]
    blind = filling.blind_shares()
    columns = (sheet.slots, segments, filling.spans, filling.figures(segments, blind), blind)
    return [filling.reading(*column) for column in zip(*columns, strict=True)]


class _Behind(NamedTuple):
    """What all segments over the same units share."""

    gap: Reason
    rules: tuple[str, ...]
    members: tuple[Members, ...]


class _Filling:
    """From the slots of a sheet to readings."""

    def __init__(self, ask: Ask, sheet: Sheet, now: int) -> None:
        self._ask, self._sheet, self._now = ask, sheet, now
        self.spans = [slice(*ends) for ends in pairwise(sheet.bounds.tolist())]
        is_one = ask.indicator.classify is None  # a whole period, or an item, is asked of nobody else
        self._telling = np.array([is_one or cells.telling for cells in sheet.cells], dtype=np.bool_)[sheet.owner]
        self._names = _names(ask, sheet.units)
        self._touched = [ask.touched(unit) for unit in sheet.units]
        self._measure = f"{ask.indicator.id}|{ask.target.window or ''}"
        self._behind: dict[tuple[int, ...], _Behind] = {}

    def blind_shares(self) -> list[float]:
        """Of each slot the larger of what the target says and what those who answered leave open."""
        stated, sheet = self._ask.target.blind_share, self._sheet
        if not self._ask.indicator.seen_by_opening:
            return [stated] * len(sheet.slots)
        columns = (sheet.owner.tolist(), possible(sheet.counts).tolist(), denominators(sheet.counts).tolist())
        witnesses = [
            Witness(sheet.units[owner].channels, possible, people, sheet.cells[owner].engaged)
            for owner, possible, people in zip(*columns, strict=True)
        ]
        settled = [engaged for unit, engaged in self._ask.mails if unit.settles <= self._now]
        mails = tuple(pair for engaged in settled for pair in engaged)
        return [max(stated, 1 - visible_share(witnesses[rows], mails)) for rows in self.spans]

    def figures(self, segments: Sequence[str], blind_shares: Sequence[float]) -> list[Figures]:
        """Shares all at once; whatever else is worth remembering from one round of questions to the next."""
        ask, sheet = self._ask, self._sheet
        method = ask.indicator.method or method_of(ask.indicator.unit)
        at_random = ask.target.assume == "missing_at_random"
        if method is ratio_of:
            behind = Rows(sheet.counts, self._telling, sheet.bounds)
            return ratios(behind, Question(ask.judge, at_random), np.array(blind_shares, dtype=np.float64))
        found = []
        for slot, segment, rows, blind in zip(sheet.slots, segments, self.spans, blind_shares, strict=True):
            key = f"{ask.target.name}|{segment}|{slot.judged.label}"
            question = Question(ask.judge, at_random, blind)
            is_empty = rows.start == rows.stop
            found.append(NOTHING if is_empty else ask.memory.figures(key, self._found(rows), question, method))
        return found

    def _found(self, rows: slice) -> Found:
        sheet = self._sheet
        return Found(sheet.counts[rows], sheet.times(rows), sheet.extra(rows), self._telling[rows])

    def reading(self, slot: Slot, segment: str, rows: slice, figures: Figures, blind_share: float) -> Reading:
        ask, sheet, judged = self._ask, self._sheet, slot.judged
        target = ask.target
        owners = tuple(sheet.owner[rows].tolist())
        behind = self._behind_of(owners)
        asked = judged.young if slot.is_young else judged.units
        return Reading(
            target=target.name,
            indicator=ask.indicator.id,
            unit=ask.indicator.unit,
            channel=target.scope.channel or WHOLE,
            segment=segment,
            message=judged.label if judged.single else None,
            period=None if judged.single else judged.label,
            units=sheet.counts[rows],
            **vars(figures),
            maturity=slot.maturity,
            units_all=slot.units_all,
            closed=judged.first_closes <= self._now,
            settled=bool(judged.units),
            gap=behind.gap,
            times=tuple(sheet.times(rows)),
            extra=sheet.extra(rows),
            telling=self._telling[rows],
            of=ask.indicator.of,
            at_random=target.assume == "missing_at_random",
            nothing=ask.nothing,
            settled_at=judged.last_settles,
            blind_share=blind_share,
            rules=behind.rules,
            past=judged.past,
            measure=self._measure,
            place=slot.place,
            members=behind.members,
            without=() if len(owners) == len(asked) else self._absent(asked, owners),
            young=_names(ask, judged.young) if judged.young and not slot.is_young else (),
            compared=ask.indicator.held is not None and bool(owners),
        )

    def _behind_of(self, owners: tuple[int, ...]) -> _Behind:
        if owners not in self._behind:
            self._behind[owners] = _Behind(
                gap=_worst({self._touched[owner] for owner in owners}),
                rules=tuple(sorted({self._sheet.cells[owner].rules for owner in owners})),
                members=tuple(self._names[owner] for owner in owners),
            )
        return self._behind[owners]

    def _absent(self, asked: Sequence[Unit], owners: Sequence[int]) -> tuple[Members, ...]:
        standing = {self._sheet.units[owner].id for owner in owners}
        return _names(self._ask, [unit for unit in asked if unit.id not in standing])


def _worst(touched: Collection[Reason]) -> Reason:
    return "gap" if "gap" in touched else "before_start" if "before_start" in touched else ""


def _names(ask: Ask, units: Iterable[Unit]) -> tuple[Members, ...]:
    """What each unit is counted under, whatever target asks: its messages; an item; of a whole period, what it speaks of."""
    if ask.indicator.over is None:
        return tuple(unit.messages or (unit.id,) for unit in units)
    scope = sorted(ask.target.scope.model_dump(exclude_none=True, exclude={"segment"}).items())
    return tuple((f"{unit.id} {scope}",) for unit in units)
