"""Messages by their purpose: whether each met the targets that fit what it is for. Every message counts as one."""

from collections.abc import Iterator, Sequence

from config.schema import Target
from tests.oracle.acts import State
from tests.oracle.answers import Answer, Tools
from tests.oracle.cases import Case
from tests.oracle.kinds import OF_MESSAGES
from tests.oracle.parts import is_in_scope, parts
from tests.oracle.reading import OracleReading, Sample, read_class
from tests.oracle.told import verdict
from tests.oracle.units import Cell, count_states
from tests.oracle.world import World

_DAY_US = 86400 * 1_000_000
_BY_ACTION = [["action_effect", "action"]]
_ASKED = {
    "inform": [["reach_on_time"], ["comprehension"]],
    "persuade": _BY_ACTION,
    "act": _BY_ACTION,
    "engage": [["response"]],
}


class PurposeAnswer:
    """`targets`: all that are configured; `k`: the fewest people who may show."""

    def __init__(
        self, tools: Tools, world: World, target: Target, targets: Sequence[Target], *, k: int, working_day: int
    ) -> None:
        self._tools = tools
        self._world = world
        self._target = target
        self._targets = [one for one in targets if one.by is None and one.scope.segment is None and _has_value(one)]
        self._k = k
        self._working_day = working_day
        self._read: dict[str, dict[str, OracleReading]] = {}
        cases = [case for case in world.cases if case.message.audience is not None]
        self._cases = [case for case in cases if is_in_scope(target, case.message, case.message.channel)]

    def all(self) -> Iterator[OracleReading]:
        if self._target.by not in (None, *OF_MESSAGES) or self._target.scope.segment is not None:
            return
        samples = {case.message.id: sample for case in self._cases if (sample := self._sample(case)) is not None}
        judged = [case for case in self._cases if case.message.id in samples]
        every = list(parts(self._target, judged, self._tools.directory))
        # Messages without the word stand in no part of a breakdown by it, and in no period of it.
        stand = [case for part in every for case in part.cases]
        label = self._label([case for case in stand if samples[case.message.id].settled])
        for part in every:
            inside = [samples[case.message.id] for case in part.cases if self._lies_in(case, label)]
            yield read_class(self._target, part.segment, label, inside)

    def _label(self, settled: Sequence[Case]) -> str:
        if self._target.period.startswith("rolling "):
            return self._target.period
        latest = max((case.message.sent_us for case in settled), default=self._world.now_us)
        return self._tools.clocks.period(self._target.period, latest)

    def _lies_in(self, case: Case, label: str) -> bool:
        if label.startswith("rolling "):
            return case.message.sent_us > self._world.now_us - int(label.split()[1]) * _DAY_US
        return self._tools.clocks.period(self._target.period, case.message.sent_us) == label

    def _sample(self, case: Case) -> Sample | None:
        """None for a message whose purpose nobody set a target for."""
        found = []
        for choices in _ASKED.get(case.message.purpose or "", []):
            answers = (self._answer(case, indicator) for indicator in choices)
            first = next((one for one in answers if one is not None), None)
            if first is not None:
                found.append(first)
        if not found:
            return None
        verdicts = [verdict(target, one, k=self._k, working_day=self._working_day) for target, one in found]
        state = State.HUMAN if all(verdicts) else State.NOT if False in verdicts else State.UNSEEN
        readings = [one for _, one in found]
        return Sample(
            Cell(count_states([state])), all(one.closed for one in readings), all(one.settled for one in readings)
        )

    def _answer(self, case: Case, indicator: str) -> tuple[Target, OracleReading] | None:
        fitting = [
            one
            for one in self._targets
            if one.indicator == indicator and is_in_scope(one, case.message, case.message.channel)
        ]
        # One that speaks of single messages first, then one of this purpose alone, then the first written.
        best = min(fitting, key=lambda one: (one.period != "message", one.scope.purpose is None), default=None)
        if best is None:
            return None
        if best.name not in self._read:
            answered = Answer(self._tools, best, self._world.cases, self._world.now_us).each_message()
            self._read[best.name] = {one.message or "": one for one in answered}
        reading = self._read[best.name].get(case.message.id)
        return None if reading is None else (best, reading)


def _has_value(target: Target) -> bool:
    """Whether it says of a single message what it should be: neither watched nor by its own past."""
    return target.value is not None and not hasattr(target.value, "period")
