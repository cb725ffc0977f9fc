"""Records read many at a time: as far as their decoder can tell them together, and the door finds nothing odd about them. What is odd is
left to whoever looks at records one by one."""

from collections.abc import Iterator, Sequence

from collectors.column import Column
from collectors.decoder import Decoder, DecodesMany
from collectors.door import Door
from collectors.source import Record

# Few enough to stay in the processor's cache from the first step to the last.
_TOGETHER = 256

Some = tuple[Sequence[Record], Sequence[Column] | None]
"""Records that follow one another, and the events that they are, one each: a column for each field of `Event`, in its order. None where
they have to be looked at by themselves."""


def read_together(records: Sequence[Record], decoder: Decoder, door: Door) -> Iterator[Some]:
    """All the records, in order."""
    if not isinstance(decoder, DecodesMany):
        yield records, None
        return
    for start in range(0, len(records), _TOGETHER):
        some = records[start : start + _TOGETHER]
        columns, odd = door.admit_many(decoder.decode_many(some))
        begin = 0
        for place in sorted(odd):
            if begin < place:
                yield some[begin:place], [column[begin:place] for column in columns]
            yield some[place : place + 1], None
            begin = place + 1
        yield some[begin:], [column[begin:] for column in columns] if odd else columns
