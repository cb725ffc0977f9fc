"""The parts of one target beside each other: of many, a few fall short by chance, and as many are called missed as keep the expected share
of wrong ones among them low. What each part is by itself is left to `targets`."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from config.schema import Target
from metrics.bounds import NOT_REACHED, chance_below
from metrics.change import hold_to_rate
from metrics.reading import Reading, State, denominators
from metrics.snapshot import PublishedReading
from metrics.targets import Aim

_NORMAL = 1.959963984540054  # standard deviations from the middle of a 95 % interval to its end


def chance_of(reading: Reading, aim: Aim, *, missing_at_random: bool) -> float:
    """How likely a part is to fall as far short as this one, judged as a process, where it just meets its target."""
    assert aim.value is not None
    if not reading.is_share:
        return _by_interval(reading, aim.value, at_least=aim.direction == "at_least")
    people, human = denominators(reading.units), reading.units[:, State.H]
    hidden = reading.units[:, State.P] + reading.units[:, State.U]
    if missing_at_random:
        return _short(human, people - hidden, aim.value, at_least=aim.direction == "at_least")
    if aim.direction == "at_most":
        return _short(human, people, aim.value, at_least=False)
    possible = human + hidden + reading.units[:, State.S_LIKELY]
    return _short(possible, people, aim.value * (1 - reading.blind_share), at_least=True)


def _short(counts: NDArray[np.int64], people: NDArray[np.int64], share: float, *, at_least: bool) -> float:
    return chance_below(counts, people, share) if at_least else chance_below(people - counts, people, 1 - share)


def _by_interval(reading: Reading, value: float, *, at_least: bool) -> float:
    """Of times and means, as if they lay evenly around their value: by the end of their interval on the target's side."""
    bound, sign = (reading.upper, 1) if at_least else (reading.lower, -1)
    if reading.value is None or bound is None or NOT_REACHED in (reading.value, bound):
        missed = bound is not None and sign * (value - bound) > 0
        return 0.0 if missed else 1.0
    distance, reach = sign * (value - reading.value), sign * (bound - reading.value)
    if reach <= 0:
        return 0.0 if distance > 0 else 1.0
    return float(ndtr(-_NORMAL * distance / reach))


def hold_siblings(parts: Sequence[PublishedReading], chances: Sequence[float]) -> list[PublishedReading]:
    """The parts with their verdicts; of those missed by themselves only as many as survive among all."""
    kept = hold_to_rate(chances)
    return [
        msgspec.structs.replace(part, verdict="undetermined", reason="chance")
        if part.verdict == "missed" and not stands
        else part
        for part, stands in zip(parts, kept, strict=True)
    ]


def one_a_series(readings: Sequence[tuple[Target, Reading]]) -> list[tuple[Target, Reading]]:
    """A target per message has one series a segment: the message that settled last, else the youngest."""
    chosen: dict[tuple[str, str, str], tuple[Target, Reading]] = {}
    for target, reading in readings:
        key = (reading.target, reading.channel, reading.segment)
        standing = chosen.get(key)
        if standing is None or _rank(reading) >= _rank(standing[1]):
            chosen[key] = (target, reading)
    return list(chosen.values())


def _rank(reading: Reading) -> tuple[bool, int, str]:
    return reading.settled, reading.settled_at, reading.message or ""
