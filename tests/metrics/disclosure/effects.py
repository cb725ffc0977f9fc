"""What a figure that compares with those held out tells somebody who knows how many these are: how many of them did it."""

from typing import NamedTuple

from metrics.snapshot import PublishedReading

# Who did what a message wants is one thing, whether it is told by itself or beside those held out.
DEED = {"action_effect": "action"}
HELD = "action of those held out"
_BLURRED = 3
_DIGITS = 2e-3  # of a difference mapped from -1..1 to 0..1 three are told, rounded outward


class Sides(NamedTuple):
    """Between what the counts of both lie."""

    audience: tuple[float, float]
    held: tuple[float, float]


def sides_of(reading: PublishedReading, held: int, *, by_count: bool) -> Sides:
    """`held`: how many are held out; `by_count`: whether the interval has no part of chance in it."""
    n, did = reading.denominator, reading.parts.H
    assert n is not None
    assert did is not None
    audience: tuple[float, float] = (did, did)
    if did <= _BLURRED:
        audience = (0, did)
    elif did >= n - _BLURRED:
        audience = (did, n)
    return Sides(audience, _held(reading, n, held) if by_count else (0, held))


def _held(reading: PublishedReading, n: int, held: int) -> tuple[float, float]:
    """The upper end is the most that the audience may have done less the least that the others did."""
    parts = reading.parts
    if reading.upper is None or parts.H is None or parts.P is None or parts.S is None or parts.U is None:
        return 0, held
    left = n - parts.H - parts.P - parts.S - parts.U
    most = (n - left - parts.S) / n if left >= _BLURRED else (n - parts.S) / n
    # "At least all but three" leaves all of them.
    mosts = [most, 1.0] if n - parts.H <= _BLURRED else [most]
    low, high = (held * (end - 2 * reading.upper + 1) for end in (min(mosts), max(mosts)))
    high += held * _DIGITS
    if low <= held * _DIGITS:
        return 0, min(max(high, _BLURRED - 1), held)
    return low, held if high >= held - _BLURRED else high
