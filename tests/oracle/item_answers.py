"""The readings of a target about feedback items: each item is a unit of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from config.schema import Target
from tests.oracle.acts import State
from tests.oracle.answers import Tools
from tests.oracle.catalogue import Message
from tests.oracle.items import Item
from tests.oracle.kinds import OF_MESSAGES, window_of
from tests.oracle.parts import is_in_scope
from tests.oracle.reading import NOTHING, Figures, OracleReading, Sample, is_process, read_class
from tests.oracle.shares import newcombe
from tests.oracle.units import Cell, count_states
from tests.oracle.windows import SECOND_US, round_up
from tests.oracle.world import World

_DAY_US = 86400 * SECOND_US
# The step that places an item in time, and those that make it count.
_PLACED_BY = {"actioned": "decided", "recognised": "implemented"}
_COUNTS_WITH = {
    "time_to_answer": ("answered", "decided", "implemented"),
    "critical_parity": ("answered", "decided", "implemented"),
    "loop_closure": ("decided", "implemented", "recognised"),
    "actioned": ("implemented",),
    "recognised": ("recognised",),
}


@dataclass(frozen=True)
class Placed:
    """An item with the moment that places it, and the message it is about, if any."""

    item: Item
    moment_us: int
    message: Message | None


class ItemAnswer:
    def __init__(self, tools: Tools, world: World, target: Target) -> None:
        self._tools = tools
        self._target = target
        self._now_us = world.now_us
        self._span = target.window or window_of(target.indicator)
        step = _PLACED_BY.get(target.indicator, "raised")
        placed = [Placed(item, item.steps[step], world.message_of(item)) for item in world.items if step in item.steps]
        self._items = [
            one
            for one in placed
            if one.moment_us <= world.now_us and is_in_scope(target, one.message, one.item.channel)
        ]

    def all(self) -> Iterator[OracleReading]:
        """Items keep no author, so they belong to no segment of people."""
        by = self._target.by
        if by not in (None, *OF_MESSAGES) or self._target.scope.segment is not None:
            return
        period = self._period()
        inside = [one for one in self._items if self._lies_in(one, period)]
        if by is None:
            yield self._reading("all", period, inside)
            return
        for value in sorted({getattr(one.message, by, None) or "" for one in self._items} - {""}):
            own = [one for one in inside if getattr(one.message, by, None) == value]
            yield self._reading(f"{by}={value}", period, own)

    def _period(self) -> str:
        if self._target.period.startswith("rolling "):
            return self._target.period
        by = self._target.by
        told = [one for one in self._items if by is None or getattr(one.message, by, None)]
        settled = [one.moment_us for one in told if self._settles(one) <= self._now_us]
        return self._tools.clocks.period(self._target.period, max(settled, default=self._now_us))

    def _lies_in(self, one: Placed, period: str) -> bool:
        if period.startswith("rolling "):
            return one.moment_us > self._now_us - int(period.split()[1]) * _DAY_US
        return self._tools.clocks.period(self._target.period, one.moment_us) == period

    def _closes(self, one: Placed) -> int:
        """Open ones are watched from the beginning, so that each counts at once; a deed may come as long as the period lasts."""
        rolling = self._target.period.startswith("rolling ")
        if self._target.indicator == "time_to_answer" or (self._target.indicator == "actioned" and rolling):
            return round_up(one.moment_us) * SECOND_US
        if self._target.indicator == "actioned":
            return self._tools.clocks.bounds(self._target.period, one.moment_us)[1] * SECOND_US
        return self._deadline(one)

    def _deadline(self, one: Placed) -> int:
        return self._tools.clocks.deadline(one.moment_us, self._span) * SECOND_US

    def _settles(self, one: Placed) -> int:
        return self._closes(one) + self._tools.builder.lateness(one.item.channel) * SECOND_US

    def _reading(self, segment: str, period: str, items: Sequence[Placed]) -> OracleReading:
        reading = read_class(self._target, segment, period, [self._sample(one) for one in items])
        if self._target.indicator == "critical_parity":
            settled = [one for one in items if self._settles(one) <= self._now_us]
            return replace(reading, **self._parity(settled)._asdict())
        return reading

    def _sample(self, one: Placed) -> Sample:
        state = State.NOT if self._answered_us(one) is None else State.HUMAN
        settled = self._settles(one) <= self._now_us
        cell = self._timed(one) if self._target.indicator == "time_to_answer" else Cell(count_states([state]))
        return Sample(cell, self._closes(one) <= self._now_us, settled)

    def _answered_us(self, one: Placed) -> int | None:
        """When it first came to count; None where that was not in time."""
        steps = _COUNTS_WITH[self._target.indicator]
        first = min((one.item.steps[step] for step in steps if step in one.item.steps), default=None)
        is_late = self._target.indicator != "actioned" and first is not None and first >= self._deadline(one)
        return None if is_late else first

    def _timed(self, one: Placed) -> Cell:
        clocks, answered = self._tools.clocks, self._answered_us(one)
        if answered is not None:
            counts = count_states([State.HUMAN])
            return Cell(counts, delays=(clocks.elapsed(one.moment_us, answered, self._span),))
        if self._now_us >= self._deadline(one):
            return Cell(count_states([State.NOT]), left=(clocks.length(self._span),))
        return Cell(count_states([State.NOT]), waiting=(clocks.elapsed(one.moment_us, self._now_us, self._span),))

    def _parity(self, items: Sequence[Placed]) -> Figures:
        """How the critical fare beside the others: one half where neither is answered more."""
        answered: dict[bool, list[bool]] = {True: [], False: []}
        for one in items:
            answered[one.item.stance == "critical"].append(self._answered_us(one) is not None)
        if not all(answered.values()):
            return NOTHING
        critical, others = ((sum(group), len(group)) for group in (answered[True], answered[False]))
        value = _mapped(critical[0] / critical[1] - others[0] / others[1])
        lower, upper = (value, value)
        if is_process(self._target):
            low, high = newcombe(critical, others)
            lower, upper = _mapped(low), _mapped(high)
        return Figures(value, lower, upper, (value, value), None)


def _mapped(difference: float) -> float:
    return (difference + 1) / 2
