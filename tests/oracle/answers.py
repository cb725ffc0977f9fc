"""The readings of one target: which messages and people each speaks of, which units are judged together, which have settled."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from config.schema import Target
from tests.oracle.catalogue import Message, join_campaigns
from tests.oracle.directory import Directory, Row
from tests.oracle.reading import OracleReading, add_up, figures
from tests.oracle.states import Case, States
from tests.oracle.units import Unit, UnitBuilder, count
from tests.oracle.windows import SECOND_US, Clocks

_OF_MESSAGES = ("topic", "purpose", "setting", "owner", "goal")
_DAY_US = 86400 * SECOND_US
Belongs = Callable[[Row], bool]


@dataclass(frozen=True)
class Tools:
    """What all answers are made with."""

    directory: Directory
    states: States
    builder: UnitBuilder
    clocks: Clocks


@dataclass(frozen=True)
class Part:
    """One value of a breakdown: its messages, and whom of their people it means."""

    segment: str
    cases: Sequence[Case]
    belongs: Belongs


class Answer:
    """One target at one moment. `cases`: every message that was sent by then, in the order of sending."""

    def __init__(self, tools: Tools, target: Target, cases: Sequence[Case], now_us: int) -> None:
        self._tools = tools
        self._target = target
        self._now_us = now_us
        self._unit_of = join_campaigns([case.message for case in cases])
        self._cases = [case for case in cases if self._is_in_scope(case.message)]

    def all(self) -> Iterator[OracleReading]:
        """The readings that the target asks for."""
        if self._target.period == "message":
            for part in self._parts():
                yield from self._each_message(part)
            return
        period = self._period(self._units(self._cases))
        for part in self._parts():
            units = [unit for unit in self._units(part.cases) if self._lies_in(unit, period)]
            yield self._of_class(units, part, period)

    def each_message(self) -> Iterator[OracleReading]:
        """Every message alone, over its whole audience."""
        yield from self._each_message(Part("all", self._cases, lambda _: True))

    def _is_in_scope(self, message: Message) -> bool:
        scope = self._target.scope
        wanted = {name: getattr(scope, name) for name in ("channel", *_OF_MESSAGES)}
        fits = all(value is None or getattr(message, name) == value for name, value in wanted.items())
        return fits and self._tools.states.applies(self._target.indicator, message)

    def _parts(self) -> Iterator[Part]:
        by, limit = self._target.by, self._target.scope.segment
        if by is None:
            yield Part(limit or "all", self._cases, _members(limit))
        elif by in _OF_MESSAGES:
            for value in sorted({getattr(case.message, by) or "" for case in self._cases} - {""}):
                cases = [case for case in self._cases if getattr(case.message, by) == value]
                yield Part(f"{by}={value}", cases, _members(limit))
        else:
            for value in self._tools.directory.values(by):
                yield Part(f"{by}={value}", self._cases, _members(limit, f"{by}={value}"))

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

    def _of_class(self, units: Sequence[Unit], part: Part, period: str) -> OracleReading:
        settled = [unit for unit in units if unit.is_settled(self._now_us)]
        cells = [cell for unit in settled if (cell := count(unit, part.belongs)).n > 0]
        everybody = sum(count(unit, part.belongs).n for unit in units)
        return OracleReading(
            target=self._target.name,
            indicator=self._target.indicator,
            segment=part.segment,
            message=None,
            period=period,
            units=len(cells),
            counts=add_up(cells),
            **figures(self._target, cells)._asdict(),
            maturity=sum(cell.n for cell in cells) / everybody if everybody else None,
            closed=any(unit.is_closed(self._now_us) for unit in units),
            settled=bool(settled),
        )

    def _each_message(self, part: Part) -> Iterator[OracleReading]:
        for case in part.cases:
            unit = self._build([case])
            cells = [cell for cell in [count(unit, part.belongs)] if cell.n > 0]
            is_settled = unit.is_settled(self._now_us)
            yield OracleReading(
                target=self._target.name,
                indicator=self._target.indicator,
                segment=part.segment,
                message=case.message.id,
                period=case.message.id,
                units=len(cells),
                counts=add_up(cells),
                **figures(self._target, cells)._asdict(),
                maturity=float(is_settled) if cells else None,
                closed=unit.is_closed(self._now_us),
                settled=is_settled,
            )


def _members(*limits: str | None) -> Belongs:
    """Whether a person has all of some values, each written `attribute=value`."""
    wanted = [limit.partition("=")[::2] for limit in limits if limit is not None]
    return lambda row: all(row.attributes.get(attribute) == value for attribute, value in wanted)
