"""What a round decides on: readings with what was published of them before, and which of them differ by one or two people. The others are
left to `round`."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from metrics.disclosing.epochs import Standing
from metrics.disclosing.groups import Group
from metrics.disclosing.questions import windows_of
from metrics.disclosure import FEW, Disclosed
from metrics.reading import Place, Reading, State
from metrics.snapshot import PublishedReading


class Asked(NamedTuple):
    """A reading, coarsened on its own. `secret`: that it is nobody's business, whatever its size; `past`: that it is of what has become
    past, and published once for good."""

    reading: Reading
    disclosed: Disclosed
    secret: bool
    past: bool = False


@dataclass
class Case:
    """A reading with what it comes to: `before` is what was published of it last; `since`: the day whose figures are held back still;
    `secret` and `past` as asked."""

    reading: Reading
    disclosed: Disclosed
    secret: bool
    group: Group
    before: PublishedReading | None
    standing: Standing
    since: str = ""
    past: bool = False

    @property
    def has_figures(self) -> bool:
        """Whether it has any that somebody might reckon with: of how many facts machines' are, nobody's doings follow."""
        return bool(len(self.reading.units)) and not self.reading.is_open and self.reading.of != "facts"


def hide_twins(cases: Iterable[Case]) -> None:
    """Two windows of one indicator, or a message and the campaign it belongs to: where they differ by one or two people, the
    difference is these people. The second one is hidden."""
    alike: dict[tuple[str, Place], list[Case]] = {}
    for case in cases:
        if case.has_figures and case.standing != "hidden":
            alike.setdefault((windows_of(case.group.measure), case.group.place), []).append(case)
    for some in alike.values():
        for one, other in combinations(some, 2):
            # Where one of them is hidden already, nothing is left to tell.
            told = not (one.secret or other.secret)
            if told and _are_twins(one.group, other.group) and 0 < abs(_counted(one) - _counted(other)) < FEW:
                (other if other.standing == "new" else one).secret = True


def _are_twins(one: Group, other: Group) -> bool:
    if one.units == other.units:
        return one.measure != other.measure
    if len(one.units) != 1 or len(other.units) != 1:
        return False
    (some,), (others,) = one.units, other.units
    return set(some) < set(others) or set(others) < set(some)


def _counted(case: Case) -> int:
    return int(case.reading.totals[State.H])
