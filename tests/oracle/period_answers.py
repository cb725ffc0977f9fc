"""The readings of a target about whole periods: one for each part, over the people employed all of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from config.schema import Target
from tests.oracle.answers import Tools
from tests.oracle.cases import Case
from tests.oracle.directory import Row
from tests.oracle.kinds import MEANS, OF_MESSAGES
from tests.oracle.loads import (
    NOBODY,
    count_both_ways,
    count_duplicates,
    count_load,
    count_out_of_hours,
    count_topics,
)
from tests.oracle.marks import count_advocates, count_marks
from tests.oracle.parts import Part, parts
from tests.oracle.periods import Period, Periods
from tests.oracle.reading import Figures, OracleReading, figures
from tests.oracle.units import Cell
from tests.oracle.view import View
from tests.oracle.world import World


class Told(NamedTuple):
    cell: Cell
    figures: Figures
    extra: tuple[int, ...] = ()


class PeriodAnswer:
    def __init__(self, tools: Tools, world: World, target: Target) -> None:
        self._tools = tools
        self._world = world
        self._target = target

    def all(self) -> Iterator[OracleReading]:
        if not self._applies():
            return
        periods = Periods(self._tools, self._world, self._target)
        whole = periods.choose()
        is_silent = self._target.period.startswith("rolling ") and not whole.cases
        for part in parts(self._target, whole.cases, self._tools.directory, also=self._always()):
            people = {person: row for person, row in whole.people.items() if part.belongs(row)}
            period = periods.narrow(whole, self._asked_about(part))
            told = self._of_cell(NOBODY) if is_silent else self._tell(period, part, people)
            yield self._reading(period, part, told)

    def _applies(self) -> bool:
        """Awareness is of something; and items keep no author, so what they are part of has no segments of people."""
        by, scope = self._target.by, self._target.scope
        if self._target.indicator == "awareness":
            return by in ("goal", "topic") or scope.goal is not None or scope.topic is not None
        if self._target.indicator == "two_way":
            return by in (None, *OF_MESSAGES) and scope.segment is None
        return True

    def _always(self) -> Sequence[str]:
        """What stands in a breakdown although no message may have named it."""
        always = {"goal": self._tools.indicators.goals, "topic": self._tools.indicators.topics}
        return always.get(self._target.by or "", ()) if self._target.indicator == "awareness" else ()

    def _tell(self, period: Period, part: Part, people: Mapping[int, Row]) -> Told:
        if self._target.indicator == "goal_awareness":
            return self._least_known(period, self._asked_about(part), people)
        if not period.cases and not self._stands_empty(part):
            return self._of_cell(NOBODY)
        return self._tell_of(self._view(period, period.cases, people, part.value))

    def _stands_empty(self, part: Part) -> bool:
        """Whether nobody's having heard of it says something: of what the configuration names."""
        scope, named = self._target.scope, self._tools.indicators
        is_named = bool(part.value) or scope.goal in named.goals or scope.topic in named.topics
        return self._target.indicator == "awareness" and is_named

    def _tell_of(self, view: View) -> Told:
        match self._target.indicator:
            case "message_load":
                return Told(*count_load(view))
            case "topic_balance":
                return Told(*count_topics(view))
            case "two_way":
                return Told(*count_both_ways(view))
            case "duplicate_load":
                return self._of_cell(count_duplicates(view))
            case "out_of_hours":
                return self._of_cell(count_out_of_hours(view))
            case "advocacy":
                return self._of_cell(count_advocates(view))
            case _:
                return self._of_cell(count_marks(view))

    def _asked_about(self, part: Part) -> Sequence[Case]:
        """Where goals are compared, messages about one of them alone."""
        if self._target.indicator != "goal_awareness":
            return part.cases
        listed = self._tools.indicators.goals
        return [case for case in part.cases if case.message.goal and (not listed or case.message.goal in listed)]

    def _least_known(self, period: Period, sent: Sequence[Case], people: Mapping[int, Row]) -> Told:
        """Of the goals of the configuration, else of the messages, the one that fewest of everybody know, and who of these do; without a
        value, the last to be asked. Of what was `sent` about a goal something has to be of age, where that is asked."""
        told_of = {case.message.goal for case in period.cases if case.message.goal}
        goals = sorted((set(self._tools.indicators.goals) - {case.message.goal for case in sent}) | told_of)
        told = [(self._about(goal, period, period.people).figures.value, goal) for goal in goals]
        with_value = [one for one in told if one[0] is not None]
        chosen = min(with_value or told, key=lambda one: one[0] or 0.0, default=None)
        return self._of_cell(NOBODY) if chosen is None else self._about(chosen[1], period, people)

    def _about(self, goal: str, period: Period, people: Mapping[int, Row]) -> Told:
        cases = [case for case in period.cases if case.message.goal == goal]
        return self._of_cell(count_marks(self._view(period, cases, people)))

    def _view(self, period: Period, cases: Sequence[Case], people: Mapping[int, Row], value: str = "") -> View:
        return View(self._tools, self._world, self._target, period, cases, people, value)

    def _of_cell(self, cell: Cell) -> Told:
        extra = (cell.weight, cell.total) if self._target.indicator in MEANS else ()
        return Told(cell, figures(self._target, [cell]), extra)

    def _reading(self, period: Period, part: Part, told: Told) -> OracleReading:
        return OracleReading(
            target=self._target.name,
            indicator=self._target.indicator,
            segment=part.segment,
            message=None,
            period=period.stretch.label,
            units=int(told.cell.n > 0),
            counts=told.cell.counts,
            **told.figures._asdict(),
            maturity=period.maturity if told.cell.n > 0 else None,
            closed=period.closed,
            settled=period.settled,
            extra=told.extra,
        )
