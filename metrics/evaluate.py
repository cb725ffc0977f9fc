"""The evaluator: keeps the counts of every campaign, counts anew only what changed, and answers every target.
What may show of the answers is left to `metrics.publish`, the ledger's upkeep to `metrics.upkeep`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

from config.schema import Settings, Target
from metrics.ahead import ahead
from metrics.asking import Asking, Campaign, Part
from metrics.classes import GROUPED_BY, Unit, deadline, seconds, split
from metrics.clock import Clocks
from metrics.counting import Counted, Measure, count_campaign
from metrics.indicators import INDICATORS
from metrics.memory import Memory
from metrics.messages import Catalogue, Message
from metrics.reading import Cells, Reading
from metrics.readings import Ask, message_reading, readings_of
from metrics.snapshot import Reason
from metrics.view import View

Show = Callable[[Sequence[Message]], Sequence[View]]
"""The views of messages, in the same order, with their facts taken; those without an audience are left out."""


@dataclass(frozen=True)
class GapSpan:
    """A stretch of time in which a channel's records are lost; microseconds, None where unknown."""

    channel: str
    after: int | None
    before: int | None


@dataclass(frozen=True)
class Answers:
    """Before disclosure. `messages`: of every message, one reading an indicator, under the target it was asked for."""

    readings: list[tuple[Target, Reading]]
    messages: list[tuple[Target, Reading]]

    @cached_property
    def of_message(self) -> Mapping[str, list[tuple[Target, Reading]]]:
        """`messages` by message."""
        found: dict[str, list[tuple[Target, Reading]]] = {}
        for target, reading in self.messages:
            found.setdefault(reading.message or "", []).append((target, reading))
        return found


