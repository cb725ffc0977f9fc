"""F6 `time_to_reach`: how long it took to reach half of the audience."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.exposure import EXPOSURES, reach_states
from metrics.facts import COARSE_TICKS, TICK_SECONDS
from metrics.indicator import Indicator, always
from metrics.machines import Evidence
from metrics.reading import Delays, State
from metrics.sight import TRACES
from metrics.view import Detail, View

_EVIDENCE = (Evidence.HUMAN, Evidence.PROXY, Evidence.SCANNER_LIKELY, Evidence.SCANNER)
_SLOT_SECONDS = COARSE_TICKS * TICK_SECONDS


def delays(view: View, deadline: int, working: bool) -> Delays:
    """From `sent_at` to the end of the slot of the first exposure (never early), on the target's clock."""
    states = reach_states(view, deadline)
    human, *machines = (view.first(sorted(EXPOSURES), each, where=_has_own_time) for each in _EVIDENCE)
    found = _until(view, human, deadline, working=working)
    unknown = ~found.reached & (states <= State.U) & (states != State.S)
    return replace(
        found, unknown=unknown, raw=_until(view, np.minimum.reduce([human, *machines]), deadline, working=working)
    )


def _until(view: View, first: NDArray[np.int64], deadline: int, *, working: bool) -> Delays:
    """To the first moments of everybody, NEVER where there is none."""
    reached = first < deadline
    sent_at = (view.message.sent_at or 0) // 1_000_000
    seconds = np.zeros(view.size, dtype=np.int64)
    # Some hundred slots hold everybody's: whoever was reached before the message was sent, in the one that ends before that.
    begin = sent_at // _SLOT_SECONDS - 1
    people = np.flatnonzero(reached)
    slots = np.maximum(first[people] // _SLOT_SECONDS - begin, 0)
    ends = (np.arange(begin, begin + slots.max(initial=0) + 1) + 1) * _SLOT_SECONDS
    seconds[people] = view.clocks.elapsed(sent_at, ends, working=working)[slots]
    # Watched for a slot longer, in whichever slot it was sent: no delay inside any message's window is longer, so that of several messages
    # nobody leaves while others are still told as reached.
    closes = np.array([deadline], dtype=np.int64)
    window = int(view.clocks.elapsed(sent_at, closes, working=working)[0]) + _SLOT_SECONDS
    return Delays(seconds=seconds, reached=reached, unknown=np.zeros(view.size, dtype=np.bool_), window=window)


def _has_own_time(detail: Detail) -> bool:
    return "untimed" not in detail


INDICATOR = Indicator(
    id="time_to_reach",
    code="F6",
    title="Time to reach half",
    question="How long until half of the audience had met the message?",
    formula="the time from sending by which half of the audience had met it (Kaplan-Meier median of the first exposure); whoever has not "
    "counts as waiting until the window closes; not reached where that is more than half",
    unit="seconds",
    level="output",
    direction="at_most",
    window=Span(5, "days", working=True),
    needs=TRACES,
    applies=always,
    classify=reach_states,
    delays=delays,
    start_target="8 working hours",
)
