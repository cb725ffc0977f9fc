"""All counts behind the readings of a target, as one table: a row a unit in which anybody is counted, those of one reading side by side.
Which units are judged together is settled by `classes`; what is made of the rows is left to `readings`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from metrics.classes import Group, Unit
from metrics.reading import COLUMNS, Cells, Place, Times, denominators

CellsOf = Callable[[Unit], Cells | None]
"""The counts of a unit under the target's indicator and window; None where the indicator does not apply to it."""

_Places = NDArray[np.intp]
_NO_COUNTS = np.zeros((0, COLUMNS), dtype=np.int64)


@dataclass  # made by the thousand, and a frozen one takes three times as long
class Slot:
    """A reading to be made: of which class, and of whom. `is_young`: its rows are those of units that have not settled; `maturity`: how
    many of the people of all of them have, None where there is nobody; `units_all`: with anybody in them, settled or not."""

    judged: Group
    place: Place
    is_young: bool
    maturity: float | None
    units_all: int


@dataclass(frozen=True)
class Sheet:
    """The rows of `slots[i]` stand from `bounds[i]` to just before `bounds[i + 1]`, in the order of its class. `counts`: shape (rows,
    COLUMNS); `owner`: whose each row is, by the place among `units` (and their `cells`); `place`: of the row in the owner's tables."""

    slots: list[Slot]
    bounds: _Places
    counts: NDArray[np.int64]
    owner: _Places
    place: _Places
    units: list[Unit]
    cells: list[Cells]
    attribute: str

    def times(self, rows: slice) -> list[Times]:
        """For indicators in seconds."""
        if not self._has_times:
            return []
        return [cells.times[self.attribute][place] for cells, place in self._origins(rows) if cells.times]

    def extra(self, rows: slice) -> NDArray[np.int64]:
        """Shape (rows, width), for indicators that sum up more than people."""
        if not self._has_extra or rows.start == rows.stop:
            return np.zeros((rows.stop - rows.start, 0), dtype=np.int64)
        found = [cells.extra[self.attribute][place] for cells, place in self._origins(rows) if cells.extra]
        return np.array(found, dtype=np.int64)

    @cached_property
    def _has_times(self) -> bool:
        return any(cells.times for cells in self.cells)

    @cached_property
    def _has_extra(self) -> bool:
        return any(cells.extra for cells in self.cells)

    def _origins(self, rows: slice) -> list[tuple[Cells, int]]:
        return [
            (self.cells[owner], place)
            for owner, place in zip(self.owner[rows].tolist(), self.place[rows].tolist(), strict=True)
        ]


