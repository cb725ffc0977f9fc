"""The directory's rows as arrays, and who is in it at a moment with which attributes. Who is one person is settled by `people`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from metrics.ledger.directory_store import Columns, read_attributes

NOBODY = -1
UNKNOWN = -2

_KEPT = 16
_MOST_VALUES = 32_767  # what codes can count
_ALWAYS = np.iinfo(np.int64).min
_NEVER = np.iinfo(np.int64).max

Persons = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Coded:
    """An attribute of some people: `codes[i]` is the place of person i's value in `values`, -1 where there is none."""

    values: tuple[str, ...]
    codes: NDArray[np.int16]

    def take(self, places: NDArray[np.intp] | Flags) -> "Coded":
        return Coded(self.values, self.codes[places])


@dataclass(frozen=True)
class Memberships:
    """Groups of some people: `codes[i]` is the place of person i's set of groups in `sets`."""

    sets: tuple[frozenset[str], ...]
    codes: NDArray[np.int32]

    def members(self, group: str) -> Flags:
        return np.array([group in groups for groups in self.sets] or [False], dtype=np.bool_)[self.codes]


@dataclass(frozen=True)
class Roster:
    """Everybody who is in the directory at one moment: arrays of one length, sorted by `person` (dense numbers).

    `manager`: dense numbers, NOBODY where there is none, UNKNOWN where it is one whom the directory does not know.
    """

    person: Persons
    attributes: dict[str, Coded]
    groups: Memberships
    images_blocked: Flags
    objects: Flags
    manager: Persons


@dataclass(frozen=True)
class Employed:
    """The people who were in the directory all of a stretch of time (dense numbers, sorted), with their attributes at its end."""

    person: Persons
    attributes: dict[str, Coded]


class Rosters:
    """All rows the directory ever had. `person`, `manager`: dense numbers, an entry a row; `order`: which rows, the first first. Where
    two are about one person at the same time the earlier one holds, but whoever objects in any of them objects."""

    def __init__(self, columns: Columns, order: NDArray[np.intp], person: Persons, manager: Persons) -> None:
        self._person = person[order]
        self._manager = manager[order]
        self._begin = _moments(columns.valid_from, _ALWAYS)[order]
        self._end = _moments(columns.valid_to, _NEVER)[order]
        self._changes = np.unique(np.concatenate([self._begin, self._end]))
        self._images_blocked = np.array(columns.images_blocked, dtype=np.bool_)[order]
        self._objects = np.array(columns.objects, dtype=np.bool_)[order]
        kept = order.tolist()
        self._attributes = _code_attributes([columns.attributes[row] for row in kept])
        groups, codes = _code([columns.groups[row] for row in kept])
        self._groups = Memberships(tuple(frozenset(text.split("\n")) - {""} for text in groups), codes)
        self._roster = lru_cache(maxsize=_KEPT)(self._roster_between)
        self._employed = lru_cache(maxsize=_KEPT)(self._employed_between)

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """Every attribute with the values that any row ever had."""
        return {name: coded.values for name, coded in self._attributes.items()}

    def objecting(self, people: int) -> Flags:
        """Who objects in any row at all, of so many people."""
        found = np.zeros(people, dtype=np.bool_)
        found[self._person[self._objects]] = True
        return found

    @property
    def groups(self) -> frozenset[str]:
        return frozenset().union(*self._groups.sets)

    def roster(self, at_us: int) -> Roster:
        """As it was at a moment; one that lies between the same two changes as another is not computed again."""
        return self._roster(int(np.searchsorted(self._changes, at_us, side="right")))

    def employed(self, begin_us: int, end_us: int) -> Employed:
        """Who was there at every moment from one to another; a stretch between the same changes is not computed again."""
        first, last = np.searchsorted(self._changes, [begin_us, end_us], side="right").tolist()
        return self._employed(first, last)

    def _employed_between(self, first: int, last: int) -> Employed:
        """Those who stand in every roster from one to another."""
        there = self._roster(last)
        person = there.person
        for change in range(first, last):
            person = np.intersect1d(person, self._people_at(change), assume_unique=True)
        kept = np.isin(there.person, person, assume_unique=True)
        return Employed(there.person[kept], {name: coded.take(kept) for name, coded in there.attributes.items()})

    def _people_at(self, change: int) -> Persons:
        return np.unique(self._person[self._valid_at(change)])

    def _valid_at(self, change: int) -> NDArray[np.intp]:
        moment = self._changes[change - 1] if change else _ALWAYS
        return np.flatnonzero((self._begin <= moment) & (moment < self._end))

    def _roster_between(self, change: int) -> Roster:
        valid = self._valid_at(change)
        person, first = np.unique(self._person[valid], return_index=True)
        rows = valid[first]
        objecting = self._person[valid[self._objects[valid]]]
        return Roster(
            person=person,
            attributes={name: coded.take(rows) for name, coded in self._attributes.items()},
            groups=Memberships(self._groups.sets, self._groups.codes[rows]),
            images_blocked=self._images_blocked[rows],
            objects=np.isin(person, objecting),
            manager=self._manager[rows],
        )


def _moments(column: Sequence[int | None], otherwise: int) -> NDArray[np.int64]:
    return np.array([otherwise if moment is None else moment for moment in column], dtype=np.int64)


def _code(texts: Sequence[str]) -> tuple[list[str], NDArray[np.int32]]:
    """The different texts in the order of meeting them, and for each text its place among them."""
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return list(places), np.fromiter(map(places.__getitem__, texts), np.int32, len(texts))


def _code_attributes(texts: Sequence[str]) -> dict[str, Coded]:
    """Attributes by name; one with more values than can be counted is left out. Rows share texts: each is read once."""
    different, codes = _code(texts)
    read = [read_attributes(text) for text in different]
    values: dict[str, set[str]] = {}
    for attributes in read:
        for name, value in attributes.items():
            values.setdefault(name, set()).add(value)
    coded = {}
    for name in sorted(values):
        ordered = tuple(sorted(values[name]))
        if len(ordered) <= _MOST_VALUES:
            place = {value: number for number, value in enumerate(ordered)}
            table = np.array([place.get(attributes.get(name, ""), -1) for attributes in read], dtype=np.int16)
            coded[name] = Coded(ordered, table[codes])
    return coded
