"""Everything the oracle knows at one moment. What targets make of it is left to the modules of answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.oracle.cases import Case, Named
from tests.oracle.catalogue import Message
from tests.oracle.items import Item
from tests.oracle.traffic import Fact


@dataclass(frozen=True)
class World:
    """`cases`: every message sent by now, in the order of sending; `raisers`: who raised anything, and the noons of the days
    (UTC) on which they did; `facts`: all that are on record, about whatever."""

    now_us: int
    cases: Sequence[Case]
    items: Sequence[Item]
    raisers: Mapping[int, set[int]]
    named: Named
    facts: Sequence[Fact]

    def message_of(self, item: Item) -> Message | None:
        """The message an item is about, where it is described."""
        about = (case.message for case in self.cases if item.reference in case.message.references)
        return next(about, None)
