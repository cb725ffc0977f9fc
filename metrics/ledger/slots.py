"""One set of facts that share a key: who stands in which slot, as sorted numbers in memory. Which key, and who a number is, are left
to the modules that keep it; its bytes in the database to `packing`."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from metrics.ledger.packing import Codes, pack, unpack

Numbers = NDArray[np.uint32]

_TOP = 2**32 - 1
_SHIFT: Final = np.uint64(32)


class SlotSet:
    """Facts (slot, person), each an unsigned 32-bit number, as `codes`: slot << 32 | person, sorted, each once.

    Not to be changed once made; operations give new sets.
    """

    __slots__ = ("codes",)

    def __init__(self, codes: Codes) -> None:
        """`codes` must be sorted and unique already; `from_codes` takes any."""
        self.codes = codes

    @classmethod
    def empty(cls) -> "SlotSet":
        return cls(np.empty(0, np.uint64))

    @classmethod
    def from_codes(cls, codes: Codes) -> "SlotSet":
        """From codes in any order, any number of times each."""
        codes = np.sort(codes)
        if len(codes) > 1:
            new = np.concatenate(([True], codes[1:] != codes[:-1]))
            codes = codes if new.all() else codes[new]
        return cls(codes)

    @classmethod
    def from_pairs(cls, slots: ArrayLike, persons: ArrayLike) -> "SlotSet":
        """From slots and person numbers side by side. ValueError where they do not pair, or one does not fit."""
        high, low = (np.asarray(each, np.int64) for each in (slots, persons))
        if high.shape != low.shape or high.ndim != 1:
            raise ValueError("slots and persons must be two rows of one length")
        if any(each.size and (each.min() < 0 or each.max() > _TOP) for each in (high, low)):
            raise ValueError("slots and persons must be unsigned numbers of 32 bits")
        return cls.from_codes((high.astype(np.uint64) << _SHIFT) | low.astype(np.uint64))

    @property
    def slots(self) -> Numbers:
        return (self.codes >> _SHIFT).astype(np.uint32)

    @property
    def persons(self) -> Numbers:
        """In the order of the slots; a person who stands in several slots comes several times."""
        return self.codes.astype(np.uint32)

    def __len__(self) -> int:
        return len(self.codes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SlotSet) and np.array_equal(self.codes, other.codes)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"SlotSet of {len(self)} facts"

    def union(self, other: "SlotSet") -> "SlotSet":
        if not len(other):
            return self
        return SlotSet.from_codes(np.concatenate((self.codes, other.codes)))

    def without(self, persons: ArrayLike) -> "SlotSet":
        """The facts of everybody but these persons."""
        stay = ~np.isin(self.persons, np.asarray(persons, np.uint32))
        return self if stay.all() else SlotSet(self.codes[stay])

    def earliest(self) -> "SlotSet":
        """Each person once, in their earliest slot."""
        by_person = np.sort((self.codes << _SHIFT) | (self.codes >> _SHIFT))
        if len(by_person) > 1:
            first = by_person[1:] >> _SHIFT != by_person[:-1] >> _SHIFT
            by_person = by_person[np.concatenate(([True], first))]
        return SlotSet(np.sort((by_person << _SHIFT) | (by_person >> _SHIFT)))

    def collapse(self) -> "SlotSet":
        """The same persons, each once, without their times (slot 0)."""
        return SlotSet.from_codes(self.persons.astype(np.uint64))

    def to_bytes(self) -> bytes:
        return pack(self.codes)

    @classmethod
    def from_bytes(cls, packed: bytes) -> "SlotSet":
        """What `to_bytes` made. ValueError where the bytes are damaged, cut or of another version."""
        return cls(unpack([packed])[0])

    @classmethod
    def from_many(cls, packed: Sequence[bytes]) -> "list[SlotSet]":
        """The same of many sets together, which is several times as fast where they are small, as nearly all are."""
        return [cls(codes) for codes in unpack(packed)]
