"""What a target of a whole period speaks of: which period, which messages, which people, and the counts its indicator makes of them.
Messages judged one beside the other are left to `asking`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from config.schema import IndicatorSettings, Target
from metrics.classes import GROUPED_BY, Unit, in_scope, period_label, period_start, seconds
from metrics.clock import Clocks
from metrics.era import Era, Footprint
from metrics.indicator import Indicator
from metrics.item import Item
from metrics.items import Describe, speaks_of
from metrics.raised import Raised
from metrics.reading import Cells
from metrics.rosters import Employed
from metrics.sight import Sight

_DAY = 86_400
_WEEK = 7 * _DAY
_LISTED = {"goal": "goals", "topic": "topics"}


@dataclass(frozen=True)
class Known:
    """What periods are made of. `footprints`: of all messages sent; `employed`: who was, from one moment (seconds) to another;
    `describe`: the message that an item is about."""

    sight: Sight
    footprints: Sequence[Footprint]
    employed: Callable[[int, int], Employed]
    raised: Raised
    items: Sequence[Item]
    describe: Describe


@dataclass(frozen=True)
class _Period:
    """`begin` and `end` in seconds, the end outside; `place`: the moment that puts it among others."""

    begin: int
    end: int
    place: int
    closes: int
    settles: int
    settled: float = 1.0


class Periods:
    """`lateness`: seconds by which a channel's events may come late; `wanted`: the attributes to count by."""

    def __init__(
        self,
        settings: IndicatorSettings,
        *,
        clocks: Clocks,
        lateness: Mapping[str, int],
        wanted: Sequence[str],
    ) -> None:
        self._settings = settings
        self._clocks = clocks
        self._lateness = lateness
        self._wanted = wanted
        self._kept: dict[str, tuple[tuple[object, ...], Cells | None]] = {}

    def units(
        self, target: Target, indicator: Indicator, known: Known, now: int
    ) -> tuple[dict[str, list[Unit]], Callable[[Unit], Cells | None]]:
        """The period a target speaks of, by what it is broken down by, and what counts it."""
        asked = {mark.format_map(vars(self._settings)) for mark in indicator.marks}
        # What lost its times before anybody asked for these marks says nothing of them.
        known = replace(known, footprints=[each for each in known.footprints if asked <= each.marks.keys()])
        members = [each for each in known.footprints if in_scope(each.message, target.scope)]
        period = self._period(target, indicator, members, now)
        inside = [each for each in members if period.begin <= _sent(each) < period.end]
        is_rolling = target.period.startswith("rolling ")
        units: dict[str, list[Unit]] = {}
        labelled = {}
        scopes = {}
        for label, messages in self._split(target, indicator, inside).items():
            part = period
            about = [each for each in messages if self._is_about_a_goal(each)] if indicator.least_known else messages
            young: list[Footprint] = []
            if is_rolling:
                # What nobody spoke of is as old as what was spoken of.
                part = self._rolling(target, about or inside, indicator, now)
                about, young = self._by_age(about, indicator, now)
            unit = self._unit(f"{self._name(target, period)} {label}", about, part)
            # Where nothing at all was sent, only a calendar period may still bring something.
            stands_empty = not is_rolling and self._is_listed(target, indicator, label)
            units[label] = [unit] if inside or stands_empty else []
            labelled[unit] = about, young
            scopes[unit] = target.scope.model_copy(update={str(target.by): label.partition("=")[2]} if label else {})

        def count(unit: Unit) -> Cells | None:
            items = [each for each in known.items if speaks_of(scopes[unit], each, known.describe(each.reference))]
            era = self._era(*labelled[unit], items, known, period, now)
            return self._count(f"{target.name} {scopes[unit]}", indicator, era)

        return units, count

    def _period(self, target: Target, indicator: Indicator, members: Sequence[Footprint], now: int) -> _Period:
        """The latest calendar period that has settled, else the current one."""
        if target.period.startswith("rolling "):
            return self._rolling(target, (), indicator, now)
        starts = {period_start(target.period, self._clocks.local_date(_sent(each))) for each in members}
        current = period_start(target.period, self._clocks.local_date(now))
        found = [self._calendar(target.period, start, members, indicator) for start in sorted(starts)]
        settled = [period for period in found if period.settles <= now]
        return settled[-1] if settled else self._calendar(target.period, current, members, indicator)

    def _rolling(self, target: Target, sent: Sequence[Footprint], indicator: Indicator, now: int) -> _Period:
        """For these of its messages: closed and settled where one of them is."""
        closed = sum(self._closes(each, indicator) <= now for each in sent)
        done = sum(self._settles(each, indicator) <= now for each in sent)
        begin, never = now - int(target.period.split()[1]) * _DAY + 1, now + 1
        ends = (now if closed else never, now if done else never)
        return _Period(begin, never, now, *ends, settled=done / max(len(sent), 1))

    def _calendar(self, period: str, start: date, members: Sequence[Footprint], indicator: Indicator) -> _Period:
        begin = self._clocks.local_midnight(start)
        # Longer than any period, shorter than any two: the day after lies in the next.
        following = period_start(period, start + timedelta(days={"week": 7, "month": 31, "quarter": 92}[period]))
        end = self._clocks.local_midnight(following)
        inside = [each for each in members if begin <= _sent(each) < end]
        closes = max([end, *(self._closes(each, indicator) for each in inside)])
        return _Period(begin, end, begin, closes, max([end, *(self._settles(each, indicator) for each in inside)]))

    def _name(self, target: Target, period: _Period) -> str:
        """One month is not another, whatever target speaks of it; a rolling period goes on."""
        if target.period.startswith("rolling "):
            return target.period
        return period_label(target.period, self._clocks.local_date(period.begin))

    def _closes(self, footprint: Footprint, indicator: Indicator) -> int:
        assert indicator.window is not None
        return self._clocks.deadline(_sent(footprint), indicator.window)

    def _settles(self, footprint: Footprint, indicator: Indicator) -> int:
        return self._closes(footprint, indicator) + self._lateness.get(footprint.message.channel or "", 0)

    def _by_age(
        self, messages: list[Footprint], indicator: Indicator, now: int
    ) -> tuple[list[Footprint], list[Footprint]]:
        """Those that have settled, and those that are young; while none has settled, all as far as they have come."""
        settled = [each for each in messages if self._settles(each, indicator) <= now]
        young = [each for each in messages if self._settles(each, indicator) > now]
        return (settled, young) if settled else (messages, [])

    def _is_about_a_goal(self, footprint: Footprint) -> bool:
        goal, listed = footprint.message.goal, self._settings.goals
        return goal in listed if listed else bool(goal)

    def _split(self, target: Target, indicator: Indicator, inside: Sequence[Footprint]) -> dict[str, list[Footprint]]:
        """By what it is broken down by; where it is about subjects, a goal or topic of the configuration stands also where no message
        is about it."""
        if indicator.by_subject and not {target.by, target.scope.goal, target.scope.topic} - {None}:
            return {}
        if target.by not in GROUPED_BY:
            return {"": list(inside)}
        listed = getattr(self._settings, _LISTED[target.by]) if indicator.by_subject and target.by in _LISTED else ()
        wanted = getattr(target.scope, target.by)
        found: dict[str, list[Footprint]] = {f"{target.by}={word}": [] for word in listed if wanted in (None, word)}
        for footprint in inside:
            word = getattr(footprint.message, target.by)
            if word:
                found.setdefault(f"{target.by}={word}", []).append(footprint)
        return dict(sorted(found.items()))

    def _is_listed(self, target: Target, indicator: Indicator, label: str) -> bool:
        """Whether it is about what the configuration names, so that silence says something too."""
        if indicator.least_known:
            return bool(self._settings.goals)
        scope, listed = target.scope, self._settings
        return indicator.by_subject and bool(label or scope.goal in listed.goals or scope.topic in listed.topics)

    def _unit(self, name: str, messages: Sequence[Footprint], period: _Period) -> Unit:
        ids = tuple(each.message.id for each in messages)
        channels = frozenset(each.message.channel or "" for each in messages)
        return Unit(
            *(name, ids, channels),
            sent_at=period.place,
            closes=period.closes,
            settles=period.settles,
            settled=period.settled,
        )

    def _era(
        self,
        messages: Sequence[Footprint],
        young: Sequence[Footprint],
        items: Sequence[Item],
        known: Known,
        period: _Period,
        now: int,
    ) -> Era:
        raised = (period.begin <= known.raised.noon) & (known.raised.noon < period.end)
        moments = [item.steps["raised"] for item in items if "raised" in item.steps]
        return Era(
            begin=period.begin,
            end=period.end,
            staff=known.employed(period.begin, min(period.end - 1, now)),
            messages=messages,
            young=young,
            around=[each for each in known.footprints if period.begin - _WEEK <= _sent(each) < period.end],
            raised=np.unique(known.raised.person[raised]),
            items=sum(period.begin <= moment < period.end for moment in moments),
            settings=self._settings,
            clocks=self._clocks,
            sight=known.sight,
            wanted=self._wanted,
        )

    def _count(self, key: str, indicator: Indicator, era: Era) -> Cells | None:
        """What the indicator makes of it; the same as last time where nothing changed."""
        assert indicator.over is not None
        about = (*era.messages, None, *era.young, None, *era.around)
        made_of = (era.staff, era.sight, era.items, era.raised.tobytes(), *about)
        kept = self._kept.get(key)
        if kept is not None and len(kept[0]) == len(made_of) and all(map(_same, kept[0], made_of)):
            return kept[1]
        cells = indicator.over(era)
        self._kept[key] = made_of, cells
        return cells


def _same(one: object, other: object) -> bool:
    return one is other or (isinstance(one, int | bytes | Sight) and one == other)


def _sent(footprint: Footprint) -> int:
    return seconds(footprint.message.sent_at or 0)
