"""Once a day: what has become past, to be published for good beside the day's figures. Which periods those are is told by `history`, which
keeps what was published."""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from config.schema import Target
from metrics.clock import Clocks
from metrics.history import History, Past, definition, find_past, periods_kept
from metrics.messages import Message
from metrics.readings import Ask


class LookingBack:
    """`ask`: a target with its units, as of a moment (seconds), those of a message for itself where `singly`."""

    def __init__(self, history: History, clocks: Clocks, ask: Callable[..., Ask]) -> None:
        self._history = history
        self._clocks = clocks
        self._ask = ask
        self._last: date | None = None

    def find(self, targets: Sequence[Target], forgotten: Collection[Message], *, now: int) -> list[Past]:
        """Of each target every period that is over and settled, and was not kept yet; of two that ask the same, the first's.
        `forgotten`: messages whose sets are gone."""
        today = self._clocks.local_date(now)
        if today == self._last:
            return []
        self._last = today
        found: dict[tuple[str, str, date], Past] = {}
        for target in targets:
            for period in periods_kept(target):
                asked = self._ask(target, now, singly=target.period == "message")
                for past in find_past(asked, period, self._history, forgotten, now=now, clocks=self._clocks):
                    found.setdefault((definition(target), period, past.start), past)
        return list(found.values())
