"""Indicators from totals alone, in the mode that keeps no person: what a source counted of a message, cell by cell, becomes counts by
segment. Formulas are those of the indicators; what the totals may say is `metrics.entries`.

Totals are of a moment, a window closes at another. Who was counted at or before its end did it within the window; who was counted by the
first count after it may have: they stand where people stand of whom nobody knows (P), and the reading is a range.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from metrics.classes import deadline
from metrics.clock import MICROSECONDS, Clocks
from metrics.counting import Counted, Measure
from metrics.entries import Totals
from metrics.machines import RULES_VERSION
from metrics.messages import Message
from metrics.reading import COLUMNS, Cells, D, E, State

# Numerator and denominator. Only where both are single counts of the source: people who did one of several things on several channels
# are no sum of those who did each.
SHARES: Mapping[str, tuple[str, str]] = {
    "delivered": ("delivered", "sent"),
    "reach": ("reached", "audience"),
    "reach_on_time": ("reached", "audience"),
    "opened": ("opened", "delivered"),
    "read": ("read", "delivered"),
    "clicked": ("clicked", "delivered"),
    "acknowledged": ("acknowledged", "audience"),
    "response": ("responded", "delivered"),
}

Row = NDArray[np.int64]


def count_totals(messages: Sequence[Message], measures: Iterable[Measure], clocks: Clocks, now: int) -> Counted:
    """Counts of each message under each measure that its totals answer; `now` in seconds. A campaign's are not joined: nobody can tell
    who stands in two of them."""
    counted: Counted = {}
    for measure in measures:
        for message in messages:
            cells = _count(message, measure, clocks, now)
            if cells is not None:
                counted[(message.id,), measure.key] = cells
    return counted


def _count(message: Message, measure: Measure, clocks: Clocks, now: int) -> Cells | None:
    indicator = measure.indicator
    closes = deadline(message, indicator, measure.window, clocks)
    if indicator.id not in SHARES or closes is None or (indicator.window is None and message.due_at is None):
        return None
    known = [each for each in message.totals if each.at <= now * MICROSECONDS]
    series: dict[tuple[tuple[str, str], ...], list[Totals]] = {}
    for each in sorted(known, key=lambda each: each.at):
        series.setdefault(tuple(sorted(each.cell.items())), []).append(each)
    rows = {cell: _row(counts, SHARES[indicator.id], closes, now) for cell, counts in sorted(series.items())}
    if not rows or all(row is None for row in rows.values()):
        return None
    return _cells({cell: _unknown(series[cell]) if row is None else row for cell, row in rows.items()})


def _row(counts: Sequence[Totals], share: tuple[str, str], closes: int, now: int) -> Row | None:
    """One cell's counts, in order of their moments; None where they do not say."""
    said = [each for each in counts if getattr(each, share[0]) is not None]
    if not said:
        return None
    before = [each for each in said if each.at <= closes * MICROSECONDS]
    after = [each for each in said if each.at >= closes * MICROSECONDS]
    last = after[0] if after else said[-1]
    n = _denominator(last, share[1])
    done = min(getattr(before[-1], share[0]), n) if before else 0
    # Once the window is over, those whom no count after it tells of may have done it.
    most = min(max(getattr(after[0], share[0]), done), n) if after else n if closes <= now else done
    row = np.zeros(COLUMNS, dtype=np.int64)
    row[[State.H, State.P, State.NOT, State.OUT]] = done, most - done, n - most, last.audience - n
    row[E], row[D] = last.audience, _denominator(last, "delivered")
    return row


def _denominator(totals: Totals, name: str) -> int:
    """A source that tells of no sending or deliveries sent and delivered it to everybody."""
    count: int | None = getattr(totals, name)
    return totals.audience if count is None else count


def _unknown(counts: Sequence[Totals]) -> Row:
    """A cell that does not say what others do."""
    row = np.zeros(COLUMNS, dtype=np.int64)
    n = _denominator(counts[-1], "delivered")
    row[[State.U, State.OUT]] = n, counts[-1].audience - n
    row[E], row[D] = counts[-1].audience, n
    return row


def _cells(rows: Mapping[tuple[tuple[str, str], ...], Row]) -> Cells:
    values: dict[str, tuple[str, ...]] = {"": ("",)}
    tables = {"": np.sum(list(rows.values()), axis=0)[np.newaxis]}
    for name in sorted({name for cell in rows for name, _ in cell}):
        found: dict[str, Row] = {}
        for cell, row in rows.items():
            value = dict(cell)[name]
            found[value] = found.get(value, np.zeros(COLUMNS, dtype=np.int64)) + row
        values[name] = tuple(sorted(found))
        tables[name] = np.stack([found[value] for value in values[name]])
    return Cells(values, tables, rules=RULES_VERSION)
