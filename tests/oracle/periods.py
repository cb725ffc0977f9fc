"""The stretch of time a figure over a period speaks of: which one, its messages, the people employed all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from config.schema import Target
from tests.oracle.answers import Tools
from tests.oracle.cases import Case
from tests.oracle.directory import Row
from tests.oracle.kinds import window_of
from tests.oracle.parts import is_in_scope
from tests.oracle.windows import SECOND_US
from tests.oracle.world import World

_DAY_US = 86400 * SECOND_US


@dataclass(frozen=True)
class Stretch:
    """From `begin_us` (inclusive) to `end_us` (exclusive); people are asked about from `first_us` to `last_us`, both included."""

    label: str
    begin_us: int
    end_us: int
    first_us: int
    last_us: int

    def holds(self, moment_us: int) -> bool:
        return self.begin_us <= moment_us < self.end_us


@dataclass(frozen=True)
class Period:
    """`deadlines`: of each message (by id), when what people do no longer leaves a mark on it."""

    stretch: Stretch
    cases: Sequence[Case]
    deadlines: Mapping[str, int]
    people: Mapping[int, Row]
    closed: bool
    settled: bool
    maturity: float | None

    def deadline(self, case: Case) -> int:
        return self.deadlines[case.message.id]


class Periods:
    """Those of one target at one moment."""

    def __init__(self, tools: Tools, world: World, target: Target) -> None:
        self._tools = tools
        self._world = world
        self._target = target
        everything = [case for case in world.cases if case.audience]
        self._cases = [case for case in everything if is_in_scope(target, case.message, case.message.channel)]
        self._deadlines = {case.message.id: self._deadline(case) for case in self._cases}

    def choose(self) -> Period:
        """The rolling one, else the latest settled one with any messages, else the current one."""
        if self._target.period.startswith("rolling "):
            return self._rolling(int(self._target.period.split()[1]))
        known = {one.label: one for one in (self._calendar(case.message.sent_us) for case in self._cases)}
        settled = [one for one in known.values() if self._settles(one) <= self._world.now_us]
        current = self._calendar(self._world.now_us)
        return self._of_calendar(max(settled, key=lambda one: one.begin_us, default=current))

    def _deadline(self, case: Case) -> int:
        return self._tools.clocks.deadline(case.message.sent_us, window_of(self._target.indicator))

    def _settles_at(self, case: Case) -> int:
        late = self._tools.builder.lateness(case.message.channel)
        return (self._deadlines[case.message.id] + late) * SECOND_US

    def _calendar(self, moment_us: int) -> Stretch:
        begin, end = self._tools.clocks.bounds(self._target.period, moment_us)
        label = self._tools.clocks.period(self._target.period, moment_us)
        begin_us, end_us = begin * SECOND_US, end * SECOND_US
        return Stretch(label, begin_us, end_us, begin_us, min(end_us - SECOND_US, self._world.now_us))

    def _settles(self, stretch: Stretch) -> int:
        inside = (self._settles_at(case) for case in self._cases if stretch.holds(case.message.sent_us))
        return max([stretch.end_us, *inside])

    def _of_calendar(self, stretch: Stretch) -> Period:
        now_us, cases = self._world.now_us, [case for case in self._cases if stretch.holds(case.message.sent_us)]
        closes = max([stretch.end_us, *(self._deadlines[case.message.id] * SECOND_US for case in cases)])
        settled = self._settles(stretch) <= now_us
        return self._period(stretch, cases, closed=closes <= now_us, settled=settled, maturity=float(settled))

    def _rolling(self, days: int) -> Period:
        now_us = self._world.now_us
        since_us = now_us - days * _DAY_US
        stretch = Stretch(self._target.period, since_us + 1, now_us + 1, since_us, now_us)
        inside = [case for case in self._cases if stretch.holds(case.message.sent_us)]
        return self._period(stretch, inside, closed=False, settled=False, maturity=None)

    def narrow(self, period: Period, cases: Sequence[Case]) -> Period:
        """For some of its messages. Of a rolling one those that have settled; while none has, all as far as they have come; what no
        message is about is as old as all that was sent."""
        if not self._target.period.startswith("rolling "):
            return replace(period, cases=cases)
        now_us, sent = self._world.now_us, cases or period.cases
        settled = [case for case in sent if self._settles_at(case) <= now_us]
        return replace(
            period,
            cases=(settled or cases) if cases else (),
            closed=any(self._deadlines[case.message.id] * SECOND_US <= now_us for case in sent),
            settled=bool(settled),
            maturity=len(settled) / len(sent) if sent else None,
        )

    def _period(
        self, stretch: Stretch, cases: Sequence[Case], *, closed: bool, settled: bool, maturity: float | None
    ) -> Period:
        people = self._tools.directory.throughout(stretch.first_us, stretch.last_us)
        return Period(stretch, cases, self._deadlines, people, closed, settled, maturity)
