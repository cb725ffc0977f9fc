"""The readings of one target over messages: which messages and people each speaks of, which units are judged together, which have
settled. Figures over whole periods and over items are left to `periods` and `item_answers`."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from config.schema import IndicatorSettings, Target
from tests.oracle.cases import Case
from tests.oracle.catalogue import join_campaigns
from tests.oracle.detected import WIDENED
from tests.oracle.directory import Directory
from tests.oracle.kinds import OF_MESSAGES
from tests.oracle.means import is_rating
from tests.oracle.parts import Belongs, Part, is_in_scope, parts
from tests.oracle.reading import OracleReading, Sample, read_class, read_one
from tests.oracle.states import States
from tests.oracle.units import Unit, UnitBuilder, count, count_engaged
from tests.oracle.windows import SECOND_US, Clocks

_DAY_US = 86400 * SECOND_US


@dataclass(frozen=True)
class Tools:
    """What all answers are made with."""

    directory: Directory
    states: States
    builder: UnitBuilder
    clocks: Clocks
    indicators: IndicatorSettings


class Answer:
    """One target at one moment. `cases`: every message that was sent by then, in the order of sending."""

    def __init__(self, tools: Tools, target: Target, cases: Sequence[Case], now_us: int) -> None:
        self._tools = tools
        self._target = target
        self._now_us = now_us
        self._unit_of = join_campaigns([case.message for case in cases])
        self._all = cases
        self._cases = [case for case in cases if self._is_spoken_of(case)]

    def all(self) -> Iterator[OracleReading]:
        """The readings that the target asks for."""
        if self._target.period == "message":
            for part in self._parts():
                yield from self._each_message(part)
            return
        every = list(self._parts())
        by_word = self._target.by in OF_MESSAGES
        # Segments of people share their messages; messages without the word stand in no part of a breakdown by it.
        units = [self._units(part.cases) for part in every] if by_word else [self._units(self._cases)] * len(every)
        period = self._period([unit for own in units for unit in own])
        for part, own in zip(every, units, strict=True):
            samples = [self._sample(unit, part.belongs) for unit in own if self._lies_in(unit, period)]
            yield read_class(self._target, part.segment, period, samples)

    def each_message(self) -> Iterator[OracleReading]:
        """Every message alone, over its whole audience."""
        yield from self._each_message(Part("all", self._cases, lambda _: True))

    def _is_spoken_of(self, case: Case) -> bool:
        indicator, message = self._target.indicator, case.message
        fits = is_in_scope(self._target, message, message.channel) and self._tools.states.applies(indicator, message)
        if indicator == "readability":
            return fits and case.rank is not None
        return fits and (indicator != "usefulness" or self._is_rated(case))

    def _is_rated(self, case: Case) -> bool:
        """Whether anybody it was meant for did."""
        answers = (one for person in case.audience for one in case.given.get(person, {}).values())
        return any(is_rating(one, self._tools.indicators) for one in answers)

    def _parts(self) -> Iterator[Part]:
        return parts(self._target, self._cases, self._tools.directory)

    def _units(self, cases: Sequence[Case]) -> list[Unit]:
        together: dict[str, list[Case]] = defaultdict(list)
        for case in cases:
            together[self._unit_of[case.message.id]].append(case)
        return [self._build(members) for members in together.values()]

    def _build(self, cases: Sequence[Case]) -> Unit:
        return self._tools.builder.build(self._target.indicator, self._target.window, cases)

    def _period(self, units: Sequence[Unit]) -> str:
        """The label of the stretch of time: of a calendar period the latest in which anything has settled, else now's."""
        if self._target.period.startswith("rolling "):
            return self._target.period
        settled = [unit.first.sent_us for unit in units if unit.is_settled(self._now_us)]
        return self._tools.clocks.period(self._target.period, max(settled, default=self._now_us))

    def _lies_in(self, unit: Unit, period: str) -> bool:
        sent_us = unit.first.sent_us
        if period.startswith("rolling "):
            return sent_us > self._now_us - int(period.split()[1]) * _DAY_US
        return self._tools.clocks.period(self._target.period, sent_us) == period

    def _sample(self, unit: Unit, belongs: Belongs) -> Sample:
        cell = replace(count(unit, belongs), mails=self._mails)
        return Sample(cell, unit.is_closed(self._now_us), unit.is_settled(self._now_us))

    @cached_property
    def _mails(self) -> tuple[tuple[int, int], ...]:
        """Of every mail that has settled, whatever the target speaks of, how many engaged, and how many of these were detected."""
        indicator, states = self._target.indicator, self._tools.states
        found = []
        for case in self._all if indicator in WIDENED else ():
            if case.message.channel == "email" and states.applies(indicator, case.message):
                deadline = states.deadline(indicator, self._target.window, case.message)
                if self._now_us >= (deadline + self._tools.builder.lateness("email")) * SECOND_US:
                    found.append(count_engaged(states, case, deadline))
        return tuple(found)

    def _each_message(self, part: Part) -> Iterator[OracleReading]:
        for case in part.cases:
            sample = self._sample(self._build([case]), part.belongs)
            yield read_one(self._target, part.segment, case.message.id, sample)
