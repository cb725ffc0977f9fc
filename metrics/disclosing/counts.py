"""What is behind the readings of a round, unit by unit, and what every figure tells besides its numerator. Groups and what is told of them
are left to `groups`."""

from collections.abc import Iterable, Sequence
from itertools import product

from metrics.disclosing.groups import SIZES, Group, Tally, TallyOf, sums_up
from metrics.disclosing.questions import SEEN, is_told_seen
from metrics.reading import HELD, CountOf, E, Members, Place, Reading, State
from metrics.snapshot import Remembered


class Counts:
    """What is behind all readings of a round, unit by unit. `before`: of whom figures were shown lately."""

    def __init__(self, readings: Iterable[Reading], count: CountOf, before: Iterable[Remembered] = ()) -> None:
        self._count = count
        self._untaken = list(readings)
        self._before = [each for each in before if is_told_seen(each.measure)]
        self._known: dict[tuple[str, Members, Place], Tally] = {}
        self._sizes: dict[tuple[Members, Place], int] = {}
        self._measure_of: dict[Members, str] = {}
        self._unseen: set[str] = set()
        self._compared: set[str] = set()

    def _take_all(self) -> None:
        """Only where it is asked for: most of the time nothing is to be decided."""
        for reading in self._untaken:
            self._take(reading)
        # Who could not be seen may be of a message that has left its class since: beside today's figures, yesterday's tell whose they are.
        for each in self._before:
            if each.measure not in self._unseen and self._hid(each):
                self._unseen.add(each.measure)
        self._untaken, self._before = [], []

    def _hid(self, remembered: Remembered) -> bool:
        """Whether somebody of it could not be seen."""
        groups = product(remembered.units, remembered.values)
        found = (
            self._find(remembered.measure + SEEN, members, (remembered.attribute, value)) for members, value in groups
        )
        return any(tally is not None and tally.counted < tally.n for tally in found)

    def _take(self, reading: Reading) -> None:
        measure, place = reading.measure, reading.place
        hides = bool(reading.units[:, State.P : State.NOT].any())
        if hides:
            self._unseen.add(measure)
        for members, row, people in zip(reading.members, reading.units.tolist(), _people(reading), strict=True):
            self._known[measure, members, place] = Tally(people, sum(row[: State.OUT]), row[State.H])
            self._sizes[members, place] = row[E]
            self._measure_of[members] = measure
        if reading.compared:
            self._compared.add(measure)
        for members in reading.without:
            self._known[measure, members, place] = Tally()

    def besides(self, measure: str) -> Sequence[str]:
        """What else is told with each figure: how many could be seen, where these are not all; how many of those held out did it, where it
        is compared with them."""
        self._take_all()
        held = [measure + HELD] if measure in self._compared else []
        return [*held, measure + SEEN] if measure in self._unseen and is_told_seen(measure) else held

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
            row = self._count(measure.removesuffix(SEEN), members, place)
            if row is None:
                return None
            n, human = int(row[: State.OUT].sum()), int(row[State.H])
            self._known[key] = Tally(n, n, human + int(row[State.NOT]) if measure.endswith(SEEN) else human)
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
