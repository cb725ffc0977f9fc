"""The evaluator: keeps the counts of every campaign, counts anew only what changed, and answers every target.
What may show of the answers is left to `metrics.publish`, the ledger's upkeep to `metrics.upkeep`."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from config.schema import Settings, Target
from metrics.classes import GROUPED_BY, Unit, deadline, seconds
from metrics.clock import Clocks
from metrics.counting import Counted, Measure, count_campaign
from metrics.indicators import INDICATORS
from metrics.messages import Catalogue, Message
from metrics.reading import Cells, Reading
from metrics.readings import Ask, message_reading, readings_of
from metrics.view import View

Show = Callable[[Sequence[Message]], list[View]]
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


class Evaluator:
    """`lateness`: seconds by which a channel's events may come late."""

    def __init__(self, settings: Settings, *, clocks: Clocks, lateness: Mapping[str, int]) -> None:
        self._targets = settings.targets
        self._clocks = clocks
        self._lateness = lateness
        self.measures = _measures(settings.targets)
        self._attributes = _attributes(settings)
        self._catalogue: Catalogue | None = None
        self._counted: dict[str, Counted] = {}
        self._frozen: set[str] = set()
        self._dirty: set[str] = set()
        self.gaps: Sequence[GapSpan] = ()
        self.outside = 0

    def describe(self, catalogue: Catalogue) -> None:
        """Take a new catalogue, or the same after the directory changed: everything with times is counted again."""
        self._catalogue = catalogue
        for gone in [unit for unit in self._counted if unit not in catalogue.units and unit not in self._frozen]:
            del self._counted[gone]
        self._dirty = {unit for unit in catalogue.units if unit not in self._frozen}

    def thaw(self, frozen: Mapping[str, Counted]) -> None:
        """Take counts whose sets have lost their times: they stand as they are."""
        self._counted.update(frozen)
        self._frozen.update(frozen)

    def touch(self, references: Iterable[str]) -> None:
        """These references have new facts."""
        assert self._catalogue is not None
        for reference in references:
            message = self._catalogue.message_of_reference.get(reference)
            unit = self._catalogue.unit_of(message) if message is not None else None
            if unit is not None and unit not in self._frozen:
                self._dirty.add(unit)

    def count_dirty(self, show: Show, *, progress: Callable[[int, int], None] | None = None) -> int:
        """Count anew what changed; how many campaigns that were."""
        assert self._catalogue is not None
        dirty = sorted(self._dirty)
        for done, unit in enumerate(dirty, start=1):
            self._counted[unit] = self._count(self._catalogue, unit, show)
            self._dirty.discard(unit)
            if progress is not None:
                progress(done, len(dirty))
        return len(dirty)

    def _count(self, catalogue: Catalogue, unit: str, show: Show) -> Counted:
        messages = [catalogue.messages[id] for id in catalogue.units[unit]]
        views = show(sorted(messages, key=lambda message: (message.sent_at or 0, message.id)))
        return count_campaign(views, self.measures, attributes=self._attributes, clocks=self._clocks)

    def counted(self, unit: str) -> Counted:
        return self._counted.get(unit, {})

    def last_window(self, message: Message) -> int:
        """The moment (seconds) at which the longest window of a message closes; its sending where it has none."""
        ends = [deadline(message, measure.indicator, measure.window, self._clocks) for measure in self.measures]
        return max((end for end in ends if end is not None), default=seconds(message.sent_at or 0))

    def answer(self, now: int) -> Answers:
        """Every target's readings as of `now` (seconds)."""
        readings: list[tuple[Target, Reading]] = []
        messages: dict[tuple[str, str], tuple[Target, Reading]] = {}
        for target in self._targets:
            ask = self._ask(target)
            readings += [(target, reading) for reading in readings_of(ask, now=now, clocks=self._clocks)]
        # A target per message is the better witness of a message than a class's is.
        for target in sorted(self._targets, key=lambda target: (target.period != "message", target.by is not None)):
            ask = self._ask(target, singly=True)
            for unit in ask.units:
                key = (unit.id, target.indicator)
                if key not in messages and unit.sent_at <= now and ask.cells_of(unit) is not None:
                    messages[key] = (target, message_reading(ask, unit, now=now))
        return Answers(readings, list(messages.values()))

    def _ask(self, target: Target, *, singly: bool = False) -> Ask:
        measure = Measure(INDICATORS[target.indicator], target.window)
        units, cells = self._units(measure, singly=singly or target.period == "message")
        return Ask(target, measure.indicator, units, lambda unit: cells.get(unit.id), self._touched)

    def _units(self, measure: Measure, *, singly: bool) -> tuple[list[Unit], dict[str, Cells]]:
        assert self._catalogue is not None
        units: list[Unit] = []
        cells: dict[str, Cells] = {}
        for unit_id, ids in self._catalogue.units.items():
            counted = self.counted(unit_id)
            sent = [self._catalogue.messages[id] for id in ids if self._catalogue.messages[id].sent_at is not None]
            applying = [message for message in sent if ((message.id,), measure.key) in counted]
            batches = [[message] for message in sent] if singly else [applying or sent] if sent else []
            for batch in batches:
                unit = self._unit(batch[0].id if singly else unit_id, batch, measure)
                units.append(unit)
                found = counted.get((tuple(message.id for message in unit.messages), measure.key))
                if found is not None:
                    cells[unit.id] = found
        return units, cells

    def _unit(self, id: str, messages: list[Message], measure: Measure) -> Unit:
        ordered = tuple(sorted(messages, key=lambda message: (message.sent_at or 0, message.id)))
        sent_at = seconds(ordered[0].sent_at or 0)
        closes, settles = sent_at, sent_at
        for message in ordered:
            end = deadline(message, measure.indicator, measure.window, self._clocks)
            if end is not None:
                closes = max(closes, end)
                settles = max(settles, end + self._lateness.get(message.channel or "", 0))
        return Unit(id=id, messages=ordered, sent_at=sent_at, closes=closes, settles=settles)

    def _touched(self, unit: Unit) -> bool:
        channels = {message.channel for message in unit.messages}
        return any(
            gap.channel in channels
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
