"""Groups that figures are about, and how much of each is told. What they come to is left to `counts`, which groups follow from others to
`system`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from metrics.disclosure import FEW, coarsen
from metrics.reading import Members, Place, Reading, State

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


class Earlier(NamedTuple):
    """What was told of a group, when it was `n`, before so many were erased (`gone`, of the whole organisation)."""

    group: Group
    gone: int
    told: Told
    n: int


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


def in_order(group: Group) -> tuple[str, Place, list[Members]]:
    """By which groups are put in the same order in every process."""
    return group.measure, group.place, sorted(group.units)


def sums_up(tallies: Iterable[Tally]) -> Tally:
    people = n = counted = 0
    for tally in tallies:
        people, n, counted = max(people, tally.people), n + tally.n, counted + tally.counted
    return Tally(people, n, counted)


def by_measure(groups: Iterable[Group]) -> Mapping[str, list[Group]]:
    found: dict[str, list[Group]] = {}
    for group in dict.fromkeys(groups):
        found.setdefault(group.measure, []).append(group)
    return found
