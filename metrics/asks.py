"""Every target as a question with the counts that answer it, whatever kind its indicator is of: messages one beside the other, a whole
period, feedback items, differences between segments. Counting is left to `evaluate`, answering to `readings`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from config.schema import Scope, Settings, Target
from metrics.ages import Ages
from metrics.asking import Asking, Campaign, Part
from metrics.classes import GROUPED_BY, Unit, no_units
from metrics.clock import Clocks
from metrics.counting import Measure
from metrics.days import Days
from metrics.detection import MAIL, Engaged
from metrics.differences import by_segment, segments_of, spread
from metrics.era import Footprint
from metrics.indicator import OF_NOBODY, Indicator
from metrics.indicators import INDICATORS
from metrics.item import Item
from metrics.items import Describe, Items
from metrics.memory import Memory
from metrics.periods import Known, Periods
from metrics.purposes import Purposes
from metrics.raised import Raised
from metrics.reading import Cells
from metrics.readings import Ask
from metrics.rosters import Employed
from metrics.sheet import CellsOf
from metrics.sight import Sight
from metrics.snapshot import Reason
from metrics.traffic import Traffic


@dataclass(frozen=True)
class GapSpan:
    """A stretch of time of which a channel's records are lacking; microseconds, None where unknown. `is_loss`: they were lost; else they
    were gone before anybody of ours looked."""

    channel: str
    after: int | None
    before: int | None
    is_loss: bool = True


@dataclass(frozen=True)
class Heard:
    """What is known besides campaigns. What can be seen; who was employed from one moment (seconds) to another; who raised feedback,
    what became of it, and which message a reference belongs to; where the intake has gaps; by how many seconds a channel's events may
    come late; all facts by channel and day."""

    sight: Sight
    employed: Callable[[int, int], Employed]
    raised: Raised
    items: Sequence[Item]
    describe: Describe
    gaps: Sequence[GapSpan]
    lateness: Mapping[str, int]
    traffic: Traffic


@dataclass(frozen=True)
class Material:
    """What was counted. `campaigns`: the names of all; `campaign`: one of them; `changing`: those that are to be counted anew;
    `footprints`: of all messages sent."""

    campaigns: Iterable[str]
    campaign: Callable[[str], Campaign]
    changing: frozenset[str]
    footprints: Sequence[Footprint]


class Asks:
    """`lateness`: seconds by which a channel's events may come late, until something else is heard; `attributes`: those to count by;
    `heard`: to be set before anything is asked."""

    heard: Heard

    def __init__(
        self,
        settings: Settings,
        clocks: Clocks,
        *,
        lateness: Mapping[str, int],
        attributes: Sequence[str],
    ) -> None:
        self._gap_of = settings.indicators.gap_of
        self._smallest = settings.disclosure.k
        self._lateness = dict(lateness)
        self._asking = Asking(clocks, self._lateness)
        self._periods = Periods(settings.indicators, clocks=clocks, lateness=self._lateness, wanted=attributes)
        self._items = Items(clocks, self._lateness)
        self._days = Days(clocks, self._lateness)
        self._ages = Ages(clocks, self._lateness)
        self._purposes = Purposes(settings.targets, smallest=self._smallest)
        self._parts: dict[str, dict[tuple[str, str, str | None, bool], Part]] = {}
        self._memory = Memory()

    def hear(self, heard: Heard) -> None:
        """Take what is known besides campaigns. Where it is to be waited longer, or not as long, every campaign is asked anew."""
        self.heard = heard
        if heard.lateness != self._lateness:
            self._lateness.update(heard.lateness)
            self._parts.clear()

    def turn(self) -> None:
        """A new round of questions begins."""
        self._memory.turn()

    def forget(self, campaigns: Iterable[str]) -> None:
        """What was known of these does not hold any more."""
        for name in list(campaigns):
            self._parts.pop(name, None)

    def ask(self, target: Target, material: Material, now: int, *, singly: bool) -> Ask:
        """A target with its units; of messages, those of a campaign together or (`singly`) one by one."""
        indicator = INDICATORS[target.indicator]
        if indicator.over is not None:
            heard = self.heard
            known = Known(heard.sight, material.footprints, heard.employed, heard.raised, heard.items, heard.describe)
            units, count = self._periods.units(target, indicator, known, now)
            return self._made(target, units, count, "no_data")
        if indicator.of in OF_NOBODY:
            return self._of_nobody(target, indicator, material, now)
        if indicator.between_segments:
            return self._differences(target, material)
        return self._of_messages(target, material, singly=singly)

    def _made(self, target: Target, units: Mapping[str, Sequence[Unit]], cells_of: CellsOf, nothing: Reason) -> Ask:
        return Ask(target, INDICATORS[target.indicator], units, cells_of, self._touched, self._memory, nothing)

    def _of_nobody(self, target: Target, indicator: Indicator, material: Material, now: int) -> Ask:
        """What belongs to no segment of people: feedback, messages, facts."""
        if target.by not in (None, *GROUPED_BY) or target.scope.segment is not None:
            return self._made(target, {"": []}, lambda _: None, "not_applicable")
        if indicator.items is not None:
            return self._counted(
                target, self._items.units(target, indicator.items, self.heard.items, self.heard.describe, now)
            )
        if indicator.facts is not None:
            return self._counted(target, self._days.units(target, indicator.facts, self.heard.traffic, now))
        if indicator.by_age:
            messages = [message for name in material.campaigns for message in material.campaign(name).messages]
            return self._counted(target, self._ages.units(target, indicator, messages, now))
        if indicator.by_verdict:
            return self._by_purpose(target, material, now)
        return self._made(target, {"": []}, lambda _: None, "no_data")

    def _counted(self, target: Target, found: tuple[Mapping[str, Sequence[Unit]], Mapping[Unit, Cells]]) -> Ask:
        units, cells = found
        return self._made(target, units, cells.get, "no_data")

    def _by_purpose(self, target: Target, material: Material, now: int) -> Ask:
        """Messages by their verdicts."""
        messages = [message for name in material.campaigns for message in material.campaign(name).messages]
        single = partial(self._of_messages, material=material, singly=True)
        units, cells = self._purposes.units(target, messages, single, now)
        return self._made(target, units, cells.get, "not_applicable" if messages and not cells else "no_data")

    def _differences(self, target: Target, material: Material) -> Ask:
        """Of the indicator that the configuration names, the segments side by side; itself of everybody."""
        whole = target.model_copy(update={"by": None})
        base = self._of_messages(whole.model_copy(update={"indicator": self._gap_of}), material, singly=False)
        units = [unit for each in base.units.values() for unit in each]
        names = segments_of(units, base.cells_of, target.by or "")
        ask = self._made(whole, base.units, by_segment(base.cells_of, target.by or "", names), base.nothing)
        return replace(
            ask, indicator=replace(ask.indicator, method=partial(spread, names=names, smallest=self._smallest))
        )

    def _of_messages(self, target: Target, material: Material, *, singly: bool) -> Ask:
        parts = self._parts_of(target, material, singly=singly)
        seen = frozenset().union(*(part.seen for part in parts))
        units = no_units(target)
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
        ask = self._made(target, dict(sorted(units.items())), cells.get, nothing)
        return replace(ask, mails=self._mails(target, material)) if ask.indicator.seen_by_opening else ask

    def _mails(self, target: Target, material: Material) -> list[tuple[Unit, Engaged]]:
        """Every mail by the target's indicator and window, with those who engaged."""
        anything = target.model_copy(update={"scope": Scope(channel=MAIL), "by": None})
        parts = self._parts_of(anything, material, singly=True)
        return [(unit, found.engaged) for part in parts for _, unit, found in part.units]

    def _parts_of(self, target: Target, material: Material, *, singly: bool) -> list[Part]:
        """Of every campaign. Targets that speak of the same messages, by whatever segments of people, share them."""
        word = target.by if target.by in GROUPED_BY else None
        asked = (Measure(INDICATORS[target.indicator], target.window).key, repr(target.scope), word, singly)
        found = []
        for name in material.campaigns:
            kept = self._parts.setdefault(name, {})
            part = kept.get(asked)
            if part is None:
                part = self._asking.part(material.campaign(name), target, singly=singly)
                # What is to be counted anew is not worth keeping, nor right for long.
                if name not in material.changing:
                    kept[asked] = part
            found.append(part)
        return found

    def _touched(self, unit: Unit) -> Reason:
        touching = [
            gap.is_loss
            for gap in self.heard.gaps
            if gap.channel in unit.channels
            and (gap.before is None or gap.before >= unit.sent_at * 1_000_000)
            and (gap.after is None or gap.after < unit.closes * 1_000_000)
        ]
        return "gap" if any(touching) else "before_start" if touching else ""
