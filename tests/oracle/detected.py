"""Who can be asked whether openings leave a trace, and what their answer widens: written out from the manual's "Who cannot be seen"."""

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import NamedTuple

from tests.oracle.acts import Act, State
from tests.oracle.figures import Z, across_units

WIDENED = frozenset({"opened", "reach", "reach_on_time"})
OPENINGS = frozenset({"opened", "viewed", "read"})
_ENGAGED = frozenset({"clicked", "replied", "acknowledged"})
_FEW = 3

Pairs = Sequence[tuple[int, int]]


def is_engaged(acts: Sequence[Act], channel: str, deadline: int) -> bool:
    """Whether somebody answered the message on its own channel."""
    return any(
        act.kind in _ENGAGED and act.channel == channel and act.tells is State.HUMAN
        for act in acts
        if act.slot is not None and act.slot < deadline
    )


def is_detected(acts: Sequence[Act], channel: str, deadline: int) -> bool:
    """Whether an opening there is on record that the upper end of `opened` counts."""
    openings = [act for act in acts if act.kind in OPENINGS and act.channel == channel]
    return any(
        act.slot is None or (act.slot < deadline and act.tells in (State.HUMAN, State.PROXY, State.LIKELY))
        for act in openings
    )


class Witnesses(NamedTuple):
    """Of one unit: the channels of its messages, its people by state (signs), and of each message how many engaged and were detected."""

    channels: frozenset[str]
    counts: Mapping[str, int]
    pairs: Pairs


def visible_share(units: Sequence[Witnesses], mails: Pairs = ()) -> float:
    """`mails`: of every mail that has settled, how many engaged and were detected."""
    seen = widened = 0.0
    for channels in {unit.channels for unit in units}:
        group = [unit for unit in units if unit.channels == channels]
        people = sum(unit.counts["n"] for unit in group)
        possible = sum(unit.counts[sign] for unit in group for sign in ("H", "P", "S_likely", "U"))
        pairs = [pair for unit in group for pair in unit.pairs]
        seen += possible
        if sum(number for number, _ in pairs) < _FEW and "email" in channels:
            widened += _widen(possible, people, mails, by_chance=Z)
        else:
            widened += _widen(possible, people, pairs)
    return seen / widened if widened else 1.0


def _widen(possible: int, people: int, pairs: Pairs, by_chance: float = 0.0) -> float:
    engaged = sum(number for number, _ in pairs)
    interval = across_units([found for _, found in pairs], [number for number, _ in pairs])
    if engaged < _FEW or interval is None:
        return possible
    # Nobody detected: the lower end is 0 but for rounding.
    most = possible + by_chance * sqrt(possible * (1 - interval[0]))
    return people if interval[0] < 1e-9 else min(people, most / interval[0])
