"""Once a day: what has become past is published for good. Which periods those are is told by `history`, which keeps what was published."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from config.schema import Target
from metrics.clock import Clocks
from metrics.history import History, find_past, periods_kept
from metrics.ledger.database import Connection
from metrics.messages import Message
from metrics.reading import Reading
from metrics.readings import Ask
from metrics.snapshot import PublishedReading


class LookingBack:
    """`ask`: a target with its units, as of a moment (seconds), those of a message for itself where `singly`."""

    def __init__(self, history: History, clocks: Clocks, ask: Callable[..., Ask]) -> None:
        self._history = history
        self._clocks = clocks
        self._ask = ask
        self._last: date | None = None

    def keep(
        self,
        connection: Connection,
        targets: Sequence[Target],
        forgotten: Collection[Message],
        publish: Callable[[Target, Sequence[Reading]], Sequence[PublishedReading]],
        *,
        now: int,
    ) -> None:
        """Of each target every period that is over and settled, and was not kept yet. `forgotten`: messages whose sets are gone."""
        today = self._clocks.local_date(now)
        if today == self._last:
            return
        self._last = today
        for target in targets:
            for period in periods_kept(target):
                asked = self._ask(target, now, singly=target.period == "message")
                past = find_past(asked, period, self._history, forgotten, now=now, clocks=self._clocks)
                for start, readings in past:
                    self._history.keep(connection, target, period, start, publish(target, readings))
