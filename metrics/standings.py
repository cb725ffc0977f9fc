"""How targets stand: each with its readings, worst first, and all of them in a sentence."""

from collections.abc import Sequence
from typing import NamedTuple

from metrics.catalogue import ALL
from metrics.snapshot import PublishedReading, Snapshot, TargetInfo
from metrics.spelling import count
from metrics.wording import MEANINGS, Word, scope_text, word_of

_ORDER = {word: place for place, word in enumerate(MEANINGS)}


class Standing(NamedTuple):
    """How one target stands: its reading for everybody (None: there is none at all) and those of its parts, worst first."""

    target: TargetInfo
    whole: PublishedReading | None
    parts: tuple[PublishedReading, ...]

    @property
    def is_watched(self) -> bool:
        """Whether it has no target value, so that nothing is to be judged, with data or without."""
        return self.target.value is None

    @property
    def word(self) -> Word:
        return "no data" if self.whole is None else word_of(self.whole)


def standings(snapshot: Snapshot) -> list[Standing]:
    """Every target once, worst first."""
    readings: dict[str, list[PublishedReading]] = {}
    for reading in snapshot.readings:
        readings.setdefault(reading.target, []).append(reading)
    found = [_standing(target, readings.get(target.target, [])) for target in snapshot.targets]
    return sorted(found, key=lambda one: (_badness(one.whole, one.target), one.target.target))


def _standing(target: TargetInfo, readings: list[PublishedReading]) -> Standing:
    ranked = sorted(readings, key=lambda one: (_badness(one, target), scope_text(one)))
    # A target split by an attribute has one reading for everybody beside the parts; one without is led by its worst part.
    whole = min(ranked, key=lambda one: (one.segment != ALL, one.channel != ALL), default=None)
    return Standing(target, whole, tuple(one for one in ranked if one is not whole))


def _badness(reading: PublishedReading | None, target: TargetInfo) -> tuple[int, float]:
    """To sort by, worst first: the word, then how far short of the target it is (or, last, beyond it)."""
    if reading is None:
        return _ORDER["no data"], 0.0
    if reading.value is None or not reading.target_value:
        return _ORDER[word_of(reading)], float("-inf")
    short = (reading.target_value - reading.value) / reading.target_value
    return _ORDER[word_of(reading)], -short if target.direction == "at_least" else short


def summary(found: Sequence[Standing]) -> str:
    """One sentence: how many targets are missed, met, not to be judged yet."""
    words = [one.word for one in found if not one.is_watched]
    missed, met = words.count("missed"), words.count("met")
    judged, watched = len(words), len(found) - len(words)
    told = (
        f"Of {count(judged, 'target')} {missed} {_are(missed)} missed, {met} {_are(met)} met "
        f"and {judged - missed - met} cannot be judged yet."
    )
    return f"{told} {watched} more {_are(watched)} watched without a target value." if watched else told


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
