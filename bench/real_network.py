"""A network of private messages counted plainly: nothing of Earshot is used here. What Earshot makes of the same lines is left to
`real_chat`."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import NamedTuple

SLOT = 300  # seconds: what Earshot's windows are measured in
NEVER = float("inf")
_ROUNDING = 1e-9


class Line(NamedTuple):
    """A message. `at` in seconds since 1970 UTC; `answered`: the first message back after it, None where there is none;
    `opens`: it is the first that ever passed between the two."""

    number: int
    sender: str
    receiver: str
    at: int
    answered: int | None
    opens: bool


@dataclass
class Bundle:
    """What one sender wrote in one week, each receiver once. `reached`: the delay of the answer to the first message that was
    answered in time."""

    sent_at: int
    closes: int
    watched: int
    receivers: set[str] = field(default_factory=set)
    reached: dict[str, int] = field(default_factory=dict)


Week = tuple[int, int]
"""Year and number."""


def read_network(lines: Iterable[str]) -> list[Line]:
    """`from to unix_seconds`, a line each, in order of time."""
    raw = [tuple(line.split()) for line in lines if line.strip()]
    times: dict[tuple[str, str], list[int]] = {}
    for sender, receiver, at in raw:
        times.setdefault((sender, receiver), []).append(int(at))
    found, met = [], set()
    for number, (sender, receiver, at) in enumerate(raw):
        back = times.get((receiver, sender), [])
        place = bisect_right(back, int(at))
        pair = frozenset((sender, receiver))
        answered = back[place] if place < len(back) else None
        found.append(Line(number, sender, receiver, int(at), answered, pair not in met))
        met.add(pair)
    return found


def week_of(moment: int, zone: tzinfo) -> Week:
    """The week a moment lies in, as people there count."""
    year, week, _ = datetime.fromtimestamp(moment, zone).isocalendar()
    return year, week


def delay_within(line: Line, window: int, *, until: int, slot: int = SLOT) -> int | None:
    """Seconds from a message to the end of the slot of its answer; None where there was none in the window, or none until that
    moment."""
    if line.answered is None or line.answered > until:
        return None
    begin = line.answered - line.answered % slot
    return begin + slot - line.at if begin < line.at + window else None


def bundles(
    lines: Sequence[Line], window: int, *, until: int, zone: tzinfo, slot: int = SLOT
) -> dict[tuple[str, Week], Bundle]:
    """By sender and week, of what was sent by a moment. `lines` in order of time; `slot`: how finely time is told, in seconds."""
    found: dict[tuple[str, Week], Bundle] = {}
    for line in (line for line in lines if line.at <= until):
        bundle = found.setdefault((line.sender, week_of(line.at, zone)), Bundle(line.at, 0, 0))
        bundle.closes = max(bundle.closes, line.at + window)
        bundle.watched = max(bundle.watched, -(-(line.at + window) // slot) * slot - line.at)
        bundle.receivers.add(line.receiver)
        delay = delay_within(line, window, until=until, slot=slot)
        if delay is not None:
            bundle.reached.setdefault(line.receiver, delay)
    return found


class Count(NamedTuple):
    """People of several bundles. `largest`: of the bundle with the most; `median` in seconds, NEVER where not half are reached."""

    bundles: int
    people: int
    reached: int
    largest: int
    median: float


def count(chosen: Iterable[Bundle], among: Callable[[str], bool] = lambda _: True) -> Count:
    """`among`: the receivers that are counted."""
    sizes, delays, watched = [], [], []
    for bundle in chosen:
        size = sum(map(among, bundle.receivers))
        if size:
            inside = [delay for receiver, delay in bundle.reached.items() if among(receiver)]
            sizes.append(size)
            delays += inside
            watched += [bundle.watched] * (size - len(inside))
    return Count(len(sizes), sum(sizes), len(delays), max(sizes, default=0), median(delays, watched))


def median(delays: Sequence[int], watched: Sequence[int]) -> float:
    """Kaplan and Meier's: the first delay at which no more than half are left. `watched`: how long the others were waited for."""
    waits = sorted([(delay, True) for delay in delays] + [(time, False) for time in watched])
    left, standing, place = len(waits), 1.0, 0
    while place < len(waits):
        now, reached, gone = waits[place][0], 0, 0
        while place < len(waits) and waits[place][0] == now:
            reached += waits[place][1]
            gone += 1
            place += 1
        standing *= 1 - reached / left
        left -= gone
        if reached and standing <= 0.5 + _ROUNDING:
            return now
    return NEVER
