"""One round of disclosure: everything that might be published at once, what was published before, and for each reading whether its
figures are shown, held back or hidden."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from metrics.disclosing.epochs import Standing, hidden_places, is_part, key_of, published_before, standing_of
from metrics.disclosing.groups import EVERYBODY, SIZES, Counts, Group, Told, by_measure, group_of, told_of_reading
from metrics.disclosing.suppression import Family, Hidden, suppress
from metrics.disclosure import FEW, Disclosed
from metrics.reading import CountOf, Members, Place, Reading, State
from metrics.snapshot import PublishedReading, Remembered, Snapshot


@dataclass
class Case:
    """A reading with what it comes to: `before` is what was published of it last, `secret` that it is nobody's business."""

    reading: Reading
    disclosed: Disclosed
    secret: bool
    group: Group
    before: PublishedReading | None
    standing: Standing

    @property
    def has_figures(self) -> bool:
        """Whether it has any that somebody might reckon with."""
        return bool(len(self.reading.units)) and not self.reading.is_open


class Round:
    """`asked`: readings, coarsened each on its own, and whether it is secret whatever its size. `cases`: the same in that order, decided
    on: none is `new` any more."""

    def __init__(
        self,
        asked: Sequence[tuple[Reading, Disclosed, bool]],
        count: CountOf,
        last: Snapshot | None,
        *,
        epoch: str,
        k: int,
    ) -> None:
        self.epoch = epoch
        published = published_before(last)
        groups = [group_of(reading) for reading, _, _ in asked]
        wholes = by_measure(group for group in groups if group.place == EVERYBODY)
        today = last is not None and last.epoch == epoch
        self.cases = []
        for (reading, disclosed, secret), group in zip(asked, groups, strict=True):
            before = published.get(key_of(reading))
            part = is_part(reading, group, wholes.get(group.measure, ()))
            standing = standing_of(reading, disclosed, before if today else None, part=part)
            if reading.is_open:
                standing = "hidden" if secret else "shown"
            self.cases.append(Case(reading, disclosed, secret, group, before, standing))
        self._count = count
        self._counts = Counts((reading for reading, _, _ in asked), count)
        self._prefer = set(hidden_places(published.values()))
        self._remembered = () if last is None else last.remembered
        self._matured: dict[tuple[Group, tuple[Members, ...]], float | None] = {}
        self._decide(k)

    def _decide(self, k: int) -> None:
        if any(case.standing == "new" and case.has_figures for case in self.cases):
            self._hide_twins()
            # What is no longer counted can never be told apart from what is.
            self._remembered = tuple(each for each in self._remembered if self._is_counted(each))
            before = by_measure(
                Group(each.measure, frozenset(each.units), (each.attribute, value))
                for each in self._remembered
                for value in each.values
            )
            for measure in sorted({case.group.measure for case in self.cases}):
                cases = [case for case in self.cases if case.group.measure == measure and case.has_figures]
                self._settle(cases, self._suppress(cases, measure, before.get(measure, ()), k))
            everything = [case for case in self.cases if case.has_figures and case.reading.of != "items"]
            self._settle(everything, self._suppress_sizes(everything, before, k), sizes=True)
        for case in self.cases:
            if case.standing == "new":
                case.standing = "shown"

    def remembered(self) -> tuple[Remembered, ...]:
        """Of whom figures have been shown last, after this round."""
        return _remember(self.cases, self._remembered)

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

    def _suppress(self, cases: Sequence[Case], measure: str, before: Iterable[Group], k: int) -> Hidden:
        family = Family(
            asked={case.group: told_of_reading(case.reading) for case in cases if case.standing == "new"},
            fixed={case.group: told_of_reading(case.reading) for case in cases if case.standing in ("shown", "held")},
            hidden=[case.group for case in cases if case.standing == "hidden"],
            before=tuple(before),
            secret={case.group for case in cases if case.secret},
            items=any(case.reading.of == "items" for case in cases),
        )
        return suppress(family, self._counts.of(measure), k=k, prefer=self._prefer)

    def _suppress_sizes(self, cases: Sequence[Case], before: Mapping[str, Iterable[Group]], k: int) -> Hidden:
        """Whoever is asked about, how many they are: all measures at once."""
        told = {_sized(case.group) for case in cases if case.standing in ("shown", "held")}
        asked = {_sized(case.group): case for case in cases if case.standing == "new"}
        hidden = {_sized(case.group) for case in cases if case.standing == "hidden"}
        sizes = self._counts.of(SIZES)

        def exactly(groups: Iterable[Group]) -> dict[Group, Told]:
            found = {}
            for group in groups:
                size = sum(tally.n for members in group.units if (tally := sizes(members, group.place)) is not None)
                found[group] = Told(size, size)
            return found

        family = Family(
            asked=exactly(asked.keys() - told),
            fixed=exactly(told),
            hidden=hidden - told - asked.keys(),
            before=[_sized(group) for groups in before.values() for group in groups],
            sizes_known=False,
        )
        return suppress(family, sizes, k=k, prefer=self._prefer)

    def _settle(self, cases: Iterable[Case], found: Hidden, *, sizes: bool = False) -> None:
        for case in cases:
            group = _sized(case.group) if sizes else case.group
            if case.standing != "new":
                continue
            if group in found.waiting and case.before is not None and case.before.denominator is not None:
                case.standing = "held"
            elif group in found.small or group in found.beside or group in found.waiting:
                case.standing = "hidden"
            if case.standing != "new" and case.group.place != EVERYBODY:
                self._prefer.add(case.group.place)

    def _hide_twins(self) -> None:
        """Two windows of one indicator, or a message and the campaign it belongs to: where they differ by one or two people, the
        difference is these people. The second one is hidden."""
        alike: dict[tuple[str, Place], list[Case]] = {}
        for case in self.cases:
            if case.has_figures and case.standing != "hidden":
                alike.setdefault((case.reading.indicator, case.group.place), []).append(case)
        for cases in alike.values():
            for one, other in combinations(cases, 2):
                if _are_twins(one.group, other.group) and 0 < abs(_counted(one) - _counted(other)) < FEW:
                    (other if other.standing == "new" else one).secret = True


