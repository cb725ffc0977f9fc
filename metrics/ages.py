"""Messages by age: which of them are past their window, so that they can be judged. Each counts as one; what this comes to over many is
left to `readings`."""

from collections.abc import Mapping, Sequence

import numpy as np

from config.schema import Target
from metrics.classes import Unit, deadline, no_units, seconds, split
from metrics.clock import Clocks
from metrics.indicator import Indicator
from metrics.messages import Message
from metrics.reading import COLUMNS, Cells, D, E, State


class Ages:
    """`lateness`: seconds by which a channel's events may come late."""

    def __init__(self, clocks: Clocks, lateness: Mapping[str, int]) -> None:
        self._clocks = clocks
        self._lateness = lateness

    def units(
        self, target: Target, indicator: Indicator, messages: Sequence[Message], now: int
    ) -> tuple[dict[str, list[Unit]], dict[Unit, Cells]]:
        """Each message that was sent by now (seconds) as a unit of its own, by what the target is broken down by: H where its window has
        closed and settled. It counts at once: what is young is what is asked for."""
        units = no_units(target)
        cells: dict[Unit, Cells] = {}
        for label, members in split(messages, target).items():
            for message in members:
                closes = deadline(message, indicator, target.window, self._clocks)
                if closes is None:
                    continue
                sent_at = seconds(message.sent_at or 0)
                unit = Unit(f"age of {message.id}", (), frozenset({message.channel or ""}), sent_at, sent_at, sent_at)
                units.setdefault(label, []).append(unit)
                cells[unit] = _cells(closes + self._lateness.get(message.channel or "", 0) <= now)
        return units, cells


def _cells(is_past: bool) -> Cells:
    counts = np.zeros((1, COLUMNS), dtype=np.int64)
    counts[0, State.H if is_past else State.NOT] = counts[0, E] = counts[0, D] = 1
    return Cells({"": ("",)}, {"": counts})
