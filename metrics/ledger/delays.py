"""How late each source's events come: a sample of them, the same whatever order, repetition or batches they came in. What waits for them is
left to `metrics.asks`.

Of every UTC day the events with the smallest marks are kept, a mark being a hash of the moment at which an event happened: a sample that
nobody chose, and a set, so that recording is union. With each mark stands the longest delay seen with it; no person, no message.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, select

from collectors.events import Event, Events
from metrics.ledger.tables import source_delay
from metrics.ledger.upsert import insert_or_replace

A_DAY = 64  # marks kept
DAYS = 28  # that count
FEWEST = 100  # marks from which a measurement is one
STEPS_SECONDS = 60 * 2 ** np.arange(15)  # a minute, two, four, ... eleven days: delays are rounded up to these
_MICROSECONDS = 1_000_000
_DAY_SECONDS = 86_400
_MARK_BITS, _STEP_BITS = 31, 5


def record_delays(connection: Connection, source: str, events: Sequence[Event]) -> None:
    """Unite the sample with what these events add to it. Those without either time add nothing."""
    given = Events.of(events).columns
    occurred, received = _known(given["occurred_at"]), _known(given["received_at"])
    both = (occurred != 0) & (received != 0)
    if not both.any():
        return
    occurred, received = occurred[both], received[both]
    days, marks = occurred // (_DAY_SECONDS * _MICROSECONDS), _mark(occurred)
    steps = np.searchsorted(STEPS_SECONDS * _MICROSECONDS, received - occurred)
    # All three in one number: that is sorted at once, without an order to follow.
    ranked = np.sort(((days << _MARK_BITS | marks) << _STEP_BITS) - steps)
    steps = -ranked & (1 << _STEP_BITS) - 1
    marked = ranked + steps >> _STEP_BITS
    days, marks = marked >> _MARK_BITS, marked & (1 << _MARK_BITS) - 1
    # Of each mark the longest delay, which stands first; of these each day's smallest.
    first = np.flatnonzero(np.diff(marked, prepend=marked[0] - 1))
    place = np.arange(len(first)) - np.searchsorted(days[first], days[first])
    kept = first[place < A_DAY]
    columns = zip(days[kept].tolist(), marks[kept].tolist(), steps[kept].tolist(), strict=True)
    rows = [{"source": source, "day": day, "mark": mark, "step": step} for day, mark, step in columns]
    insert_or_replace(connection, source_delay, rows, wins=lambda new: new["step"] > source_delay.c.step)


def _known(times: Sequence[int | None]) -> NDArray[np.int64]:
    """0 where one is unknown."""
    return np.array([time or 0 for time in times] if not all(times) else times, np.int64)


def _mark(moments: NDArray[np.int64]) -> NDArray[np.int64]:
    """31 bits of a good mixture of each (the finisher of SplitMix64)."""
    mixed = moments.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((mixed ^ (mixed >> np.uint64(31))) >> np.uint64(33)).astype(np.int64)


def measure_delays(connection: Connection, now: int) -> dict[str, int]:
    """By source, the seconds within which 99 of 100 events of the last four weeks came in (`now` in seconds); sources of which too
    little is known are left out."""
    today = now // _DAY_SECONDS
    chosen = source_delay.c.day.between(today - DAYS + 1, today)
    order = (source_delay.c.source, source_delay.c.day, source_delay.c.mark)
    rows = connection.execute(select(*order, source_delay.c.step).where(chosen).order_by(*order)).all()
    found: dict[str, int] = {}
    for source, of_source in groupby(rows, key=itemgetter(0)):
        steps: list[int] = []
        for _, of_day in groupby(of_source, key=itemgetter(1)):
            steps += [row.step for row in list(of_day)[:A_DAY]]
        if len(steps) >= FEWEST:
            step = sorted(steps)[-(-len(steps) * 99 // 100) - 1]
            found[source] = int(STEPS_SECONDS[min(step, len(STEPS_SECONDS) - 1)])
    return found


def prune_delays(connection: Connection, now: int) -> None:
    """Remove what no measurement will look at any more: days that are over, and marks beyond the smallest."""
    today = now // _DAY_SECONDS
    connection.execute(delete(source_delay).where(source_delay.c.day <= today - DAYS))
    order = (source_delay.c.source, source_delay.c.day, source_delay.c.mark)
    rows = connection.execute(select(*order).order_by(*order)).all()
    for (source, day), same in groupby(rows, key=itemgetter(0, 1)):
        marks = [row.mark for row in same]
        if len(marks) > A_DAY:
            beyond = (
                source_delay.c.source == source,
                source_delay.c.day == day,
                source_delay.c.mark > marks[A_DAY - 1],
            )
            connection.execute(delete(source_delay).where(*beyond))
