"""Sets of facts as bytes in the database, and back: what `slots` holds as sorted codes (slot << 32 | person).

Bytes, version 1, all little-endian: version (1), number of dense slots (4), number of sparse facts (4); for each dense
slot the slot (4) and the length of its bitmap (4); the Roaring bitmaps; then of the sparse facts in order the steps from
slot to slot and the steps from person to person within a slot, as eight planes of bytes (all lowest bytes first): which
of them are not all zero (1, a bit each), and those, deflated; at the end a CRC-32 (4) of everything before it.
"""

import struct
import zlib
from array import array
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
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
_SHIFT: Final = np.uint64(32)


def pack(codes: Codes) -> bytes:
    """The bytes of a set; `codes` sorted, each once."""
    slots, persons = (codes >> _SHIFT).astype(np.uint32), codes.astype(np.uint32)
    starts = np.flatnonzero(np.diff(slots, prepend=~slots[:1]))  # the first one differs from its own complement
    counts = np.diff(starts, append=len(slots))
    dense = counts >= _DENSE
    places = zip(starts[dense].tolist(), counts[dense].tolist(), strict=True)
    bitmaps = [_bitmap(persons[start : start + count]) for start, count in places]
    lengths = np.array([len(bitmap) for bitmap in bitmaps], np.uint32)
    sparse = np.repeat(~dense, counts)
    parts = [
        _HEAD.pack(_VERSION, len(bitmaps), int(np.count_nonzero(sparse))),
        np.stack((slots[starts[dense]], lengths), axis=1).astype("<u4").tobytes(),
        *bitmaps,
        _pack_sparse(slots[sparse], persons[sparse]),
    ]
    body = b"".join(parts)
    return body + _CHECK.pack(zlib.crc32(body))


def unpack(packed: Sequence[bytes]) -> list[Codes]:
    """The codes of each of several sets. ValueError where bytes are damaged, cut or of another version."""
    dense, sparse = [], []
    for body in map(_checked, packed):
        _, slots, facts = _HEAD.unpack_from(body)
        parts, rest = _unpack_dense(body[_HEAD.size :], slots)
        dense.append(parts)
        sparse.append((rest, facts))
    codes, ends = _unpack_sparse(sparse)
    if any(dense):
        sets = [_join(parts, rest) for parts, rest in zip(dense, np.split(codes, ends[:-1]), strict=True)]
        codes, ends = np.concatenate(sets), np.cumsum([len(each) for each in sets], dtype=np.intp)
    if not _are_sorted(codes, ends):
        raise ValueError("a damaged set of facts")
    return np.split(codes, ends[:-1]) if packed else []


def _are_sorted(codes: Codes, ends: NDArray[np.intp]) -> bool:
    """Whether each set is, and has every code once; `ends`: of each, among all."""
    rises = codes[1:] > codes[:-1]
    # From the end of one set to the beginning of the next they may fall.
    rises[ends[(ends > 0) & (ends < len(codes))] - 1] = True
    return bool(rises.all())


def _join(dense: list[Codes], sparse: Codes) -> Codes:
    codes = np.concatenate((*dense, sparse))
    return np.sort(codes) if dense and len(sparse) else codes  # dense slots stand in order


def _checked(packed: bytes) -> memoryview:
    """The bytes without their checksum."""
    if len(packed) < _HEAD.size + _CHECK.size or packed[0] != _VERSION:
        raise ValueError("not a set of facts of version 1")
    body = memoryview(packed)[: -_CHECK.size]
    if _CHECK.unpack(packed[-_CHECK.size :])[0] != zlib.crc32(body):
        raise ValueError("a damaged set of facts")
    return body


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


def _pack_sparse(slots: Numbers, persons: Numbers) -> bytes:
    if not len(slots):
        return b""
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
        if len(slots) >= _OWN_BLOCKS:
            parts.append(deflate.flush(zlib.Z_BLOCK))
    return b"".join(parts) + deflate.flush()


def _planes(numbers: Numbers) -> list[NDArray[np.uint8]]:
    return [(numbers >> np.uint32(8 * place)).astype(np.uint8) for place in range(4)]


def _unpack_sparse(packed: Sequence[tuple[memoryview, int]]) -> tuple[Codes, NDArray[np.intp]]:
    """The codes of several packed sets, given with how many facts each has: one after the other, and where each ends."""
    planes: list[list[bytes | memoryview]] = [[] for _ in range(8)]
    for body, facts in packed:
        for place, plane in enumerate(_inflate(body, facts)):
            planes[place].append(plane)
    # Where sets end, and where those begin that are not empty.
    ends = np.cumsum([facts for _, facts in packed], dtype=np.intp)
    if not len(ends) or not ends[-1]:
        return np.empty(0, np.uint64), ends
    begins = np.unique(np.concatenate(([0], ends[:-1][ends[:-1] < ends[-1]])))
    steps, rests = _join_planes(planes[:4]), _join_planes(planes[4:])
    # A step counts from the slot before it in the set; a rest from the person before it in the slot, from 0 at its head.
    # Sums run over all sets together and may pass 32 bits: what is before a set or a slot is taken off again, modulo 2^32.
    fresh = steps != 0
    fresh[begins] = True
    codes = _restart(steps, begins).astype(np.uint64) << _SHIFT
    codes |= _restart(rests, np.flatnonzero(fresh))
    return codes, ends


def _restart(steps: Numbers, begins: NDArray[np.intp]) -> Numbers:
    """Running sums of steps that begin anew at some places, the first among them."""
    sums = np.cumsum(steps, dtype=np.uint32)
    sums -= np.repeat(sums[begins] - steps[begins], np.diff(begins, append=len(steps)))
    return sums


def _join_planes(planes: Sequence[Sequence[bytes | memoryview]]) -> Numbers:
    lowest, *others = (np.frombuffer(b"".join(parts), np.uint8) for parts in planes)
    numbers = lowest.astype(np.uint32)
    for place, plane in enumerate(others, start=1):
        if plane.any():
            numbers |= plane.astype(np.uint32) << np.uint32(8 * place)
    return numbers


def _inflate(packed: memoryview, facts: int) -> list[bytes | memoryview]:
    """The eight planes of a set; those that are all zero as such."""
    if not facts:
        return [b""] * 8
    if not packed:
        raise ValueError("a damaged set of facts")
    there = [place for place in range(8) if packed[0] >> place & 1]
    try:
        inflated = memoryview(zlib.decompressobj(-15).decompress(packed[1:], len(there) * facts))
    except zlib.error as error:
        raise ValueError("a damaged set of facts") from error
    if len(inflated) != len(there) * facts:
        raise ValueError("a damaged set of facts")
    planes: list[bytes | memoryview] = [bytes(facts)] * 8
    for number, place in enumerate(there):
        planes[place] = inflated[number * facts : (number + 1) * facts]
    return planes
