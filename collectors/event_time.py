"""Whether an event's times can be true (contract, section 1). Reading times from text and numbers is left to decoders."""

from collections.abc import Callable

import numpy as np

from collectors.column import Column, Odd
from collectors.events import Undecodable

MINUTE = 60 * 1_000_000
DAY = 24 * 60 * MINUTE
LEAD = 10 * MINUTE
TEN_YEARS = 3653 * DAY
EARLIEST = 788_918_400 * 1_000_000  # 1995-01-01
LATEST_RECEIVED = 4_102_444_800 * 1_000_000  # 2100-01-01


def check_times(occurred_at: int | None, received_at: int | None, now: Callable[[], int] | None) -> None:
    """Undecodable where an event's times (microseconds since 1970 UTC) cannot be true; all edges belong to the good side.

    With a time of receipt the event lies from 10 years before it to 10 minutes after it: no clock is asked, so a
    replay gives the same facts. Without one it lies after 1995 and, where a clock `now` is given, at most 10 minutes after now.
    The time of receipt itself lies between 1995 and 2100 whatever our clock says, since ours may be the wrong one.
    """
    if received_at is not None:
        if not EARLIEST <= received_at < LATEST_RECEIVED:
            raise Undecodable("time_out_of_range", "the time of receipt is not between 1995 and 2100")
        if occurred_at is not None and not received_at - TEN_YEARS <= occurred_at <= received_at + LEAD:
            raise Undecodable(
                "time_out_of_range", "the event is over 10 years older, or over 10 minutes younger, than its receipt"
            )
    elif occurred_at is not None:
        if occurred_at < EARLIEST:
            raise Undecodable("time_out_of_range", "the event is older than 1995")
        if now is not None and occurred_at > now() + LEAD:
            raise Undecodable("time_out_of_range", "the event is more than 10 minutes in the future")


def check_times_of_many(occurred_at: Column, received_at: Column, now: Callable[[], int] | None, odd: Odd) -> None:
    """The same of many events, whose places are odd where their times cannot be true."""
    if not (all(occurred_at) and all(received_at)):  # looking for None among numbers is dearer
        for place, times in enumerate(zip(occurred_at, received_at, strict=True)):
            try:
                check_times(*times, now)
            except Undecodable:
                odd.add(place)
        return
    received = np.array(received_at, np.int64)
    ages = received - np.array(occurred_at, np.int64)
    wrong = (received < EARLIEST) | (received >= LATEST_RECEIVED) | (ages < -LEAD) | (ages > TEN_YEARS)
    odd.update(np.flatnonzero(wrong).tolist())
