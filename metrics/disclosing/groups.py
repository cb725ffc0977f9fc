"""Groups that figures are about, and how much of each is told. Which groups follow from others is left to `system`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from metrics.disclosure import FEW, coarsen
from metrics.reading import CountOf, E, Members, Place, Reading, State

EVERYBODY: Place = ("", "")
SIZES = ""
"""In the place of a measure: how many people there are, whatever they did."""


@dataclass(frozen=True)
class Group:
    """The people of one segment in some units, under one measure."""

    measure: str
    units: frozenset[Members]
    place: Place

    @cached_property
    def _hash(self) -> int:
        return hash((self.measure, self.units, self.place))

    def __hash__(self) -> int:
        return self._hash


class Tally(NamedTuple):
    """`people`: the most that one unit has, of items all; `n` and `counted` are sums over units."""

    people: int = 0
    n: int = 0
    counted: int = 0


class Told(NamedTuple):
    """What is published of a group's count: that it lies between these."""

    low: float
    high: float


TallyOf = Callable[[Members, Place], Tally | None]
"""A unit's people in a segment, under one measure; None where nobody knows (any more)."""


def group_of(reading: Reading) -> Group:
    return Group(reading.measure, frozenset((*reading.members, *reading.without)), reading.place)


def told_of(tally: Tally) -> Told:
    """As `disclosure.coarsen` has it: small counts and small rests are told as ranges."""
    if tally.counted < FEW:
        return Told(0, FEW - 1)
    if tally.n - tally.counted < FEW:
        return Told(tally.n - FEW + 1, tally.n)
    return Told(tally.counted, tally.counted)


def told_of_reading(reading: Reading) -> Told:
    """The same, also where so many cannot be measured that the count itself is told lower."""
    counts, coarse = coarsen(reading.totals)
    n, counted = int(reading.totals[: State.OUT].sum()), int(reading.totals[State.H])
    if coarse == "at_least" and n - counted >= FEW:
        return Told(int(counts[State.H]), n)
    return told_of(Tally(n, n, counted))


def sums_up(tallies: Iterable[Tally]) -> Tally:
    people = n = counted = 0
    for tally in tallies:
        people, n, counted = max(people, tally.people), n + tally.n, counted + tally.counted
    return Tally(people, n, counted)


class Counts:
    """What is behind all readings of a round, unit by unit."""

    def __init__(self, readings: Iterable[Reading], count: CountOf) -> None:
        self._count = count
        self._untaken = list(readings)
        self._known: dict[tuple[str, Members, Place], Tally] = {}
        self._sizes: dict[tuple[Members, Place], int] = {}
        self._measure_of: dict[Members, str] = {}

    def _take_all(self) -> None:
        """Only where it is asked for: most of the time nothing is to be decided."""
        for reading in self._untaken:
            self._take(reading)
        self._untaken = []

    def _take(self, reading: Reading) -> None:
        for members, row, people in zip(reading.members, reading.units.tolist(), _people(reading), strict=True):
            key = (reading.measure, members, reading.place)
            self._known[key] = Tally(people, sum(row[: State.OUT]), row[State.H])
            self._sizes[members, reading.place] = row[E]
            self._measure_of[members] = reading.measure
        for members in reading.without:
            self._known[reading.measure, members, reading.place] = Tally()

    def of(self, measure: str) -> TallyOf:
        """Under one measure; under SIZES everybody counts."""
        self._take_all()
        if measure == SIZES:
            return self._size
        return lambda members, place: self._find(measure, members, place)

    def tally(self, group: Group) -> Tally | None:
        """Of all its units; None where not all are known any more."""
        tally_of = self.of(group.measure)
        tallies = [tally_of(members, group.place) for members in group.units]
        return None if None in tallies else sums_up(tally for tally in tallies if tally is not None)

    def _find(self, measure: str, members: Members, place: Place) -> Tally | None:
        key = (measure, members, place)
        if key not in self._known:
            row = self._count(measure, members, place)
            if row is None:
                return None
            n = int(row[: State.OUT].sum())
            self._known[key] = Tally(n, n, int(row[State.H]))
        return self._known[key]

    def _size(self, members: Members, place: Place) -> Tally | None:
        if (members, place) not in self._sizes:
            measure = self._measure_of.get(members)
            row = None if measure is None else self._count(measure, members, place)
            if row is None:
                return None
            self._sizes[members, place] = int(row[E])
        size = self._sizes[members, place]
        return Tally(size, size, size)


def _people(reading: Reading) -> list[int]:
    column = reading.units[:, E] if reading.of == "deliveries" else reading.units[:, : State.OUT].sum(axis=1)
    people: list[int] = column.tolist()
    return people


def by_measure(groups: Iterable[Group]) -> Mapping[str, list[Group]]:
    found: dict[str, list[Group]] = {}
    for group in dict.fromkeys(groups):
        found.setdefault(group.measure, []).append(group)
    return found
