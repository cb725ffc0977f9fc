"""One batch's sets as one row: cheap to write, in the order they came. Uniting them with what stands is left to `folding`."""

from collections.abc import Mapping
from itertools import chain

import msgspec
import numpy as np

from metrics.facts import Facts

_FACT = 8  # bytes

FORGOTTEN = -1
"""The number of a pseudonym that was erased: no fact of it is kept."""


class Delta(msgspec.Struct, array_like=True):
    """`sets`: the parts of a key, then the codes of its facts (slot << 32 | person, little-endian, 8 bytes each, in any
    order, any number of times). `touched`: references of rows that the batch brought beside its sets."""

    sets: list[tuple[str, str, str, str, bytes]]
    touched: list[str]

    def count(self) -> int:
        return sum(len(codes) for *_, codes in self.sets) // _FACT


_decoder = msgspec.msgpack.Decoder(Delta)


def make_delta(facts: Facts, numbers: Mapping[str, int]) -> tuple[Delta, int]:
    """The delta of a batch's sets and how many facts were dropped because their persons are erased. KeyError where a
    pseudonym has no number yet."""
    pairs = facts.sets.values()
    everyone = list(chain.from_iterable(pair[1] for pair in pairs))
    persons = np.fromiter(map(numbers.__getitem__, everyone), np.int64, len(everyone))
    slots = np.fromiter(chain.from_iterable(pair[0] for pair in pairs), np.uint32, len(everyone))
    known = persons != FORGOTTEN
    codes = ((slots.astype(np.uint64) << np.uint64(32)) | persons.astype(np.uint64))[known]
    packed = codes.astype("<u8").tobytes()
    # Where each key's facts end among all, then among the bytes of those kept.
    ends = np.cumsum([0, *(len(pair[0]) for pair in pairs)])
    kept = (_FACT * np.concatenate(([0], np.cumsum(known)))[ends]).tolist()
    sets = [
        (*key, packed[start:end])
        for key, start, end in zip(facts.sets, kept[:-1], kept[1:], strict=True)
        if start < end
    ]
    return Delta(sets, _touched(facts)), len(everyone) - len(codes)


def pack_delta(delta: Delta) -> bytes:
    return msgspec.msgpack.encode(delta)


def unpack_delta(payload: bytes) -> Delta:
    """ValueError (msgspec.ValidationError) where it is not what `pack_delta` made."""
    return _decoder.decode(payload)


def _touched(facts: Facts) -> list[str]:
    references = {answer.reference for answer in facts.answers}
    references.update(reaction.reference for reaction in facts.reactions)
    references.update(step.reference or "" for step in facts.items)
    return sorted(references)
