"""Readings in plain words: what a verdict is called, and why it was given. One wording for the page and the terminal; laying it out is
left to them (`dashboards.page`, `metrics.printing`), figures to `spelling`, the order of targets to `standings`."""

from typing import Literal, NamedTuple

from metrics.catalogue import ALL
from metrics.snapshot import PublishedReading, Reason, TargetInfo, Verdict
from metrics.spelling import figure, is_endless, target_text, works

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
    "before_start": "It was sent, or some of it was, before the first event that was there to be read; what happened earlier nobody knows.",
    "one_message": "Only one message counts, and one alone does not show how far messages differ.",
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
    if reading.stands_since:
        sentences.append(f"These are the figures of {reading.stands_since}: newer ones would tell of a few people.")
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
        return f"In all the time they were given, not even half of them were {done}." if is_endless(reading) else ""
    told = figure(bound, reading.unit, reading.target_value, working=works(target))
    side = target_text(target, reading.target_value) if met else f"{'below' if highest else 'above'} the target"
    if not met and reading.target_value is not None and reading.target_value != target.value:
        side += f", {figure(reading.target_value, reading.unit, working=works(target))}"
    if reading.lower == reading.upper and not reading.coarse:
        return f"At {told} it is {side}; nothing about it is unknown."
    return f"Even the {end} end of the range, {told}, is {side}."


def scope_text(reading: PublishedReading) -> str:
    parts = [] if reading.channel == ALL else [reading.channel]
    if reading.segment != ALL:
        parts.append(reading.segment)
    if reading.message is not None:
        parts.append(reading.message)
    return ", ".join(parts) or "everybody"
