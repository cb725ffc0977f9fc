"""What the client asks of the records it has fetched from one partition, done by our own reading: bounded, and without the exceptions after
which it would spin for ever. Bytes to records is left to `kafka_batch`, the client to `kafka_consumer`."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

from collectors.kafka_batch import Batch, is_abort, next_batch, records_of
from collectors.source import Record


class Enough(Exception):
    """So many bytes of records are in hand that no more may be taken in this poll. The client passes it on, and goes on at the next."""


class Budget:
    """Bytes of records that one poll may still take."""

    def __init__(self, bytes_a_poll: int) -> None:
        self._bytes_a_poll = bytes_a_poll
        self.left = bytes_a_poll

    def renew(self) -> None:
        self.left = self._bytes_a_poll


class _Aborted(Protocol):
    first_offset: int
    producer_id: int


class Fetched:
    """In the place of the client's `Fetcher.PartitionRecords`, whose names and promises it keeps. The client reads its positions from
    `next_fetch_offset`."""

    def __init__(
        self,
        fetch_offset: int,
        tp: Any,
        records: Any,
        *,
        budget: Budget,
        keys: bool = False,
        aborted_transactions: Sequence[_Aborted] | None = None,
        metric_aggregator: Any = None,
        on_drain: Callable[["Fetched"], None] = lambda _: None,
        **_: object,
    ) -> None:
        self.topic_partition = tp
        self.next_fetch_offset = fetch_offset
        self._fetched_from = fetch_offset
        self.leader_epoch = -1
        self.bytes_read = 0
        self.records_read = 0
        self._data: bytes = bytes(records._buffer)
        self._position = 0
        self._batch: Batch | None = None
        self._left: Iterator[Record] = iter(())
        self._budget = budget
        self._keys = keys
        self._aborted = deque(sorted(aborted_transactions or (), key=lambda each: each.first_offset))
        self._given_up: set[int] = set()
        self._metrics = metric_aggregator
        self._on_drain = on_drain
        self._drained = False

    def __bool__(self) -> bool:
        return not self._drained

    def drain(self) -> None:
        """No more of it is wanted."""
        if not self._drained:
            self._drained = True
            self._data, self._left = b"", iter(())
            if self._metrics is not None:
                self._metrics.record(self.topic_partition, self.bytes_read, self.records_read)
            self._on_drain(self)

    def take(self, n: int | None = None) -> list[Record]:
        """The next records, `n` at most. Enough where the poll has taken its share; the records stay for the next."""
        if self._budget.left <= 0:
            raise Enough
        taken: list[Record] = []
        while (n is None or len(taken) < n) and self._budget.left > 0:
            if self._batch is None and not self._begin():
                if self._position:
                    # Whatever is wrong with its figures, what was fetched is behind us: by one at least.
                    self.next_fetch_offset = max(self.next_fetch_offset, self._fetched_from + 1)
                self.drain()
                break
            self._take_some(taken, n)
        self.records_read += len(taken)
        return taken

    def _take_some(self, taken: list[Record], n: int | None) -> None:
        """Up to so many that the budget is looked at now and then."""
        assert self._batch is not None
        wanted = 64 if n is None else min(64, n - len(taken))
        some = list(islice(self._left, wanted))
        begin = self.next_fetch_offset
        if some:
            # A fetch from the middle of a batch brings the whole batch.
            taken += some if some[0].offset >= begin else [record for record in some if record.offset >= begin]
            self._budget.left -= sum([len(record.body) for record in some])
            self.next_fetch_offset = max(begin, some[-1].offset + 1)
        if len(some) < wanted:
            # Offsets may be left out, by compaction.
            self.next_fetch_offset = max(self.next_fetch_offset, self._batch.end)
            self._batch = None

    def _begin(self) -> bool:
        """Whether there is another batch with records that count."""
        while (batch := next_batch(self._data, self._position)) is not None:
            self._position += batch.size
            self.bytes_read += batch.size
            self.leader_epoch = max(self.leader_epoch, batch.epoch)
            if self._counts(batch):
                self._batch, self._left = batch, records_of(batch, keys=self._keys)
                return True
            self.next_fetch_offset = max(self.next_fetch_offset, batch.end)
        return False

    def _counts(self, batch: Batch) -> bool:
        """Not the broker's own marks, and nothing of transactions that were given up."""
        if batch.producer >= 0 and batch.bad is None:
            while self._aborted and self._aborted[0].first_offset < batch.end:
                self._given_up.add(self._aborted.popleft().producer_id)
            if batch.is_control and is_abort(batch):
                self._given_up.discard(batch.producer)
            elif batch.is_transactional and batch.producer in self._given_up:
                return False
        return not batch.is_control
