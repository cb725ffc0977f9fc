"""Readability: where a message's LIX stands among the organisation's own of its language. Not over people: every message is one."""

from collections.abc import Iterator, Sequence

from config.schema import Target
from tests.oracle.acts import State
from tests.oracle.answers import Tools
from tests.oracle.cases import Case
from tests.oracle.catalogue import Message
from tests.oracle.kinds import OF_MESSAGES
from tests.oracle.parts import is_in_scope, parts
from tests.oracle.reading import NOTHING, Figures, OracleReading
from tests.oracle.units import count_states
from tests.oracle.world import World

_DAY_US = 86400 * 1_000_000


class RankAnswer:
    def __init__(self, tools: Tools, world: World, target: Target) -> None:
        self._tools = tools
        self._world = world
        self._target = target
        cases = [case for case in world.cases if case.message.lix is not None]
        self._cases = [case for case in cases if is_in_scope(target, case.message, case.message.channel)]

    def all(self) -> Iterator[OracleReading]:
        if self._target.by not in (None, *OF_MESSAGES) or self._target.scope.segment is not None:
            return
        for part in parts(self._target, self._cases, self._tools.directory):
            if self._target.period == "message":
                for case in part.cases:
                    yield self._reading(part.segment, [case], case.message.id)
            else:
                yield self._reading(part.segment, [case for case in part.cases if self._lies_in(case)], None)

    def each_message(self) -> Iterator[OracleReading]:
        for case in self._cases:
            yield self._reading("all", [case], case.message.id)

    def _label(self) -> str:
        if self._target.period.startswith("rolling "):
            return self._target.period
        latest = max((case.message.sent_us for case in self._cases), default=self._world.now_us)
        return self._tools.clocks.period(self._target.period, latest)

    def _lies_in(self, case: Case) -> bool:
        if self._target.period.startswith("rolling "):
            return case.message.sent_us > self._world.now_us - int(self._target.period.split()[1]) * _DAY_US
        return self._tools.clocks.period(self._target.period, case.message.sent_us) == self._label()

    def _reading(self, segment: str, cases: Sequence[Case], message: str | None) -> OracleReading:
        ranks = [rank for case in cases if (rank := self._rank(case.message)) is not None]
        value = sum(ranks) / len(ranks) if ranks else None
        figures = NOTHING if value is None else Figures(value, value, value, (value, value), None)
        return OracleReading(
            target=self._target.name,
            indicator=self._target.indicator,
            segment=segment,
            message=message,
            period=message or self._label(),
            units=len(ranks),
            counts=count_states(State.HUMAN for _ in ranks),
            **figures._asdict(),
            maturity=1.0 if ranks else None,
            closed=bool(cases),
            settled=bool(cases),
        )

    def _rank(self, message: Message) -> float | None:
        """The share of the others sent by then that are easier, those as hard counted half; None for the first of its language."""
        others = [
            case.message.lix
            for case in self._world.cases
            if case.message.id != message.id and case.message.language == message.language
            if case.message.sent_us <= message.sent_us and case.message.lix is not None
        ]
        if message.lix is None or not others:
            return None
        return sum(1.0 if lix < message.lix else 0.5 if lix == message.lix else 0.0 for lix in others) / len(others)
