"""Whole periods of a made-up organisation: who works there, who met which message, and what has become past."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from metrics.classes import period_end, period_label, period_start, seconds
from metrics.clock import Clocks
from metrics.era import Footprint
from metrics.indicators import INDICATORS
from metrics.marks import mark_windows
from metrics.people import Coded
from metrics.reading import Reading, State
from metrics.rosters import Employed
from metrics.snapshot import PublishedReading
from tests.metrics.disclosure.sent import Sent, only_named

Became = tuple[Reading, PublishedReading]
_MARK = "exposure"
_WINDOW = mark_windows([_MARK])[0]


def is_of_period(indicator: str) -> bool:
    """Whether it is counted over a whole period, not message by message."""
    return INDICATORS[indicator].over is not None


def staff(codes: Mapping[str, NDArray[np.int16]], kept: NDArray[np.bool_]) -> Employed:
    """Nobody is ever taken off the directory but those who are erased. `codes`: an attribute's, of everybody there ever was."""
    attributes = {}
    for name, each in codes.items():
        attributes[name] = only_named(Coded(tuple(f"{name[0]}{code}" for code in range(64)), each[kept]))
    return Employed(np.flatnonzero(kept).astype(np.int32), attributes)


def footprints(sent: Iterable[Sent], clocks: Clocks, now: int) -> Iterator[Footprint]:
    """Of every message who met it so far."""
    for each in sent:
        end = min(now, clocks.deadline(seconds(each.message.sent_at or 0), _WINDOW))
        states = np.where(each.did["reach"] < end, State.H, np.where(each.unseen, State.U, State.NOT))
        yield Footprint(each.message, each.person, {_MARK: states.astype(np.int32)})


def settled_at(sent: Sequence[Sent], clocks: Clocks) -> dict[str, int]:
    """Every week and month in which something was sent, and the moment (seconds) from which nothing of it moves any more."""
    found: dict[str, int] = {}
    for each in sent:
        at = seconds(each.message.sent_at or 0)
        for period in ("week", "month"):
            start = period_start(period, clocks.local_date(at))
            over = max(clocks.local_midnight(period_end(period, start)), clocks.deadline(at, _WINDOW))
            label = period_label(period, start)
            found[label] = max(found.get(label, 0), over)
    return found
