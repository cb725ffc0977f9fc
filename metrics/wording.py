"""Readings in plain words: what a verdict is called, why it was given, figures as people read them. One wording for the
page and the terminal; laying it out is left to them (`dashboards.page`, `metrics.printing`)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal, NamedTuple

from metrics.catalogue import ALL
from metrics.snapshot import PublishedReading, Reason, Snapshot, TargetInfo, Unit, Verdict

Word = Literal["missed", "cannot be told", "no data", "not yet", "hidden", "does not apply", "watched", "met"]

# Worst first. Four words for four kinds of not knowing: one word for all of them is how "no data" gets read as "fine".
MEANINGS: dict[Word, str] = {
    "missed": "the whole range of what is possible lies on the wrong side of the target",
    "cannot be told": "what was seen does not decide whether the target is met",
    "no data": "there is nothing to judge yet; this is neither good nor bad news",
    "not yet": "people still have time, or late events may still come in",
    "hidden": "so few people stand behind it that showing it could give somebody away",
    "does not apply": "the question makes no sense for these messages",
    "watched": "shown without being judged, as no target value is set",
    "met": "the whole range of what is possible lies on the right side of the target",
}

# For somebody who runs communication, not computers.
REASONS: dict[Reason, str] = {
    "no_data": "Nothing of this kind was sent or raised in the period, or no event about it has come in.",
    "no_audience": "Nobody has said whom these messages are meant for, so there is nothing to divide by.",
    "no_value": "Nothing is known of them that would answer the question, or there is nothing to compare them with.",
    "not_applicable": "The question makes no sense for these messages; or it is about feedback, which belongs to no group of people.",
    "no_target": "No target value is set, so it is shown and not judged.",
    "no_baseline": "The target goes by its own past, and nothing has been published of the period before yet.",
    "too_few": "Fewer people or messages than the target wants to see before it is judged.",
    "gap": "Part of the events was lost before it could be read; it might have changed the answer.",
    "straddles": "The target lies inside the range of what is possible, so it may be met or missed.",
    "chance": "By itself it would be missed, but of so many parts some fall as short by chance alone.",
    "window_open": "People still have time: the window of these messages has not closed.",
    "not_settled": "The window has closed, but late events may still come in.",
    "hidden": "Too few people to show a figure without giving somebody away.",
}

FALLING = "Falling: the latest messages are worse than their own history makes likely."

_OF_VERDICT: dict[Verdict, Word] = {
    "met": "met",
    "missed": "missed",
    "undetermined": "cannot be told",
    "immature": "not yet",
    "suppressed": "hidden",
}
_OF_UNDETERMINED: dict[Reason, Word] = {
    "no_data": "no data",
    "not_applicable": "does not apply",
    "no_target": "watched",
}


class Definition(NamedTuple):
    """What an indicator asks and how it is computed, in plain words."""

    question: str
    formula: str


def word_of(reading: PublishedReading) -> Word:
    word = _OF_VERDICT[reading.verdict]
    return _OF_UNDETERMINED.get(reading.reason, word) if reading.verdict == "undetermined" else word


def why(reading: PublishedReading, target: TargetInfo) -> str:
    """A few sentences: what decided the verdict, what would settle it where it is open, and what was assumed."""
    if reading.verdict in ("met", "missed"):
        sentences = [_decided(reading, target)]
    else:
        sentences = [REASONS[reading.reason] if reading.reason else "", reading.settle]
    sentences += [reading.note, reading.target_from, _outlook(reading, target), FALLING if reading.falling else ""]
    if target.assume == "missing_at_random" and reading.value is not None:
        sentences.append("It is assumed that those who could not be seen did as the others.")
    return " ".join(filter(None, sentences))


def signs(reading: PublishedReading) -> tuple[str, ...]:
    """What stands beside a verdict, and is none."""
    return tuple(word for word, holds in (("at risk", reading.at_risk), ("falling", reading.falling)) if holds)


def _outlook(reading: PublishedReading, target: TargetInfo) -> str:
    """Where what is still open will end."""
    ahead = reading.ahead
    if ahead is None:
        return ""
    who = f"At risk: {ahead.message or 'it'}" if reading.at_risk else ahead.message or "It"
    ends = f"{figure(ahead.lower, 'ratio')} to {figure(ahead.upper, 'ratio')}"
    side = f", {'below' if target.direction == 'at_least' else 'above'} the target" if reading.at_risk else ""
    held = f"such a range held for {ahead.covered * 100:.0f} % of them"
    return (
        f"{who} will probably end at {ends}{side}, by how {ahead.earlier} earlier messages went on from there ({held})."
    )


def _decided(reading: PublishedReading, target: TargetInfo) -> str:
    highest = target.direction == "at_least"
    met = reading.verdict == "met"
    # At least: met by the lower end, missed by the upper one. At most: the other way round.
    bound, end = (reading.lower, "lower") if met == highest else (reading.upper, "upper")
    if bound is None:
        done = "answered" if reading.of == "items" else "reached"
        return f"In all the time they were given, not even half of them were {done}." if _is_endless(reading) else ""
    told = figure(bound, reading.unit, reading.target_value)
    side = target_text(target, reading.target_value) if met else f"{'below' if highest else 'above'} the target"
    if not met and reading.target_value is not None and reading.target_value != target.value:
        side += f", {figure(reading.target_value, reading.unit)}"
    if reading.lower == reading.upper and not reading.coarse:
        return f"At {told} it is {side}; nothing about it is unknown."
    return f"Even the {end} end of the range, {told}, is {side}."


def figure(value: float, unit: Unit, beside: float | None = None) -> str:
    """`68.2 %` or `7.3 h`. Where rounding would make it look equal to the figure `beside` it, with more digits."""
    for digits in (1, 2, 3):
        text = _rounded(value, unit, digits)
        if beside is None or value == beside or text != _rounded(beside, unit, digits):
            return text
    return text


def _rounded(value: float, unit: Unit, digits: int) -> str:
    if unit == "ratio":
        return f"{value * 100:.{digits}f} %"
    if value < 3600:
        return f"{value / 60:.{digits - 1}f} min"
    return f"{value / 3600:.{digits}f} h"


def value_text(reading: PublishedReading) -> str:
    if reading.value is not None:
        coarse = _coarse_word(reading) if reading.unit == "ratio" else ""
        return f"{coarse}{figure(reading.value, reading.unit, reading.target_value)}"
    # From "at once" on: more than half could not be seen, and nobody can say that it was not reached.
    return "not reached" if _is_endless(reading) or (reading.unit == "seconds" and reading.lower) else "-"


def _is_endless(reading: PublishedReading) -> bool:
    """Whether even the lower end is a time that was not reached, which is published as none."""
    return reading.unit == "seconds" and reading.lower is None and reading.numerator is not None


def range_text(reading: PublishedReading) -> str:
    """`66.1 to 70.3 %`: the unit once where both ends share it."""
    if reading.lower is None:
        return "not reached" if _is_endless(reading) else "-"
    lower = figure(reading.lower, reading.unit, reading.target_value)
    if reading.upper is None:
        return f"{lower} or more"
    if reading.upper == reading.lower:
        return lower
    upper = figure(reading.upper, reading.unit, reading.target_value)
    number, _, sign = lower.partition(" ")
    return f"{number} to {upper}" if upper.endswith(" " + sign) else f"{lower} to {upper}"


def target_text(target: TargetInfo, value: float | None = None) -> str:
    """What a reading should be. `value`: of a single reading, where that is not the same for all."""
    direction = "at least" if target.direction == "at_least" else "at most"
    wanted = target.value if value is None else value
    if wanted is None:
        return f"{direction} {target.goes_by}" if target.goes_by else "no target"
    clock = " of working time" if target.unit == "seconds" and "working" in target.window else ""
    return f"{direction} {figure(wanted, target.unit)}{clock}"


def people_text(reading: PublishedReading) -> str:
    if reading.denominator is None:
        return "-"
    of = "" if reading.of == "people" else f" {reading.of}"
    if reading.numerator is None:
        return f"{reading.denominator:,}{of}"
    return f"{_coarse_word(reading)}{reading.numerator:,} of {reading.denominator:,}{of}"


def often_text(reading: PublishedReading) -> str:
    """How often a person is counted, where that is more than once; else ""."""
    many = reading.messages > 1 and reading.of == "people"
    return f"each once for each of {reading.messages:,} messages" if many else ""


def choice_text(target: TargetInfo) -> str:
    """Which of its messages a target per message shows; else ""."""
    return "of its messages the one that settled last, else the youngest" if target.period == "message" else ""


def _coarse_word(reading: PublishedReading) -> str:
    return {"": "", "at_most": "at most ", "at_least": "at least "}[reading.coarse]


def maturity_text(reading: PublishedReading) -> str:
    # Rounded down: 100 % is said only where every window has closed.
    return "-" if reading.maturity is None else f"{int(reading.maturity * 100)} %"


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


_ORDER = {word: place for place, word in enumerate(MEANINGS)}


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
        f"Of {_count(judged, 'target')} {missed} {_are(missed)} missed, {met} {_are(met)} met "
        f"and {judged - missed - met} cannot be judged yet."
    )
    return f"{told} {watched} more {_are(watched)} watched without a target value." if watched else told


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def scope_text(reading: PublishedReading) -> str:
    parts = [] if reading.channel == ALL else [reading.channel]
    if reading.segment != ALL:
        parts.append(reading.segment)
    if reading.message is not None:
        parts.append(reading.message)
    return ", ".join(parts) or "everybody"


def moment_text(microseconds: int, zone: tzinfo) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def age_text(microseconds: int) -> str:
    """How long ago, in one unit: `less than a minute`, `3 minutes`, `5 hours`, `12 days`."""
    seconds = max(microseconds, 0) // 1_000_000
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            return _count(seconds // size, unit)
    return "less than a minute"
