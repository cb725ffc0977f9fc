"""One set of facts that share a key: who stands in which slot. As sorted numbers in memory, packed as bytes in the database.

Which key, and who a number is, are left to the modules that keep it.

Bytes, version 1, all little-endian: version (1), number of dense slots (4), number of sparse facts (4); for each dense
slot the slot (4) and the length of its bitmap (4); the Roaring bitmaps; then of the sparse facts in order the steps from
slot to slot and the steps from person to person within a slot, as eight planes of bytes (all lowest bytes first): which
of them are not all zero (1, a bit each), and those, deflated; at the end a CRC-32 (4) of everything before it.
"""

import struct
import zlib
from array import array
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyroaring import BitMap

Codes = NDArray[np.uint64]
Numbers = NDArray[np.uint32]

_VERSION = 1
_HEAD = struct.Struct("<BII")
_CHECK = struct.Struct("<I")
# From here on a bitmap is worth its room: it is read and written five times as fast, and there are few enough for a loop.
_DENSE = 8192
# From here on each plane deserves a block of deflate, with an alphabet of its own.
_OWN_BLOCKS = 256
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
        slots, persons = self.slots, self.persons
        starts = np.flatnonzero(np.diff(slots, prepend=~slots[:1]))  # the first one differs from its own complement
        counts = np.diff(starts, append=len(slots))
        dense = counts >= _DENSE
        places = zip(starts[dense].tolist(), counts[dense].tolist(), strict=True)
        bitmaps = [_bitmap(persons[start : start + count]) for start, count in places]
        lengths = np.array([len(bitmap) for bitmap in bitmaps], np.uint32)
        sparse = SlotSet(self.codes[np.repeat(~dense, counts)])
        parts = [
            _HEAD.pack(_VERSION, len(bitmaps), len(sparse)),
            np.stack((slots[starts[dense]], lengths), axis=1).astype("<u4").tobytes(),
            *bitmaps,
            _pack_sparse(sparse),
        ]
        body = b"".join(parts)
        return body + _CHECK.pack(zlib.crc32(body))

    @classmethod
    def from_bytes(cls, packed: bytes) -> "SlotSet":
        """What `to_bytes` made. ValueError where the bytes are damaged, cut or of another version."""
        if len(packed) < _HEAD.size + _CHECK.size or packed[0] != _VERSION:
            raise ValueError("not a set of facts of version 1")
        body = memoryview(packed)[: -_CHECK.size]
        if _CHECK.unpack(packed[-_CHECK.size :])[0] != zlib.crc32(body):
            raise ValueError("a damaged set of facts")
        _, dense, sparse = _HEAD.unpack_from(body)
        parts, rest = _unpack_dense(body[_HEAD.size :], dense)
        codes = _unpack_sparse(rest, sparse)
        if parts:
            codes = np.sort(np.concatenate((*parts, codes)))
        if (codes[1:] <= codes[:-1]).any():
            raise ValueError("a damaged set of facts")
        return cls(codes)


def _unpack_dense(packed: memoryview, slots: int) -> tuple[list[Codes], memoryview]:
    """The codes of each dense slot, and the bytes behind the last."""
    directory = np.frombuffer(packed[: slots * 8], "<u4").reshape(slots, 2)
    parts = []
    start = slots * 8
    for slot, length in directory.tolist():
        if not 0 < length <= len(packed) - start:
            raise ValueError("a damaged set of facts")
        persons = np.frombuffer(BitMap.deserialize(bytes(packed[start : start + length])).to_array(), np.uint32)
        parts.append(persons.astype(np.uint64) | (np.uint64(slot) << _SHIFT))
        start += length
    return parts, packed[start:]


def _bitmap(persons: Numbers) -> bytes:
    bitmap = BitMap(array("I", persons.tobytes()))  # six times as fast as from the array itself
    bitmap.run_optimize()
    return bytes(bitmap.serialize())


def _pack_sparse(facts: SlotSet) -> bytes:
    if not len(facts):
        return b""
    slots, persons = facts.slots, facts.persons
    steps = np.diff(slots, prepend=np.uint32(0))
    same = np.flatnonzero(steps[1:] == 0) + 1
    rests = persons.copy()
    rests[same] -= persons[same - 1]
    planes = [*_planes(steps), *_planes(rests)]
    there = [place for place, plane in enumerate(planes) if plane.any()]
    # Z_RLE: the planes are runs of zeros or skewed small numbers; looking for longer matches finds nothing in them.
    deflate = zlib.compressobj(1, zlib.DEFLATED, -15, 9, zlib.Z_RLE)
    parts = [bytes([sum(1 << place for place in there)])]
    for place in there:
        parts.append(deflate.compress(planes[place].tobytes()))
        if len(facts) >= _OWN_BLOCKS:
            parts.append(deflate.flush(zlib.Z_BLOCK))
    return b"".join(parts) + deflate.flush()


def _planes(numbers: Numbers) -> list[NDArray[np.uint8]]:
    return [(numbers >> np.uint32(8 * place)).astype(np.uint8) for place in range(4)]


def _unpack_sparse(packed: memoryview, facts: int) -> Codes:
    if not facts:
        return np.empty(0, np.uint64)
    if not packed:
        raise ValueError("a damaged set of facts")
    there = [place for place in range(8) if packed[0] >> place & 1]
    try:
        inflated = zlib.decompressobj(-15).decompress(packed[1:], len(there) * facts)
    except zlib.error as error:
        raise ValueError("a damaged set of facts") from error
    numbers = np.zeros((2, facts), np.uint32)
    for place, plane in zip(there, np.frombuffer(inflated, np.uint8).reshape(len(there), facts), strict=True):
        numbers[place // 4] |= plane.astype(np.uint32) << np.uint32(8 * (place % 4))
    steps, rests = numbers
    # A rest counts from the person before it within a slot, from 0 at the head of a slot.
    sums = np.cumsum(rests, dtype=np.uint64)
    heads = np.flatnonzero(np.concatenate(([True], steps[1:] != 0)))
    before = np.repeat(sums[heads] - rests[heads], np.diff(heads, append=facts))
    codes: Codes = (np.cumsum(steps, dtype=np.uint64) << _SHIFT) | (sums - before)
    return codes
