"""What of one message's reading may be told, and the verdict on it: for figures that are made of verdicts. Groups hidden for the sake of
others, and what is held back within a day, are left out: they never touch a whole audience alone."""

from collections.abc import Mapping
from math import ceil, floor

from config.duration import Span
from config.schema import Target
from tests.oracle.kinds import MEANS
from tests.oracle.reading import OracleReading

FEW = 3
Range = tuple[float, float]


def verdict(target: Target, reading: OracleReading, *, k: int, working_day: int) -> bool | None:
    """Met, missed, or None: nobody can tell. For targets without an assumption of their own."""
    assert target.assume == "bounds"
    assert target.minimum_people == 0
    bounds = _told(reading, k)
    assert target.value is not None
    wanted = float(target.value.seconds(working_day)) if isinstance(target.value, Span) else float(str(target.value))
    if bounds is None:
        return None
    lower, upper = bounds
    if (target.direction or "at_least") == "at_least":
        return True if lower >= wanted else False if upper < wanted else None
    return True if upper <= wanted else False if lower > wanted else None


def _told(reading: OracleReading, k: int) -> Range | None:
    """The range as published; None where it is hidden, or there is none."""
    if reading.lower is None or reading.upper is None:
        return None
    sizes = [reading.counts["n"]]
    if reading.indicator == "action_effect":
        sizes.append(sum(reading.extra))
    if min(sizes) < k:
        return None
    outward = floor(reading.lower * 1000) / 1000, ceil(reading.upper * 1000) / 1000
    if reading.indicator in MEANS:
        return outward
    low, high = _blurred(reading.counts)
    if reading.indicator == "action_effect":
        names = ("H", "P", "S_likely", "S", "U")
        held = dict(zip(names, reading.extra[:-1], strict=True)) | {"n": sum(reading.extra)}
        other_low, other_high = _blurred(held)
        low, high = (low - other_high + 1) / 2, (high - other_low + 1) / 2
        low, high = floor(low * 1000) / 1000, ceil(high * 1000) / 1000
    else:
        high = _widened(high, reading)
    if (reading.lower, reading.upper) != reading.measured:
        low, high = min(low, outward[0]), max(high, outward[1])
    return low, high


def _widened(high: float, reading: OracleReading) -> float:
    """By those who may leave no trace, in whole per cent."""
    counts, most = reading.counts, reading.measured[1]
    assert most is not None
    possible = (counts["H"] + counts["P"] + counts["U"] + counts["S_likely"]) / counts["n"]
    if most >= 1 or possible == 0:
        return 1.0 if most >= 1 else high
    hidden = ceil(round(100 * (1 - possible / most), 3))
    return min(1.0, high / (1 - hidden / 100))


def _blurred(counts: Mapping[str, int]) -> Range:
    """The least and the most that may have done it, where of no one or two people anything is told: few who did are at most three, few
    who did not at least; few of whom nothing is known count as three."""
    n, done = counts["n"], counts["H"]
    unknown = [max(FEW, counts[sign]) if counts[sign] else 0 for sign in ("P", "S_likely", "S", "U")]
    at_most = done < FEW
    at_least = not at_most and n - done < FEW
    told = FEW if at_most else n - FEW if at_least else done
    rest = n - told - sum(unknown)
    if rest < 0 and not at_most:
        told, at_least = max(told + rest, 0), True
    did_not = rest if rest >= FEW else 0
    scanned = counts["S"] if counts["S"] >= FEW else 0
    return 0.0 if at_most else told / n, 1.0 if at_least else (n - did_not - scanned) / n
