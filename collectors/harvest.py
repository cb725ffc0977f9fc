"""What one step of the loop brings in, and the sums it leads to. Filling it is left to the loop, what it means to the ledger."""

from collections.abc import Mapping

import msgspec

from collectors.events import DeadLetter, Event, Events, Gap, Interval, Published, Undecodable
from collectors.source import Block, Position, Record
from collectors.stop_rule import StopRule


class Harvest:
    """Filled by the loop, one record after another; `rule` is counted on as it fills."""

    def __init__(self, rule: StopRule) -> None:
        self.rule = rule
        self.records = 0
        self.counted = 0  # the good elements that the stop rule has been told of
        self.left_out = 0
        self.drift = 0
        self.events = Events()
        self.published: list[Published] = []
        self.dead: list[DeadLetter] = []
        self.skipped: dict[str, int] = {}
        self.read: list[Interval] = []
        self.rest: list[Block] = []
        self.heard: list[tuple[Interval, int, int]] = []  # with the times of the first and the last event in it

    def hear(self, read: Interval, first: int) -> None:
        """Note when a block's first and last event were: a gap beside it spans from there. `first`: its place among all."""
        if first == len(self.events):
            return
        ends = [_moment(self.events[place]) for place in (first, -1)]
        moments = [moment for moment in ends if moment is not None]
        if moments:
            self.heard.append((read, moments[0], moments[-1]))

    def count_good(self) -> None:
        """Tell the stop rule of the good elements since it was last told, in one go: they are nearly all."""
        good = len(self.events) + len(self.published) + sum(self.skipped.values()) + self.left_out
        self.rule.count_good(good - self.counted)
        self.counted = good

    def bury(self, read: Interval, record: Record, index: int, why: Undecodable, body: bytes) -> None:
        self.count_good()
        self.rule.count_bad()
        letter = DeadLetter(
            stream=read.stream,
            partition=read.partition,
            offset=record.offset,
            index=index,
            reason=why.reason,
            detail=why.detail,
            body=body,
            received_at=record.received_at,
            headers=record.headers,
        )
        self.dead.append(letter)

    def date(self, gap: Gap, last: Mapping[Position, int]) -> Gap:
        """The gap with the times of its neighbours, where its source left them to us and we know them.
        `last`: when each stream was last heard in earlier steps."""
        here = (gap.stream, gap.partition)
        near = [heard for heard in self.heard if (heard[0].stream, heard[0].partition) == here]
        earlier = [last_there for read, _, last_there in near if read.end <= gap.start]
        later = [first for read, first, _ in near if read.start >= gap.end]
        after, before = gap.after, gap.before
        if after is None and gap.is_loss:
            after = earlier[-1] if earlier else last.get(here)
        if before is None and later:
            before = later[0]
        return msgspec.structs.replace(gap, after=after, before=before)


def _moment(event: Event) -> int | None:
    return event.received_at if event.received_at is not None else event.occurred_at
