"""One round of disclosure: everything that might be published at once, what was published before, and for each reading whether its
figures are shown, held back or hidden."""

from collections.abc import Iterable, Sequence

from metrics.disclosing.blocks import Block
from metrics.disclosing.cases import Asked, Case, hide_twins
from metrics.disclosing.counts import Counts
from metrics.disclosing.epochs import Standing, hidden_places, is_part, name_of, published_before, standing_of
from metrics.disclosing.family import Family
from metrics.disclosing.groups import (
    EVERYBODY,
    SIZES,
    Group,
    Told,
    by_measure,
    group_of,
    told_of,
    told_of_reading,
)
from metrics.disclosing.memory import Key, Last, earlier_of, figure_of, groups_of, key_of, lately, newest_of, remember
from metrics.disclosing.questions import question_of
from metrics.disclosing.suppression import Hidden, suppress
from metrics.reading import CountOf, Members, Place, Reading, State
from metrics.snapshot import Remembered, Snapshot


class Round:
    """Of all that is `asked`. `cases`: the same in that order, decided on: none is `new` any more. `erased`: how many people have been."""

    def __init__(
        self,
        asked: Sequence[Asked],
        count: CountOf,
        last: Snapshot | None,
        *,
        epoch: str,
        k: int,
        blocks: Sequence[Block] = (),
        erased: int = 0,
    ) -> None:
        self._blocks = blocks
        self._erased = erased
        self.epoch = epoch
        published = published_before(last)
        self._remembered = () if last is None else last.remembered
        self._newest: dict[tuple[Key, Place], Last] = newest_of(self._remembered)
        groups = [group_of(each.reading) for each in asked]
        todays = {group for group, each in zip(groups, asked, strict=True) if not each.past}
        self._only_past = set(groups) - todays
        wholes = by_measure(group for group in groups if group.place == EVERYBODY and group in todays)
        today = last is not None and last.epoch == epoch
        self.cases = []
        for (reading, disclosed, secret, past), group in zip(asked, groups, strict=True):
            # What is published for good is told as it is, or hidden: yesterday's figures may be of fewer messages.
            before = None if past else published.get(name_of(reading))
            part = is_part(reading, group, wholes.get(group.measure, ())) or self._is_changed(reading, group)
            standing = standing_of(reading, disclosed, before if today else None, part=part)
            if reading.is_open or (reading.of == "facts" and secret):
                standing = "hidden" if secret else "shown"
            self.cases.append(Case(reading, disclosed, secret, group, before, standing, past=past))
        self._count = count
        self._counts = Counts((each.reading for each in asked), count, self._remembered)
        self._prefer = set(hidden_places(published.values()))
        self._matured: dict[tuple[Group, tuple[Members, ...]], float | None] = {}
        self._decide(k)

    def _is_changed(self, reading: Reading, group: Group) -> bool:
        """Whether messages have joined or left it since its figures were shown: beside figures that stand, it would tell of these."""
        last = self._newest.get((key_of(reading, group), group.place))
        return last is not None and last.group.units != group.units

    def _decide(self, k: int) -> None:
        if any(case.standing == "new" and case.has_figures for case in self.cases):
            hide_twins(self.cases)
            # What is no longer counted can never be told apart from what is.
            self._remembered = tuple(each for each in self._remembered if self._is_counted(each))
            self._newest = newest_of(self._remembered)
            before = groups_of(self._remembered)
            self._earlier = earlier_of(self._remembered, self._erased)
            since = groups_of(each for each in self._remembered if each.erased >= self._erased)
            self._stale = {each.group for each in self._earlier}.difference(since)
            for question in sorted({question_of(case.group.measure) for case in self.cases}):
                cases = [
                    case for case in self.cases if question_of(case.group.measure) == question and case.has_figures
                ]
                told = [group for group in before if question_of(group.measure) == question]
                self._settle(cases, self._suppress(question, cases, told, k))
            everything = [case for case in self.cases if case.has_figures and case.reading.of != "items"]
            self._settle(everything, self._suppress_sizes(everything, before, k), sizes=True)
        for case in self.cases:
            if case.standing == "new":
                case.standing = "shown"

    def remembered(self) -> tuple[Remembered, ...]:
        """Of whom figures have been shown lately, after this round."""
        shown = [case for case in self.cases if case.standing == "shown" and case.has_figures]
        told = [
            (key_of(case.reading, case.group, past=case.past), case.group, figure_of(case.reading)) for case in shown
        ]
        return remember(told, self._remembered, self.epoch, self._erased)

    def _is_counted(self, remembered: Remembered) -> bool:
        tally_of, place = self._counts.of(remembered.measure), (remembered.attribute, remembered.values[0])
        return all(tally_of(members, place) is not None for members in remembered.units)

    def maturity(self, case: Case) -> float | None:
        """Measured on the whole audience: how many of a small group still have time is nobody's business."""
        reading = case.reading
        if reading.place == EVERYBODY or reading.maturity is None or reading.message is not None:
            return reading.maturity
        key = (Group(reading.measure, case.group.units, EVERYBODY), reading.young)
        if key not in self._matured:
            self._matured[key] = self._share_past(*key)
        share = self._matured[key]
        return reading.maturity if share is None else share

    def _share_past(self, group: Group, young: Sequence[Members]) -> float | None:
        """None for what is not counted by audiences: a whole period is as mature for all."""
        rows = [self._count(group.measure, members, EVERYBODY) for members in (*group.units, *young)]
        if any(row is None for row in rows):
            return None
        people = [int(row[: State.OUT].sum()) for row in rows if row is not None]
        return sum(people[: len(group.units)]) / sum(people) if sum(people) else None

    def _suppress(self, question: str, cases: Sequence[Case], before: Sequence[Group], k: int) -> Hidden:
        family = Family(
            asked={case.group: told_of_reading(case.reading) for case in cases if case.standing == "new"},
            fixed=self._fixed(cases),
            hidden=[case.group for case in cases if case.standing == "hidden"],
            before=before,
            earlier=[each for each in self._earlier if question_of(each.group.measure) == question],
            stale=self._stale.difference(case.group for case in cases if case.standing == "shown"),
            past=self._only_past,
            secret={case.group for case in cases if case.secret},
            items=any(case.reading.of == "items" for case in cases),
            besides=self._counts.besides,
            blocks=self._blocks,
        )
        return suppress(family, self._counts.of, k=k, prefer=self._prefer)

    def _fixed(self, cases: Iterable[Case]) -> dict[Group, Told]:
        """What is told already. Figures held back are about the units they were made of, whatever has joined since."""
        found = {case.group: told_of_reading(case.reading) for case in cases if case.standing == "shown"}
        for group in self._held(cases):
            tally = self._counts.tally(group)
            if tally is not None:
                found[group] = told_of(tally)
        return found

    def _held(self, cases: Iterable[Case]) -> list[Group]:
        held = [(case.group, self._last_shown(case)) for case in cases if case.standing == "held"]
        return [group if last is None else last.group for group, last in held]

    def _last_shown(self, case: Case) -> Last | None:
        return self._newest.get((key_of(case.reading, case.group), case.group.place))

    def _suppress_sizes(self, cases: Sequence[Case], before: Sequence[Group], k: int) -> Hidden:
        """Whoever is asked about, how many they are: all measures at once."""
        told = dict.fromkeys(
            map(_sized, [*(case.group for case in cases if case.standing == "shown"), *self._held(cases)])
        )
        asked = [group for group in _sizes(cases, "new") if group not in told]
        hidden = [group for group in _sizes(cases, "hidden") if group not in told and group not in asked]

        def exactly(groups: Iterable[Group]) -> dict[Group, Told]:
            tallies = {group: self._counts.tally(group) for group in groups}
            return {group: Told(tally.n, tally.n) for group, tally in tallies.items() if tally is not None}

        family = Family(
            asked=exactly(asked),
            fixed=exactly(told),
            hidden=hidden,
            before=[_sized(group) for group in before],
            past={_sized(group) for group in self._only_past} - {_sized(case.group) for case in cases if not case.past},
            sizes_known=False,
            blocks=self._blocks,
        )
        return suppress(family, self._counts.of, k=k, prefer=self._prefer)

    def _settle(self, cases: Iterable[Case], found: Hidden, *, sizes: bool = False) -> None:
        for case in cases:
            group = _sized(case.group) if sizes else case.group
            if case.standing != "new":
                continue
            last = self._last_shown(case) if group in found.waiting else None
            # What was told lately stands; figures older than that would be taken for today's.
            if (
                last is not None
                and last.day >= lately(self.epoch)
                and case.before
                and case.before.denominator is not None
            ):
                case.standing, case.since = "held", last.day
            elif group in found.small or group in found.beside or group in found.waiting:
                case.standing = "hidden"
            if case.standing != "new" and case.group.place != EVERYBODY:
                self._prefer.add(case.group.place)


def _sizes(cases: Iterable[Case], standing: Standing) -> Iterable[Group]:
    """Each once, in the order of the cases."""
    return dict.fromkeys(_sized(case.group) for case in cases if case.standing == standing)


def _sized(group: Group) -> Group:
    return Group(SIZES, group.units, group.place)
