"""Whether messages did what they are for: each is judged, as it may be published, by the targets on the indicators of its own purpose. What
this comes to over many messages is left to `readings`; formula: `docs/indicators.md`, "Messages by their purpose"."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from config.schema import Target
from metrics.classes import Unit, in_scope, no_units, split
from metrics.disclosure import disclose
from metrics.indicators import INDICATORS
from metrics.messages import Message
from metrics.reading import COLUMNS, Cells, D, E, State
from metrics.readings import Ask, message_reading
from metrics.snapshot import Verdict
from metrics.targets import Aim, judge

_ACTS = (("action_effect", "action"),)
ASKED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "inform": (("reach_on_time",), ("comprehension",)),
    "persuade": _ACTS,
    "act": _ACTS,
    "engage": (("response",),),
}
"""By purpose, what a message is judged by: of each group the first indicator that makes sense for it and has a target."""

JUDGED_BY = tuple(sorted({indicator for groups in ASKED.values() for group in groups for indicator in group}))
"""Every indicator that some purpose is judged by."""

_STATES: Mapping[Verdict, State] = {"met": State.H, "missed": State.NOT}

AskSingly = Callable[[Target], Ask]
"""A target with its messages one by one."""


@dataclass(frozen=True)
class _Judged:
    """A message under one indicator. `rules`: on machines, that judged it."""

    unit: Unit
    verdict: Verdict
    rules: str


def judges_messages(target: Target) -> bool:
    """Whether a target says of a whole message what it should be, at any time. What these indicators come to are shares."""
    return isinstance(target.value, float | int) and target.by is None and target.scope.segment is None


class Purposes:
    """`targets`: all of them; `smallest`: the fewest people of a group that may show."""

    def __init__(self, targets: Iterable[Target], *, smallest: int) -> None:
        self._smallest = smallest
        self._targets: dict[str, list[Target]] = {}
        fitting = filter(judges_messages, targets)
        for target in sorted(fitting, key=lambda each: (each.period != "message", each.scope.purpose is None)):
            self._targets.setdefault(target.indicator, []).append(target)

    def units(
        self, target: Target, messages: Sequence[Message], ask: AskSingly, now: int
    ) -> tuple[dict[str, list[Unit]], dict[Unit, Cells]]:
        """Each message as a unit of its own, by what the target is broken down by, with its count of one: H where its purpose was met."""
        units = no_units(target)
        cells: dict[Unit, Cells] = {}
        judged = _Verdicts(self._targets, ask, self._smallest, now)
        for label, members in split(messages, target).items():
            for message in members:
                found = list(judged.of(message))
                if found:
                    unit = _unit(message.id, [each.unit for each in found])
                    units.setdefault(label, []).append(unit)
                    cells[unit] = _cells(found)
        return units, cells


class _Verdicts:
    """Of single messages, at one moment."""

    def __init__(self, targets: Mapping[str, Sequence[Target]], ask: AskSingly, smallest: int, now: int) -> None:
        self._targets = targets
        self._ask = ask
        self._smallest = smallest
        self._now = now
        self._asked: dict[str, tuple[Ask, dict[str, Unit]]] = {}

    def of(self, message: Message) -> Iterator[_Judged]:
        for group in ASKED.get(message.purpose or "", ()):
            found = next(filter(None, (self._judge(message, indicator) for indicator in group)), None)
            if found is not None:
                yield found

    def _judge(self, message: Message, indicator: str) -> _Judged | None:
        """None where nobody says what it should be, or the question makes no sense for it."""
        target = next((each for each in self._targets.get(indicator, ()) if in_scope(message, each.scope)), None)
        if target is None:
            return None
        ask, units = self._single(target)
        unit = units.get(message.id)
        if unit is None:
            return None
        reading = message_reading(ask, unit, now=self._now)
        told = INDICATORS[indicator]
        direction = target.direction or told.direction
        assert isinstance(target.value, float | int)
        aim = Aim(target.value, direction, grows=told.grows, minimum_people=target.minimum_people)
        verdict, _ = judge(reading, disclose(reading, k=self._smallest), aim)
        return _Judged(unit, verdict, " and ".join(reading.rules))

    def _single(self, target: Target) -> tuple[Ask, dict[str, Unit]]:
        if target.name not in self._asked:
            ask = self._ask(target)
            units = {unit.id: unit for each in ask.units.values() for unit in each}
            self._asked[target.name] = ask, units
        return self._asked[target.name]


def _unit(message: str, parts: Sequence[Unit]) -> Unit:
    closes, settles = max(part.closes for part in parts), max(part.settles for part in parts)
    return Unit(f"purpose of {message}", (), parts[0].channels, parts[0].sent_at, closes, settles)


def _cells(parts: Sequence[_Judged]) -> Cells:
    """Met where all its targets are, missed where one is; else nobody knows."""
    states = {_STATES.get(part.verdict, State.U) for part in parts}
    state = State.NOT if State.NOT in states else max(states)
    counts = np.zeros((1, COLUMNS), dtype=np.int64)
    counts[0, state] = counts[0, E] = counts[0, D] = 1
    return Cells({"": ("",)}, {"": counts}, rules=" and ".join(sorted({part.rules for part in parts})))