def _sized(group: Group) -> Group:
    return Group(SIZES, group.units, group.place)


def _are_twins(one: Group, other: Group) -> bool:
    if one.units == other.units:
        return one.measure != other.measure
    if len(one.units) != 1 or len(other.units) != 1:
        return False
    (some,), (others,) = one.units, other.units
    return set(some) < set(others) or set(others) < set(some)


def _counted(case: Case) -> int:
    return int(case.reading.totals[State.H])


def _remember(cases: Iterable[Case], before: Iterable[Remembered]) -> tuple[Remembered, ...]:
    """Of whom figures were shown last: as before, but for those that are shown anew."""
    standing = {
        (each.key, each.measure, each.units, (each.attribute, value)): (each.key, (each.attribute, value))
        for each in before
        for value in each.values
    }
    shown = {}
    for case in cases:
        if case.standing == "shown" and case.has_figures:
            word = "" if case.group.place != EVERYBODY else case.reading.segment
            key = (case.reading.target, case.reading.message or case.reading.period or "", word)
            shown[key, case.group.measure, tuple(sorted(case.group.units)), case.group.place] = (key, case.group.place)
    renewed = set(shown.values())
    kept = [one for one, name in standing.items() if name not in renewed]
    values: dict[tuple[tuple[str, str, str], str, tuple[Members, ...], str], list[str]] = {}
    for key, measure, units, (attribute, value) in (*kept, *shown):
        values.setdefault((key, measure, units, attribute), []).append(value)
    return tuple(
        Remembered(key, measure, units, attribute, tuple(sorted(found)))
        for (key, measure, units, attribute), found in sorted(values.items())
    )
