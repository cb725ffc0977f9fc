"""What a target speaks of, campaign by campaign: the messages judged as one, when their windows close, their counts. Putting campaigns
together, and which of them changed, is left to `evaluate`."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from config.schema import Target
from metrics.classes import Unit, deadline, in_scope, seconds, split
from metrics.clock import Clocks
from metrics.counting import Counted, Measure
from metrics.indicators import INDICATORS
from metrics.messages import Message
from metrics.reading import Cells


@dataclass(frozen=True)
class Campaign:
    """A unit of the catalogue by its name: its messages sent so far, in order, and their counts. `seen`: ids of all messages that
    have an audience."""

    name: str
    messages: Sequence[Message]
    counted: Counted
    seen: Collection[str]


@dataclass(frozen=True)
class Part:
    """What a target reads of one campaign: units by what it is broken down by, with their counts; of the messages it speaks of,
    whether any has an audience, and whether any has none (`seen`)."""

    units: tuple[tuple[str, Unit, Cells], ...]
    seen: frozenset[bool]


class Asking:
    """`lateness`: seconds by which a channel's events may come late."""

    def __init__(self, clocks: Clocks, lateness: Mapping[str, int]) -> None:
        self._clocks = clocks
        self._lateness = lateness

    def part(self, campaign: Campaign, target: Target, *, singly: bool) -> Part:
        """The messages a target speaks of and its indicator applies to, together or (`singly`) one by one."""
        speaks_of = [message for message in campaign.messages if in_scope(message, target.scope)]
        seen = frozenset(message.id in campaign.seen for message in speaks_of)
        return Part(tuple(self._units(campaign, target, singly=singly)), seen)

    def _units(self, campaign: Campaign, target: Target, *, singly: bool) -> Iterator[tuple[str, Unit, Cells]]:
        measure = Measure(INDICATORS[target.indicator], target.window)
        applying = [message for message in campaign.messages if ((message.id,), measure.key) in campaign.counted]
        for label, members in split(applying, target).items():
            for batch in [[message] for message in members] if singly else [members] if members else []:
                found = campaign.counted.get((tuple(message.id for message in batch), measure.key))
                if found is not None:
                    yield label, self._unit(batch[0].id if singly else campaign.name, batch, measure), found

    def _unit(self, name: str, messages: Sequence[Message], measure: Measure) -> Unit:
        """`messages` in order of sending."""
        sent_at = seconds(messages[0].sent_at or 0)
        closes = settles = sent_at
        for message in messages:
            end = deadline(message, measure.indicator, measure.window, self._clocks)
            if end is not None:
                closes = max(closes, end)
                settles = max(settles, end + self._lateness.get(message.channel or "", 0))
        ids = tuple(message.id for message in messages)
        channels = frozenset(message.channel or "" for message in messages)
        return Unit(name, ids, channels, sent_at=sent_at, closes=closes, settles=settles)
