"""How often chance alone raises an alarm: the same judgements of the same people again, many times, with a truth that just meets the target
and messages that differ as these did. Which judgements there were is left to `rehearse`."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from scipy.stats import binom, false_discovery_control

from metrics.bounds import TAIL, chances_below
from metrics.change import FALSE_DISCOVERIES
from metrics.reading import Direction, Members, Reading, State, denominators

USUAL_SPREAD = (
    0.06  # between messages, as a standard deviation of their true shares: in the middle of what was measured
)
_FEWEST = 6  # messages that say how much they differ
_DRAWS = 400

Amounts = NDArray[np.int64]
Flags = NDArray[np.bool_]
Period = tuple[int, int]


@dataclass(frozen=True)
class Judged:
    """A reading that was judged, and the target it was held against. `at`: the number of its day; `alone`: a message on its own;
    `period`: of people over whole periods, the first and the last day of its own."""

    at: int
    reading: Reading
    aim: float
    alone: bool
    period: Period | None = None


@dataclass(frozen=True)
class Rule:
    """How a target judges: what is better, whether those unseen are left out, and whether its parts are held to a rate of false ones.
    `blind_share`: of those who do it, how many leave no trace, as far as anybody knows."""

    direction: Direction
    missing_at_random: bool
    parts: bool
    blind_share: float = 0.0


def draw_shares(
    dice: np.random.Generator, level: float, size: tuple[int, int], spread: float = USUAL_SPREAD
) -> NDArray[np.float64]:
    """True shares of messages around a level, as far apart as that level lets them be."""
    possible = level * (1 - level) - 1e-9
    variance = min(spread**2, max(possible, 0.0) * 0.5)
    if variance <= 0:
        return np.full(size, level)
    strength = level * (1 - level) / variance - 1
    return dice.beta(level * strength, (1 - level) * strength, size=size)


def find_spread(counts: Amounts, people: Amounts) -> float:
    """By how much the true shares of messages differ, told from each and the one before it, so that a fall counts once and no more.
    Both of one length, in order of time."""
    counts, people = counts[people > 0], people[people > 0]
    if len(people) < _FEWEST:
        return USUAL_SPREAD
    shares, level = counts / people, counts.sum() / people.sum()
    by_chance = level * (1 - level) * float((1 / people).mean())
    variance = float((np.diff(shares) ** 2).mean()) / 2 - by_chance
    return float(max(variance, 0.0) ** 0.5)


def find_chance(judged: Sequence[Judged], rule: Rule, spread: float, *, seed: str) -> tuple[Amounts, Amounts]:
    """How many alarms, and how many missed judgements, in each of the draws. `spread`: between messages; of whole periods nothing."""
    drawn = _Draws(judged, spread, seed)
    standing: Mapping[str, Flags] = {}
    alarms, missed, last = np.zeros(_DRAWS, dtype=np.int64), np.zeros(_DRAWS, dtype=np.int64), 0
    for at, together in _by_time(judged):
        # Whoever is not judged for once has no alarm then: the next one is a new one.
        standing = standing if at == last + 1 else {}
        chances = np.array([drawn.chances(each, rule) for each in together])
        beyond = chances < TAIL
        if rule.parts:
            beyond &= false_discovery_control(chances, axis=0) <= FALSE_DISCOVERIES
        for each, flags in zip(together, beyond, strict=True):
            before = standing.get(each.reading.segment)
            alarms += flags if before is None or each.alone else flags & ~before
            missed += flags
        last, standing = at, {each.reading.segment: flags for each, flags in zip(together, beyond, strict=True)}
    return alarms, missed


def _by_time(judged: Iterable[Judged]) -> list[tuple[int, list[Judged]]]:
    found: dict[int, list[Judged]] = {}
    for each in judged:
        found.setdefault(each.at, []).append(each)
    return sorted(found.items())


class _Draws:
    """What everybody might have done; what was drawn of a message once stands in all readings that it has a part in, and what was drawn of
    a day in all periods of a segment that it lies in."""

    def __init__(self, judged: Sequence[Judged], spread: float, seed: str) -> None:
        names = sorted({members for each in judged for members in each.reading.members})
        self._place = {members: place for place, members in enumerate(names)}
        self._spread = spread
        self._seed = zlib.crc32(seed.encode())
        self._dice = np.random.default_rng((self._seed, 1))
        self._shares: dict[float, NDArray[np.float64]] = {}
        self._seen: dict[tuple[str, Members, int, float], Amounts] = {}
        self._chances: dict[tuple[str, float, float, tuple[Members, ...], Period | None], NDArray[np.float64]] = {}
        self._days: dict[str, NDArray[np.float64]] = {}
        periods = [each.period for each in judged if each.period is not None]
        self._first = min((first for first, _ in periods), default=0)
        self._last = max((last for _, last in periods), default=0)

    def chances(self, each: Judged, rule: Rule) -> NDArray[np.float64]:
        """Of each draw, how likely it is to fall as short."""
        key = (each.reading.segment, each.aim, each.reading.blind_share, each.reading.members, each.period)
        if key not in self._chances:
            self._chances[key] = self._find_chances(each, rule)
        return self._chances[key]

    def _find_chances(self, each: Judged, rule: Rule) -> NDArray[np.float64]:
        counts, aim = each.reading.units, each.aim
        people, unseen = denominators(counts), counts[:, State.P] + counts[:, State.U]
        hidden = unseen + counts[:, State.S_LIKELY]
        if rule.missing_at_random:
            # Whoever says only who did it is no picture of the rest.
            telling = True if each.reading.telling is None else each.reading.telling
            people, hidden = np.where(telling, people - unseen, 0), np.zeros_like(people)
        traced = 1.0 if rule.missing_at_random else 1 - rule.blind_share
        seen = np.array(
            [
                self._seen_of(each.reading.segment, members, int(number), aim, traced)
                if each.period is None
                else binom.ppf(self._rank(each.reading.segment, each.period), number, traced * aim)
                for members, number in zip(each.reading.members, people - hidden, strict=True)
            ]
        ).T
        if rule.direction == "at_most":
            return chances_below(people - seen, people, 1 - aim)
        widened = 1.0 if rule.missing_at_random else 1 - each.reading.blind_share
        return chances_below(seen + hidden, people, aim * widened)

    def _seen_of(self, segment: str, members: Members, people: int, aim: float, traced: float) -> Amounts:
        key = (segment, members, people, aim)
        if key not in self._seen:
            if aim not in self._shares:
                dice = np.random.default_rng((self._seed, 2))
                self._shares[aim] = draw_shares(dice, aim, (len(self._place), _DRAWS), self._spread)
            self._seen[key] = self._dice.binomial(people, traced * self._shares[aim][self._place[members]])
        return self._seen[key]

    def _rank(self, segment: str, period: Period) -> NDArray[np.float64]:
        """Of each draw, which share of all draws does less in this period: of two periods the more alike, the more days they share."""
        if segment not in self._days:
            dice = np.random.default_rng((self._seed, 3, zlib.crc32(segment.encode())))
            self._days[segment] = dice.standard_normal((self._last - self._first + 1, _DRAWS))
        first, last = period
        days = self._days[segment][first - self._first : last - self._first + 1]
        rank: NDArray[np.float64] = ndtr(days.sum(axis=0) / len(days) ** 0.5)
        return rank
