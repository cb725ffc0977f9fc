"""What the loop asks of any source, told by its promises. Sources themselves are `memory`, `files` and `kafka`."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from collectors.events import Gap, Interval


class Record(msgspec.Struct, gc=False):
    """What a broker or file holds, before it is understood.

    `refused` is set, and `body` cut to its beginning, where the source itself can tell that nobody should decode it
    (over the size limit, damaged): (reason, detail) of the dead letter it becomes.
    `received_at`: whole microseconds since 1970 UTC where the source knows it. `headers`: names in lower case. `key`: read where it is
    asked for alone.
    """

    offset: int
    body: bytes
    received_at: int | None = None
    headers: dict[str, str] | None = None
    refused: tuple[str, str] | None = None
    key: bytes = b""


class Block(msgspec.Struct):
    """Records of one stream and partition, in order, and the interval that having read them covers.

    The interval may be wider than its records (empty lines, control records) but never narrower.
    Blocks of one poll that belong to one stream follow one another.
    """

    records: Sequence[Record]
    read: Interval


class Poll(msgspec.Struct):
    """What one poll brought. `caught_up`: nothing more was there when it looked.
    `pending`: bytes or records known to wait, for progress; None where the source cannot tell. `begin_again`: what the
    source reads has changed hands, and it has to be told what was read by calling `start`; nothing else came then.
    `begun`: where streams begin of which nothing was read yet, as empty intervals; to be kept like those of blocks, so that
    what is gone from there is known to be missing."""

    blocks: Sequence[Block] = ()
    gaps: Sequence[Gap] = ()
    caught_up: bool = True
    pending: int | None = None
    begin_again: bool = False
    begun: Sequence[Interval] = ()


Position = tuple[str, int]
"""(stream, partition)"""


class Source(Protocol):
    """Streams of records, each with positions that only grow.

    A source keeps no state of its own between processes: `start` tells it what was read before. It never
    decides what a record means and never loses one: everything between the first hole and the end is handed out,
    again if need be, or reported as a gap.
    """

    name: str

    def start(self, read: Mapping[Position, Sequence[Interval]]) -> None:
        """Take the intervals read so far (sorted, merged) and begin at the first hole of each stream. Called once,
        before the first poll, and again after the database connection was lost or where a poll asks for it. May raise OSError."""

    def poll(self, limit: int) -> Poll:
        """Hand out about `limit` records at most (0 while paused). Waits at most briefly; never blocks on an absent stream.
        A record handed out is not handed out again by this object unless `start` is called."""

    def cut(self, block: Block, records: int) -> Interval:
        """What having read only the first `records` of a block covers, holes behind them included: so that a stop in its middle
        loses nothing and reads nothing twice."""

    def acknowledge(self, read: Sequence[Interval]) -> None:
        """These intervals are safe in the database: tell the broker, release buffers. Never called before COMMIT."""

    def close(self) -> None:
        """Release files and connections. What was not acknowledged is read again by the next process."""