class Evaluator:
    """`lateness`: seconds by which a channel's events may come late."""

    def __init__(self, settings: Settings, *, clocks: Clocks, lateness: Mapping[str, int]) -> None:
        self._targets = settings.targets
        self._clocks = clocks
        self._measures = _measures(settings.targets)
        self._attributes = _attributes(settings)
        self._catalogue = Catalogue({}, {}, {})
        self._counted: dict[str, Counted] = {}
        self._sent: dict[str, tuple[str, ...]] = {}
        self._seen: set[str] = set()
        self._parts: dict[str, dict[tuple[str, bool], Part]] = {}
        self._asking = Asking(clocks, lateness)
        self._memory = Memory()
        self._frozen: set[str] = set()
        self._dirty: set[str] = set()
        self.gaps: Sequence[GapSpan] = ()

    def describe(self, catalogue: Catalogue) -> None:
        """Take a new catalogue, or the same after the directory changed: everything with times is counted again."""
        self._catalogue = catalogue
        self._parts.clear()
        for gone in [unit for unit in self._counted if unit not in catalogue.units]:
            del self._counted[gone]
        self._dirty = {unit for unit in catalogue.units if unit not in self._frozen}

    def freeze(self, frozen: Mapping[str, Counted]) -> None:
        """Take counts whose sets have lost their times: they stand as they are."""
        self._counted.update(frozen)
        self._forget_parts(frozen)
        self._seen.update(id for counted in frozen.values() for ids, _ in counted for id in ids)
        self._frozen.update(frozen)
        self._dirty.difference_update(frozen)

    def drop(self, units: Iterable[str]) -> None:
        """Forget campaigns that no period needs: nothing is read of them any more."""
        for unit in units:
            self._counted[unit] = {}
            self._forget_parts([unit])
            self._frozen.add(unit)
            self._dirty.discard(unit)

    def _forget_parts(self, units: Iterable[str]) -> None:
        for unit in units:
            self._parts.pop(unit, None)

    def touch(self, references: Iterable[str]) -> None:
        """These references have new facts."""
        for reference in references:
            message = self._catalogue.message_of_reference.get(reference)
            if message is not None and self._catalogue.unit_of(message) not in self._frozen:
                self._dirty.add(self._catalogue.unit_of(message))

    def reveal(self, channels: frozenset[str]) -> None:
        """On these channels something was seen for the first time: whoever had not been seen there may be judged now. An
        acknowledgement may be done anywhere, and a message without a channel met anywhere."""
        for unit, ids in self._catalogue.units.items():
            messages = [self._catalogue.messages[id] for id in ids]
            everywhere = any(not message.channel or "acknowledge" in message.expects for message in messages)
            if channels and unit not in self._frozen and (everywhere or {each.channel for each in messages} & channels):
                self._dirty.add(unit)

    def count_dirty(self, show: Show, *, now: int, progress: Callable[[int, int], None] | None = None) -> int:
        """Count anew what changed, and what was sent meanwhile; how many campaigns that were. `now` in seconds. `show` is called in
        a thread of its own, while what it showed last is counted: what it uses is nobody else's until this returns."""
        for unit in self._catalogue.units:
            if unit not in self._frozen and self._sent.get(unit) != self._sent_by(unit, now):
                self._dirty.add(unit)
        dirty = sorted(self._dirty)
        with closing(ahead(lambda unit: show(self._sent_messages(unit, now)), dirty)) as shown:
            for done, (unit, views) in enumerate(shown, start=1):
                self._counted[unit] = self._count(unit, views, now)
                self._dirty.discard(unit)
                if progress is not None:
                    progress(done, len(dirty))
        return len(dirty)

    def _sent_by(self, unit: str, now: int) -> tuple[str, ...]:
        """The ids of the messages of a unit that were sent by then: a reminder that is planned does not exist yet."""
        messages = (self._catalogue.messages[id] for id in self._catalogue.units[unit])
        return tuple(
            message.id for message in messages if message.sent_at is not None and seconds(message.sent_at) <= now
        )

    def _sent_messages(self, unit: str, now: int) -> list[Message]:
        return [self._catalogue.messages[id] for id in self._sent_by(unit, now)]

    def _count(self, unit: str, views: Sequence[View], now: int) -> Counted:
        ids = self._sent[unit] = self._sent_by(unit, now)
        self._forget_parts([unit])
        self._seen.difference_update(ids)
        self._seen.update(view.message.id for view in views)
        return count_campaign(
            views, self._measures, together=self._together, attributes=self._attributes, clocks=self._clocks
        )

    def _together(self, measure: Measure, messages: Sequence[Message]) -> set[tuple[str, ...]]:
        targets = [
            target for target in self._targets if Measure(INDICATORS[target.indicator], target.window) == measure
        ]
        return {
            tuple(message.id for message in members)
            for target in targets
            if target.period != "message"
            for members in split(messages, target).values()
        }

    def counted(self, unit: str) -> Counted:
        """The counts of a campaign, as they stand."""
        return self._counted.get(unit, {})

    def last_window(self, message: Message) -> int:
        """The moment (seconds) at which the longest window of a message closes; its sending where it has none."""
        ends = [deadline(message, measure.indicator, measure.window, self._clocks) for measure in self._measures]
        return max((end for end in ends if end is not None), default=seconds(message.sent_at or 0))

    def answer(self, now: int) -> Answers:
        """Every target's readings as of `now` (seconds)."""
        self._memory.turn()
        readings: list[tuple[Target, Reading]] = []
        messages: dict[tuple[str, str], tuple[Target, Reading]] = {}
        for target in self._targets:
            ask = self.ask(target, now, singly=target.period == "message")
            readings += [(target, reading) for reading in readings_of(ask, now=now, clocks=self._clocks)]
        # A target per message is the better witness of a message than a class's is.
        for target in sorted(self._targets, key=lambda target: (target.period != "message", target.by is not None)):
            ask = self.ask(target, now, singly=True)
            for unit in (unit for units in ask.units.values() for unit in units):
                key = (unit.id, target.indicator)
                if key not in messages:
                    messages[key] = (target, message_reading(ask, unit, now=now))
        return Answers(readings, list(messages.values()))

    def ask(self, target: Target, now: int, *, singly: bool) -> Ask:
        """A target with its units: of each campaign the messages it speaks of and its indicator applies to, together or
        (`singly`) one by one."""
        parts = [self._part(name, target, now, singly=singly) for name in self._catalogue.units]
        seen = frozenset().union(*(part.seen for part in parts))
        units: dict[str, list[Unit]] = {} if target.by in GROUPED_BY else {"": []}
        cells: dict[Unit, Cells] = {}
        for part in parts:
            for label, unit, found in part.units:
                units.setdefault(label, []).append(unit)
                cells[unit] = found
        # Of its messages nobody was meant by any, or the question arises for none. Where it arises for some, those are not in the
        # period, or not meant for the segment: there are no data, as where there are no messages.
        nothing: Reason = "no_data"
        if seen and not cells:
            nothing = "not_applicable" if True in seen else "no_audience"
        return Ask(
            target,
            INDICATORS[target.indicator],
            dict(sorted(units.items())),
            cells.get,
            self._touched,
            self._memory,
            nothing,
        )

    def _part(self, name: str, target: Target, now: int, *, singly: bool) -> Part:
        kept = self._parts.setdefault(name, {})
        part = kept.get((target.name, singly))
        if part is None:
            sent = self._sent[name] if name in self._sent else self._sent_by(name, now)
            messages = [self._catalogue.messages[id] for id in sent]
            campaign = Campaign(name, messages, self._counted.get(name, {}), self._seen)
            part = self._asking.part(campaign, target, singly=singly)
            # What is to be counted anew is not worth keeping, nor right for long.
            if name not in self._dirty:
                kept[target.name, singly] = part
        return part

    def _touched(self, unit: Unit) -> bool:
        return any(
            gap.channel in unit.channels
            and (gap.before is None or gap.before >= unit.sent_at * 1_000_000)
            and (gap.after is None or gap.after < unit.closes * 1_000_000)
            for gap in self.gaps
        )


def _measures(targets: Collection[Target]) -> list[Measure]:
    found = {}
    for target in targets:
        measure = Measure(INDICATORS[target.indicator], target.window)
        found[measure.key] = measure
    return list(found.values())


def _attributes(settings: Settings) -> tuple[str, ...]:
    """Directory attributes that some target is broken down by or limited to, and those named as segments."""
    wanted = set(settings.directory.segments)
    for target in settings.targets:
        if target.by is not None and target.by not in GROUPED_BY:
            wanted.add(target.by)
        if target.scope.segment is not None:
            wanted.add(target.scope.segment.partition("=")[0])
    return tuple(sorted(wanted))
