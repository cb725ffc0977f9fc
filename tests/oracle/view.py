"""What a figure over a period is made of: the messages and people of one part of a target, and how each stands on each message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from config.schema import Target
from tests.oracle import evidence
from tests.oracle.acts import State
from tests.oracle.answers import Tools
from tests.oracle.cases import Case
from tests.oracle.directory import Row
from tests.oracle.items import Item
from tests.oracle.kinds import DAY
from tests.oracle.parts import is_in_scope
from tests.oracle.periods import Period
from tests.oracle.world import World


@dataclass(frozen=True)
class View:
    """`cases`: the part's messages of the period; `people`: the part's people, employed all of it; `value`: of a part that is
    about one value of a word of messages, that value."""

    tools: Tools
    world: World
    target: Target
    period: Period
    cases: Sequence[Case]
    people: Mapping[int, Row]
    value: str = ""
    _states: dict[str, Mapping[int, State]] = field(default_factory=dict)

    def reach(self, case: Case) -> Mapping[int, State]:
        """How its audience stands under `reach`."""
        if case.message.id not in self._states:
            self._states[case.message.id] = self.tools.states.of("reach", case, self.period.deadline(case))
        return self._states[case.message.id]

    def response(self, case: Case, person: int, kinds: frozenset[str]) -> State:
        """The evidence that somebody of its audience, not its sender, did any of these and did not take it back."""
        if person not in case.audience or person == case.sender:
            return State.NOT
        return evidence.response(case.seen(person), kinds, self.period.deadline(case))

    def delivered(self, case: Case) -> set[int]:
        """D, by 24 hours after the sending, whatever else the indicator asks."""
        return self.tools.states.delivered(case, self.delivery_deadline(case))

    def delivery_deadline(self, case: Case) -> int:
        return self.tools.clocks.deadline(case.message.sent_us, DAY)

    def has_raised(self, person: int) -> bool:
        return any(self.period.stretch.holds(noon) for noon in self.world.raisers.get(person, ()))

    def items_raised(self) -> list[Item]:
        """Items raised in the period that the target, and this part, speak of."""
        found = []
        for item in self.world.items:
            message = self.world.message_of(item)
            fits = is_in_scope(self.target, message, item.channel)
            own = not self.value or getattr(message, self.target.by or "", None) == self.value
            if fits and own and "raised" in item.steps and self.period.stretch.holds(item.steps["raised"]):
                found.append(item)
        return found
