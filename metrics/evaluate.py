"""The evaluator: keeps the counts of every campaign, counts anew only what changed, and answers every target.
What may show of the answers is left to `metrics.publish`, the ledger's upkeep to `metrics.upkeep`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from config.schema import Settings, Target
from metrics.ahead import after, ahead
from metrics.asking import Campaign
from metrics.asks import Asks, Heard, Material
from metrics.classes import deadline, seconds, split
from metrics.clock import Clocks
from metrics.counting import Counted, Measure, Segmented, count_campaign
from metrics.era import Footprint
from metrics.indicators import INDICATORS
from metrics.marks import mark_windows, take_footprint
from metrics.measures import attributes_of, marks_of, measure_of, measures_of
from metrics.messages import Catalogue, Message
from metrics.reading import COLUMNS, HELD, CountOf, Members, Place, Reading, widen
from metrics.readings import Ask, message_readings, readings_of
from metrics.totals import count_totals
from metrics.view import View

Show = Callable[[Sequence[Message]], Sequence[View]]
"""The views of messages, in the same order, with their facts taken; those without an audience are left out."""


@dataclass(frozen=True)
class Answers:
    """Before disclosure. `messages`: of every message, one reading an indicator, under the target it was asked for; `asks`: by
    target, what its readings were made of; `count`: what stands behind any of them, unit by unit."""

    readings: list[tuple[Target, Reading]]
    messages: list[tuple[Target, Reading]]
    asks: Mapping[str, Ask] = field(default_factory=dict, repr=False)  # how, no part of what
    count: CountOf = field(default=lambda _measure, _members, _place: None, repr=False)

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
        self._gap_of = settings.indicators.gap_of
        self._measures = measures_of(settings)
        self.attributes = attributes_of(settings)
        self._segmented = Segmented(self.attributes)
        self._catalogue = Catalogue({}, {}, {})
        self._counted: dict[str, Counted] = {}
        self._sent: dict[str, tuple[str, ...]] = {}
        self._seen: set[str] = set()
        self._marks = marks_of(settings)
        self._footprints: dict[str, Footprint] = {}
        self._asks = Asks(settings, clocks, lateness=lateness, attributes=self.attributes)
        self._by_totals = settings.mode == "counts"
        self._frozen: set[str] = set()
        self._dirty: set[str] = set()

    def hear(self, heard: Heard) -> None:
        """Take what is known besides campaigns."""
        self._asks.hear(heard)

    def describe(self, catalogue: Catalogue, kept: Iterable[Footprint] = ()) -> None:
        """Take a new catalogue, or the same after the directory changed: everything with times is counted again. `kept`: what is
        left of messages without times."""
        self._asks.forget(self._catalogue.units)
        self._catalogue = catalogue
        self._footprints = {each.message.id: each for each in kept}
        for gone in [unit for unit in self._counted if unit not in catalogue.units]:
            del self._counted[gone]
        self._dirty = {unit for unit in catalogue.units if unit not in self._frozen}

    def freeze(self, frozen: Mapping[str, Counted]) -> None:
        """Take counts whose sets have lost their times: they stand as they are."""
        self._counted.update(frozen)
        self._asks.forget(frozen)
        self._seen.update(id for counted in frozen.values() for ids, _ in counted for id in ids)
        self._frozen.update(frozen)
        self._dirty.difference_update(frozen)

    def drop(self, units: Iterable[str]) -> None:
        """Forget campaigns that no period needs: nothing is read of them any more."""
        for unit in units:
            self._counted[unit] = {}
            for id in self._catalogue.units.get(unit, ()):
                self._footprints.pop(id, None)
            self._asks.forget([unit])
            self._frozen.add(unit)
            self._dirty.discard(unit)

    def touch(self, references: Iterable[str]) -> None:
        """These references have new facts."""
        for reference in references:
            self._dirty |= self._catalogue.units_about(reference) - self._frozen

    def reveal(self, channels: frozenset[str]) -> None:
        """On these channels something was seen for the first time: whoever had not been seen there may be judged now. What a message
        wants done, and an acknowledgement, may be done anywhere, and a message without a channel met anywhere."""
        for unit, ids in self._catalogue.units.items():
            messages = [self._catalogue.messages[id] for id in ids]
            everywhere = any(not each.channel or each.action or "acknowledge" in each.expects for each in messages)
            if channels and unit not in self._frozen and (everywhere or {each.channel for each in messages} & channels):
                self._dirty.add(unit)

    def count_dirty(
        self, show: Show, *, at_once: int, now: int, progress: Callable[[int, int], None] | None = None
    ) -> int:
        """Count anew what changed, and what was sent meanwhile; how many campaigns that were. `now` in seconds. `show` is asked for so many
        campaigns `at_once`; where that is for one, in a thread of its own, while what it showed last is counted: what it uses is nobody
        else's until this returns."""
        for unit in self._catalogue.units:
            # What totals tell of a window depends on whether it has closed.
            if unit not in self._frozen and (self._by_totals or self._sent.get(unit) != self._sent_by(unit, now)):
                self._dirty.add(unit)
        dirty = sorted(self._dirty)
        together = [dirty[start : start + at_once] for start in range(0, len(dirty), at_once)]
        # Two threads take a tenth more CPU time: only large messages are worth it.
        look = ahead if at_once == 1 else after
        with closing(look(lambda units: show(self._sent_messages(units, now)), together)) as shown:
            for units, views in shown:
                for unit in units:
                    own = [view for view in views if self._catalogue.unit_of(view.message.id) == unit]
                    self._counted[unit] = self._count(unit, own, now)
                self._dirty.difference_update(units)
                if progress is not None:
                    progress(len(dirty) - len(self._dirty), len(dirty))
        return len(dirty)

    def _sent_by(self, unit: str, now: int) -> tuple[str, ...]:
        """The ids of the messages of a unit that were sent by then: a reminder that is planned does not exist yet."""
        messages = (self._catalogue.messages[id] for id in self._catalogue.units[unit])
        return tuple(
            message.id for message in messages if message.sent_at is not None and seconds(message.sent_at) <= now
        )

    def _sent_messages(self, units: Iterable[str], now: int) -> list[Message]:
        return [self._catalogue.messages[id] for unit in units for id in self._sent_by(unit, now)]

    def _count(self, unit: str, views: Sequence[View], now: int) -> Counted:
        ids = self._sent[unit] = self._sent_by(unit, now)
        self._asks.forget([unit])
        self._seen.difference_update(ids)
        if self._by_totals:
            messages = self._sent_messages([unit], now)
            self._seen.update(message.id for message in messages if message.totals)
            return count_totals(messages, self._measures, self._clocks, now)
        self._seen.update(view.message.id for view in views)
        if self._marks:
            self._footprints.update(
                {view.message.id: take_footprint(view, self._marks, self._clocks) for view in views}
            )
        return count_campaign(
            views, self._measures, together=self._together, segmented=self._segmented, clocks=self._clocks
        )

    def _together(self, measure: Measure, messages: Sequence[Message]) -> set[tuple[str, ...]]:
        return {
            tuple(message.id for message in members)
            for target in self._targets
            if target.period != "message" and measure_of(target, self._gap_of) == measure
            for members in split(messages, target).values()
        }

    def footprint(self, message: str) -> Footprint | None:
        """What periods know of a message; None where none asks."""
        return self._footprints.get(message)

    def counted(self, unit: str) -> Counted:
        """The counts of a campaign, as they stand."""
        return self._counted.get(unit, {})

    def last_window(self, message: Message) -> int:
        """The moment (seconds) at which the longest window of a message closes; its sending where it has none."""
        ends = [deadline(message, measure.indicator, measure.window, self._clocks) for measure in self._measures]
        sent_at = seconds(message.sent_at or 0)
        ends += [self._clocks.deadline(sent_at, window) for window in mark_windows(self._marks)]
        return max((end for end in ends if end is not None), default=seconds(message.sent_at or 0))

    def answer(self, now: int, *, latest: bool = False) -> Answers:
        """Every target's readings as of `now` (seconds); or (`latest`) of a target per message only those of the message that stands for
        all, segment by segment."""
        self._asks.turn()
        material = self._material(now)
        readings: list[tuple[Target, Reading]] = []
        messages: dict[tuple[str, str], tuple[Target, Reading]] = {}
        asks: dict[str, Ask] = {}
        for target in self._targets:
            if INDICATORS[target.indicator].of_readings:
                continue  # once they are published
            ask = asks[target.name] = self._asks.ask(target, material, now, singly=target.period == "message")
            found = readings_of(ask, now=now, clocks=self._clocks, latest=latest)
            readings += [(target, reading) for reading in found]
        # A target per message is the better witness of a message than a class's is.
        of_messages = [target for target in self._targets if INDICATORS[target.indicator].classify is not None]
        for target in sorted(of_messages, key=lambda target: (target.period != "message", target.by is not None)):
            ask = self._asks.ask(target, material, now, singly=True)
            units = (unit for units in ask.units.values() for unit in units)
            new = [unit for unit in units if (unit.id, target.indicator) not in messages]
            for unit, reading in zip(new, message_readings(ask, new, now=now), strict=True):
                messages[unit.id, target.indicator] = (target, reading)
        return Answers(readings, list(messages.values()), asks, self.count_of)

    def count_of(self, measure: str, members: Members, place: Place) -> NDArray[np.int64] | None:
        """What stands behind any reading, unit by unit: see `CountOf`."""
        name = self._catalogue.unit_of(members[0]) if members and members[0] in self._catalogue.messages else ""
        cells = self._counted.get(name, {}).get((members, measure.removesuffix(HELD)))
        table = {} if cells is None else cells.extra if measure.endswith(HELD) else cells.counts
        if cells is None or place[0] not in table:
            return None
        counts = widen(table[place[0]]) if measure.endswith(HELD) else table[place[0]]
        values = cells.values[place[0]]
        return counts[values.index(place[1])] if place[1] in values else np.zeros(COLUMNS, np.int64)

    def ask(self, target: Target, now: int, *, singly: bool) -> Ask:
        """A target with its units; messages of a campaign together or (`singly`) one by one."""
        return self._asks.ask(target, self._material(now), now, singly=singly)

    def _material(self, now: int) -> Material:
        return Material(
            campaigns=self._catalogue.units,
            campaign=lambda name: self._campaign(name, now),
            changing=frozenset(self._dirty),
            footprints=self._sent_footprints(now),
        )

    def _sent_footprints(self, now: int) -> list[Footprint]:
        sent = [each for each in self._footprints.values() if seconds(each.message.sent_at or 0) <= now]
        return sorted(sent, key=lambda each: (each.message.sent_at or 0, each.message.id))

    def _campaign(self, name: str, now: int) -> Campaign:
        sent = self._sent[name] if name in self._sent else self._sent_by(name, now)
        messages = [self._catalogue.messages[id] for id in sent]
        return Campaign(name, messages, self._counted.get(name, {}), self._seen)