def lay_out(
    groups: Sequence[Group], cells_of: CellsOf, where: tuple[str, str | None], *, so_far: bool, latest: bool = False
) -> Sheet:
    """The readings of these classes in one segment, or (no value) in every one that a unit of the class knows: by class, then by value.
    `so_far`: young units are shown where there are any, as they always are of a single message. `latest`: of each segment one reading
    alone, that of the class that settled last, else of the youngest; in the order in which segments come first."""
    attribute, value = where
    units, cells, lots = _members(groups, cells_of, attribute)
    known = {each.values[attribute] for each in cells}
    names = sorted({name for each in known for name in each}) if value is None else [value]
    rows, asked = _arrange(cells, np.array(lots, dtype=np.intp), attribute, names)
    if value is not None:
        asked = np.arange(len(groups))
    if latest:
        asked = _latest(asked, groups, len(names))
    judged = [groups[number // len(names)] for number in asked.tolist()]
    begin, young, end = np.searchsorted(rows.key, asked * 2 + np.arange(3)[:, np.newaxis])
    is_young = np.array([so_far or group.single for group in judged], dtype=np.bool_) & (end > young)
    rows = rows.take(_ranges(begin, end))
    reading = np.repeat(np.arange(len(asked)), end - begin)
    maturity = _maturity(rows, units, reading, len(asked))
    places = [(attribute, names[number % len(names)]) for number in asked.tolist()]
    rows = rows.take(rows.is_young == is_young[reading])
    bounds = np.concatenate([[0], np.cumsum(np.where(is_young, end - young, young - begin))])
    columns = (judged, places, is_young.tolist(), maturity, (end - begin).tolist())
    slots = [Slot(*slot) for slot in zip(*columns, strict=True)]
    return Sheet(slots, bounds, rows.counts, rows.owner, rows.place, units, cells, attribute)


@dataclass(frozen=True)
class _Rows:
    """`key`: twice the number of the reading, one more for the row of a young unit."""

    key: _Places
    counts: NDArray[np.int64]
    owner: _Places
    place: _Places

    @property
    def is_young(self) -> NDArray[np.bool_]:
        is_young: NDArray[np.bool_] = self.key % 2 == 1
        return is_young

    def take(self, chosen: NDArray[np.bool_] | _Places) -> "_Rows":
        return _Rows(self.key[chosen], self.counts[chosen], self.owner[chosen], self.place[chosen])


def _members(groups: Sequence[Group], cells_of: CellsOf, attribute: str) -> tuple[list[Unit], list[Cells], list[int]]:
    """The units that know the attribute, their cells, and their lots: twice the number of the class, one more for a young one."""
    units, found, lots = [], [], []
    for number, group in enumerate(groups):
        for is_young, members in enumerate((group.units, group.young)):
            for unit in members:
                cells = cells_of(unit)
                if cells is not None and attribute in cells.values:
                    units.append(unit)
                    found.append(cells)
                    lots.append(2 * number + is_young)
    return units, found, lots


def _arrange(cells: Sequence[Cells], lots: _Places, attribute: str, names: Sequence[str]) -> tuple[_Rows, _Places]:
    """The rows with anybody in them, by reading, settled units before young ones; and the readings, with anybody or nobody in them: by
    class, then by name."""
    code_of = {name: code for code, name in enumerate(names)}
    tables = [each.values[attribute] for each in cells]
    codes_of = {table: [code_of.get(name, -1) for name in table] for table in set(tables)}
    sizes = np.array([len(table) for table in tables], dtype=np.intp)
    owner = np.repeat(np.arange(len(tables)), sizes)
    code = np.array([code for table in tables for code in codes_of[table]], dtype=np.intp)
    counts = np.concatenate([_NO_COUNTS, *(each.counts[attribute] for each in cells)])
    reading = lots[owner] // 2 * len(names) + code
    place = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    rows = _Rows(reading * 2 + lots[owner] % 2, counts, owner, place)
    kept = np.flatnonzero((code >= 0) & (denominators(counts) > 0))
    return rows.take(kept[np.argsort(rows.key[kept], kind="stable")]), np.unique(reading)


def _latest(asked: _Places, groups: Sequence[Group], width: int) -> _Places:
    """Of each of `width` names the reading of the class that ranks highest."""
    classes, name = np.divmod(asked, width)
    ranked = sorted(range(len(groups)), key=lambda place: groups[place].rank)
    by_rank = np.argsort(np.argsort(ranked)[classes], kind="stable")
    chosen = dict.fromkeys(name.tolist(), 0)
    chosen.update(zip(name[by_rank].tolist(), asked[by_rank].tolist(), strict=True))
    return np.array(list(chosen.values()), dtype=np.intp)


def _ranges(begin: _Places, end: _Places) -> _Places:
    """All places from each beginning to just before its end, side by side."""
    lengths = end - begin
    shifts: _Places = np.repeat(begin - (np.cumsum(lengths) - lengths), lengths)
    return shifts + np.arange(len(shifts))


def _maturity(rows: _Rows, units: Sequence[Unit], reading: _Places, readings: int) -> list[float | None]:
    """Of each reading how many of its people had time until their windows closed."""
    people = denominators(rows.counts).astype(np.float64)
    settled = np.array([unit.settled for unit in units])[rows.owner] * ~rows.is_young
    past, everybody = np.bincount(reading, people * settled, readings), np.bincount(reading, people, readings)
    return [of / all if all else None for of, all in zip(past.tolist(), everybody.tolist(), strict=True)]
