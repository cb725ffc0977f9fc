"""What a target about feedback speaks of: each item on its own, placed in time by a step it took. What is asked of an item is left to the
indicators."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from config.schema import Scope, Target
from metrics.classes import Unit, is_about, label_of, no_units, period_end, period_start
from metrics.clock import Clocks
from metrics.item import Item, ItemQuestion
from metrics.ledger.sets import StepRow
from metrics.messages import Message
from metrics.reading import COLUMNS, Cells, D, E, State, Times

Describe = Callable[[str | None], Message | None]
"""The message that a reference belongs to; None where nobody described it."""


def read_items(rows: Iterable[StepRow]) -> list[Item]:
    """Items from their steps, sorted by id. Where, about what and in which mood: as it was raised, else as the first step says."""
    steps: dict[str, list[StepRow]] = {}
    for row in rows:
        steps.setdefault(row.item, []).append(row)
    return [_item(id, taken) for id, taken in sorted(steps.items())]


def _item(id: str, taken: Sequence[StepRow]) -> Item:
    ordered = sorted(taken, key=lambda row: (row.action != "raised", row.time, row.action))
    return Item(
        id=id,
        channel=ordered[0].channel,
        reference=next((row.reference for row in ordered if row.reference), None),
        stance=next((row.stance for row in ordered if row.stance), None),
        steps={row.action: row.time // 1_000_000 for row in taken if row.time},
    )


class Items:
    """`lateness`: seconds by which a channel's events may come late."""

    def __init__(self, clocks: Clocks, lateness: Mapping[str, int]) -> None:
        self._clocks = clocks
        self._lateness = lateness

    def units(
        self, target: Target, question: ItemQuestion, items: Sequence[Item], describe: Describe, now: int
    ) -> tuple[dict[str, list[Unit]], dict[Unit, Cells]]:
        """Each item as a unit of its own, by what the target is broken down by, with its count of one."""
        units = no_units(target)
        cells: dict[Unit, Cells] = {}
        window = target.window or question.window
        for item in items:
            began, message = item.first(question.begins), describe(item.reference)
            if began is None or began > now or not speaks_of(target.scope, item, message):
                continue
            label = label_of(message, target)
            if label is not None:
                closes = self._closes(target, began, question, window)
                settles = closes + self._lateness.get(item.channel, 0)
                unit = Unit(f"item {item.id}", (), frozenset({item.channel}), began, closes, settles)
                units.setdefault(label, []).append(unit)
                cells[unit] = self._cells(item, question, window, unit, now)
        return dict(sorted(units.items())), cells

    def _closes(self, target: Target, began: int, question: ItemQuestion, window: Span | None) -> int:
        """The moment at which it counts. What has no window has until the calendar period is over."""
        if question.censored or (window is None and target.period.startswith("rolling ")):
            return began
        if window is not None:
            return self._clocks.deadline(began, window)
        start = period_start(target.period, self._clocks.local_date(began))
        return self._clocks.local_midnight(period_end(target.period, start))

    def _cells(self, item: Item, question: ItemQuestion, window: Span | None, unit: Unit, now: int) -> Cells:
        began, done = unit.sent_at, item.first(*question.done_by)
        ends = self._clocks.deadline(began, window) if window is not None else now + 1
        reached = done is not None and done < ends and done <= now
        counts = np.zeros((1, COLUMNS), dtype=np.int64)
        counts[0, State.H if reached else State.NOT] = counts[0, E] = counts[0, D] = 1
        if question.censored:
            ended = done if reached and done is not None else min(ends, now)
            clock = window is not None and window.working
            waited = self._clocks.elapsed(began, np.array([ended], dtype=np.int64), working=clock)
            still = np.array([[not reached and now < ends]], dtype=np.int64)
            return Cells({"": ("",)}, {"": counts}, {"": (_wait(waited, reached),)}, {"": still})
        return Cells({"": ("",)}, {"": counts}, extra={"": _parity(item, reached)} if question.critical else {})


def _wait(waited: NDArray[np.int64], reached: bool) -> Times:
    once = np.ones(1, dtype=np.int64)
    seconds, times = (waited, once) if reached else (waited[:0], once[:0])
    return Times(seconds, times, open=int(not reached), unknown=0, window=int(waited[0]))


def _parity(item: Item, reached: bool) -> NDArray[np.int64]:
    """Done and all of the critical ones, done and all of the others."""
    mine = [int(reached), 1]
    return np.array([[*mine, 0, 0] if item.stance == "critical" else [0, 0, *mine]], dtype=np.int64)


def speaks_of(scope: Scope, item: Item, message: Message | None) -> bool:
    """By channel the item itself counts, by everything else the message it is about. Items keep no author, so no segment has any."""
    if scope.segment is not None or scope.channel not in (None, item.channel):
        return False
    return is_about(message, scope)
