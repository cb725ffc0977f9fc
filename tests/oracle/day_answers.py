"""The readings of targets about facts (`machine_share`, `joined`): each day is a unit of its own. And those about how old messages are
(`maturity`), and how much of what is published is hidden (`suppressed`)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from config.schema import Target
from tests.oracle.acts import State
from tests.oracle.answers import Tools
from tests.oracle.kinds import OF_MESSAGES, window_of
from tests.oracle.parts import is_in_scope, parts
from tests.oracle.reading import OracleReading, Sample, read_class
from tests.oracle.traffic import Fact, count_people
from tests.oracle.units import Cell, count_states
from tests.oracle.windows import SECOND_US
from tests.oracle.world import World

_DAY_US = 86400 * SECOND_US


class DayAnswer:
    """`lateness`: of the channels, the longest, in seconds."""

    def __init__(self, tools: Tools, world: World, target: Target, lateness: int) -> None:
        self._tools = tools
        self._target = target
        self._now_us = world.now_us
        self._lateness = tools.builder.lateness(target.scope.channel) if target.scope.channel else lateness
        self._facts = [fact for fact in world.facts if self._is_spoken_of(fact)]

    def all(self) -> Iterator[OracleReading]:
        by = self._target.by
        if by not in (None, *OF_MESSAGES) or self._target.scope.segment is not None:
            return
        period = self._period()
        if by is None:
            yield self._reading("all", period, self._facts)
            return
        for value in sorted({getattr(fact.message, by, None) or "" for fact in self._facts} - {""}):
            own = [fact for fact in self._facts if getattr(fact.message, by, None) == value]
            yield self._reading(f"{by}={value}", period, own)

    def _is_spoken_of(self, fact: Fact) -> bool:
        begun = self._tools.clocks.midnight(self._day(fact)) * SECOND_US <= self._now_us
        return begun and is_in_scope(self._target, fact.message, fact.channel)

    def _day(self, fact: Fact) -> date:
        return self._tools.clocks.day(fact.slot)

    def _period(self) -> str:
        if self._target.period.startswith("rolling "):
            return self._target.period
        by = self._target.by
        counted = [fact for fact in self._facts if by is None or getattr(fact.message, by, None)]
        settled = [day for day in {self._day(fact) for fact in counted} if self._settles_us(day) <= self._now_us]
        latest = max(map(self._begins_us, settled), default=self._now_us)
        return self._tools.clocks.period(self._target.period, latest)

    def _begins_us(self, day: date) -> int:
        return self._tools.clocks.midnight(day) * SECOND_US

    def _settles_us(self, day: date) -> int:
        return self._begins_us(day + timedelta(days=1)) + self._lateness * SECOND_US

    def _lies_in(self, day: date, period: str) -> bool:
        if period.startswith("rolling "):
            return self._begins_us(day) > self._now_us - int(period.split()[1]) * _DAY_US
        return self._tools.clocks.period(self._target.period, self._begins_us(day)) == period

    def _reading(self, segment: str, period: str, facts: Sequence[Fact]) -> OracleReading:
        days: dict[date, list[Fact]] = defaultdict(list)
        for fact in facts:
            days[self._day(fact)].append(fact)
        samples = [self._sample(day, days[day]) for day in sorted(days) if self._lies_in(day, period)]
        return read_class(self._target, segment, period, samples)

    def _sample(self, day: date, facts: Sequence[Fact]) -> Sample:
        counts_with = "machine" if self._target.indicator == "machine_share" else "joined"
        counted = count_states(State.HUMAN if getattr(fact, counts_with) else State.NOT for fact in facts)
        people = count_people(facts)
        closed = self._begins_us(day + timedelta(days=1)) <= self._now_us
        return Sample(Cell({**counted, "E": people, "D": people}), closed, self._settles_us(day) <= self._now_us)


class AgeAnswer:
    """`maturity`: every message counts as one, from its sending on."""

    def __init__(self, tools: Tools, world: World, target: Target) -> None:
        self._tools = tools
        self._target = target
        self._now_us = world.now_us
        self._cases = [case for case in world.cases if is_in_scope(target, case.message, case.message.channel)]

    def all(self) -> Iterator[OracleReading]:
        if self._target.by not in (None, *OF_MESSAGES) or self._target.scope.segment is not None:
            return
        span, clocks = self._target.window or window_of("maturity"), self._tools.clocks
        rolling = self._target.period.startswith("rolling ")
        since = self._now_us - int(self._target.period.split()[1]) * _DAY_US if rolling else 0
        every = list(parts(self._target, self._cases, self._tools.directory))
        latest = max((case.message.sent_us for part in every for case in part.cases), default=self._now_us)
        period = self._target.period if rolling else clocks.period(self._target.period, latest)
        for part in every:
            samples = []
            for case in part.cases:
                sent_us = case.message.sent_us
                inside = sent_us > since if rolling else clocks.period(self._target.period, sent_us) == period
                settles = clocks.deadline(sent_us, span) + self._tools.builder.lateness(case.message.channel)
                state = State.HUMAN if settles * SECOND_US <= self._now_us else State.NOT
                if inside:
                    samples.append(Sample(Cell(count_states([state])), True, True))
            yield read_class(self._target, part.segment, period, samples)


def count_suppressed(
    targets: Mapping[str, Target], document: Sequence[Mapping[str, Any]]
) -> dict[str, tuple[int, int]]:
    """For every target on `suppressed`, by its name (and what stands beside it, as `name segment`): how many readings of the others are
    hidden, of how many. `document`: what `./earshot readings --json` prints."""
    others = [reading for reading in document if reading["indicator"] != "suppressed"]
    found: dict[str, tuple[int, int]] = {}
    for name, target in targets.items():
        if target.indicator != "suppressed":
            continue
        about = [
            reading for reading in others if _words(target) <= _words(targets[reading["target"]], reading["segment"])
        ]
        if target.by is None:
            found[f"{name} all"] = _hidden(about)
            continue
        words = {word for reading in about for word in _words(targets[reading["target"]], reading["segment"])}
        for attribute, value in words:
            if attribute == target.by:
                own = [one for one in about if (attribute, value) in _words(targets[one["target"]], one["segment"])]
                found[f"{name} {attribute}={value}"] = _hidden(own)
    return found


def _hidden(readings: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    return sum(reading["verdict"] == "suppressed" for reading in readings), len(readings)


def _words(target: Target, segment: str = "all") -> set[tuple[str, str]]:
    """What is spoken of, as pairs."""
    names = ("channel", *OF_MESSAGES)
    said = {(name, value) for name in names if (value := getattr(target.scope, name)) is not None}
    for each in (target.scope.segment or "", segment):
        attribute, sign, value = each.partition("=")
        said |= {(attribute, value)} if sign else set()
    return said
