"""Small tables by hand: how many of how many in each segment of a unit."""

from collections.abc import Mapping

from metrics.disclosing.family import Family
from metrics.disclosing.groups import EVERYBODY, Group, Tally, TallyOf, Told, told_of
from metrics.disclosing.suppression import Hidden, suppress
from metrics.reading import Members, Place

Table = Mapping[str, tuple[int, int]]
"""Segment (`department=Sales`) to how many did it, of how many; `rest` are those with no value."""
K = 10


class Tables:
    """`units`: by a name; everybody of a unit is the sum of one attribute's segments."""

    def __init__(self, **units: Table) -> None:
        self._tallies: dict[tuple[Members, Place], Tally] = {}
        for name, table in units.items():
            first = next(iter(table)).partition("=")[0]
            whole = [counts for segment, counts in table.items() if segment.partition("=")[0] in (first, "rest")]
            self._tallies[(name,), EVERYBODY] = _tally(sum(did for did, _ in whole), sum(n for _, n in whole))
            for segment, (did, n) in table.items():
                self._tallies[(name,), place_of(segment)] = _tally(did, n)

    @property
    def tally_of(self) -> TallyOf:
        return lambda members, place: self._tallies.get((members, place), Tally())

    def told(self, units: str, segments: list[str] | None = None) -> dict[Group, Told]:
        """Groups over units (`a b`), each as it would be told: everybody's and all segments', or those named."""
        members = [(name,) for name in units.split()]
        places = {place for known, place in self._tallies if known in members}
        wanted = places if segments is None else {place_of(segment) for segment in segments}
        return {group(units, place): told_of(self.sum(units, place)) for place in sorted(wanted)}

    def sum(self, units: str, place: Place) -> Tally:
        tallies = [self._tallies.get(((name,), place), Tally()) for name in units.split()]
        return Tally(
            max(each.people for each in tallies), sum(each.n for each in tallies), sum(each.counted for each in tallies)
        )

    def hide(self, asked: dict[Group, Told], **others: object) -> Hidden:
        return suppress(Family(asked, **others), lambda _measure: self.tally_of, k=K)  # type: ignore[arg-type]


def _tally(did: int, n: int) -> Tally:
    return Tally(n, n, did)


def place_of(segment: str) -> Place:
    attribute, _, value = segment.partition("=")
    return EVERYBODY if segment == "everybody" else (attribute, value)


def group(units: str, place: Place) -> Group:
    return Group("reach", frozenset((name,) for name in units.split()), place)


def names(groups: frozenset[Group]) -> set[str]:
    return {"everybody" if one.place == EVERYBODY else "=".join(one.place) for one in groups}
