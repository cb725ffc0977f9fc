"""Who is one person: pseudonyms and numbers to people, before any set operation. What the directory says of them at a moment is
left to `rosters`, bringing it up to date to `imports`, who was meant by a message to `audiences`."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from metrics.ledger.database import Connection
from metrics.ledger.directory_store import PSEUDONYM_BYTES, Columns, read_columns
from metrics.ledger.persons import all_numbers
from metrics.rosters import NOBODY, UNKNOWN, Coded, Employed, Memberships, Persons, Roster, Rosters

__all__ = ["NOBODY", "Coded", "Memberships", "People", "Register", "Roster"]

_AS_BYTES = np.dtype(f"S{PSEUDONYM_BYTES}")

Numbers = NDArray[np.int64]


class Register:
    """Pseudonyms and their numbers (from 1), for looking up many at once."""

    def __init__(self, pseudonyms: Sequence[bytes], numbers: Sequence[int]) -> None:
        raw = np.frombuffer(b"".join(pseudonyms), dtype=_AS_BYTES)
        order = np.argsort(raw)
        self._pseudonyms = raw[order]
        self._beginnings = _beginnings(self._pseudonyms)
        self._numbers = np.array(numbers, dtype=np.int64)[order]
        self._last = len(numbers) - 1
        self.highest = int(self._numbers.max(initial=0))
        self._place_of_number = np.argsort(self._numbers)

    def find(self, pseudonyms: bytes) -> Numbers:
        """The numbers of pseudonyms given one after the other, 32 bytes each; 0 for one that has none."""
        wanted = np.frombuffer(pseudonyms, dtype=_AS_BYTES)
        if not len(self._pseudonyms):
            return np.zeros(len(wanted), dtype=np.int64)
        # Their first eight bytes find nearly all of them, several times faster than all 32.
        places = np.minimum(np.searchsorted(self._beginnings, _beginnings(wanted)), self._last)
        found = self._pseudonyms[places] == wanted
        missed = np.flatnonzero(~found)
        places[missed] = np.minimum(np.searchsorted(self._pseudonyms, wanted[missed]), self._last)
        found[missed] = self._pseudonyms[places[missed]] == wanted[missed]
        return np.where(found, self._numbers[places], 0)

    def pseudonyms(self, numbers: NDArray[np.integer]) -> bytes:
        """The pseudonyms that have these numbers, 32 bytes each, one after the other."""
        places = np.searchsorted(self._numbers, numbers, sorter=self._place_of_number)
        return self._pseudonyms[self._place_of_number[places]].tobytes()


class People:
    """Everybody whom the directory ever knew, as dense numbers from 0 to `size` - 1.

    `person_of_number[n]`: who stands behind a pseudonym's number, -1 for nobody of the directory. `number_of_person[p]`: a
    number for each, the lowest that a main pseudonym of theirs has: it stays the same while the directory changes. `objecting[p]`:
    whether they ever objected to being tracked.
    Rows that share a pseudonym are about one person. Of two about one at the same time the first holds, by origin, then by main
    pseudonym, then in the order of the columns.
    """

    def __init__(self, columns: Columns, register: Register) -> None:
        self._register = register
        main = b"".join(columns.main)
        mains = register.find(main)
        order = _order(columns.origin, main)
        order = order[mains[order] > 0]
        counts = np.fromiter(map(len, columns.pseudonyms), np.int64, len(mains)) // PSEUDONYM_BYTES
        others = register.find(b"".join(columns.pseudonyms))
        self.person_of_number, self.number_of_person = _unite(mains, counts, others, register.highest)
        self.size = len(self.number_of_person)
        managers = np.full(len(mains), NOBODY, dtype=np.int32)
        found = self.persons_of(
            register.find(b"".join([manager for manager in columns.manager if manager is not None]))
        )
        is_named = np.array([manager is not None for manager in columns.manager], dtype=np.bool_)
        managers[is_named] = np.where(found == NOBODY, np.int32(UNKNOWN), found)
        self._rosters = Rosters(columns, order, self.person_of_number[mains], managers)
        self.objecting = self._rosters.objecting(self.size)
        self.values = self._rosters.values
        self.groups = self._rosters.groups

    def persons_of(self, numbers: NDArray[np.integer]) -> Persons:
        """The people behind numbers, -1 for nobody of the directory; also for numbers given since this was built."""
        if not len(numbers) or numbers.max() < len(self.person_of_number):
            found: Persons = self.person_of_number[numbers]
            return found
        known = numbers < len(self.person_of_number)
        return np.where(known, self.person_of_number[np.where(known, numbers, 0)], np.int32(NOBODY))

    def persons_of_pseudonyms(self, pseudonyms: Iterable[str]) -> Persons:
        return self.persons_of(self._register.find(bytes.fromhex("".join(pseudonyms))))

    def person_of_pseudonym(self, pseudonym: str) -> int | None:
        person = int(self.persons_of_pseudonyms([pseudonym])[0])
        return None if person == NOBODY else person

    def pseudonyms_of(self, persons: Persons) -> bytes:
        """Of each the pseudonym they were first known by, 32 bytes: it stays the same while the directory changes."""
        return self._register.pseudonyms(self.number_of_person[persons])

    def employed(self, begin: int, end: int) -> Employed:
        """Who was in the directory at every moment from one to another (seconds), as it was at the last."""
        return self._rosters.employed(begin * 1_000_000, end * 1_000_000)

    def roster(self, at_us: int) -> Roster:
        """Everybody in the directory at a moment (microseconds)."""
        return self._rosters.roster(at_us)


def read_people(connection: Connection) -> People:
    """Everybody, by the rows and numbers of the database."""
    return People(read_columns(connection), Register(*all_numbers(connection)))


def _beginnings(pseudonyms: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    return np.ascontiguousarray(pseudonyms).view(">u8")[:: PSEUDONYM_BYTES // 8].astype(np.uint64)


def _order(origins: Sequence[str], mains: bytes) -> NDArray[np.intp]:
    different = {origin: number for number, origin in enumerate(sorted(set(origins)))}
    codes = np.fromiter(map(different.__getitem__, origins), np.int64, len(origins))
    return np.lexsort((np.frombuffer(mains, dtype=_AS_BYTES), codes))


def _unite(mains: Numbers, counts: Numbers, others: Numbers, highest: int) -> tuple[Persons, Persons]:
    """Numbers to people. `mains`, `counts`: of each row its main number, and how many pseudonyms it has; `others`: the number of each
    of these (0: it has none). Gives `person_of_number` and `number_of_person`."""
    row_of = np.repeat(mains, counts)
    known = (row_of > 0) & (others > 0)
    row_of, others, mains = row_of[known], others[known], mains[mains > 0]
    edges = coo_array((np.ones(len(others), dtype=np.bool_), (row_of, others)), shape=(highest + 1, highest + 1))
    _, label = connected_components(edges, directed=False)
    lowest = np.full(highest + 1, highest + 1, dtype=np.int64)  # by label
    np.minimum.at(lowest, label[mains], mains)
    number_of_person = np.unique(lowest[label[mains]]).astype(np.int32)
    person_of_number = np.full(highest + 1, NOBODY, dtype=np.int32)
    person_of_number[others] = np.searchsorted(number_of_person, lowest[label[others]])
    return person_of_number, number_of_person
