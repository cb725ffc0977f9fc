"""A coarsened reading against its target: the verdict, with the reason and what would settle an open one.
Source: indicators.md, section 5; the first row that holds decides."""

from dataclasses import dataclass

from scipy.special import stdtrit

from metrics.bounds import NOT_REACHED
from metrics.disclosure import FEW, Disclosed
from metrics.reading import Direction, Reading
from metrics.snapshot import Reason, Verdict

Judgement = tuple[Verdict, Reason]


@dataclass(frozen=True)
class Aim:
    """What a reading is held against. `value` in the indicator's unit, None where the target is only watched.
    `grows`: the numerator can only grow, and over the audience, so that a lower bound once reached stands. `without`: why there is
    no value, where there is none; `said`: where it comes from, in a sentence, where that is not plain. `by_messages`: a class is judged as
    a process, so that how far its messages differ is part of the question."""

    value: float | None
    direction: Direction
    grows: bool
    minimum_people: int = 0
    without: Reason = "no_target"
    said: str = ""
    by_messages: bool = False


def judge(reading: Reading, disclosed: Disclosed, aim: Aim) -> Judgement:
    """The verdict on one reading, and the reason where it is neither met nor missed."""
    if disclosed.hidden:
        return "suppressed", "hidden"
    nothing = _nothing_to_judge(reading, disclosed, aim)
    if nothing is not None:
        return nothing
    if not len(reading.units):
        return "immature", "not_settled"
    assert aim.value is not None
    reached = _holds(disclosed, aim.value, aim.direction)
    final = reading.settled or (aim.direction == "at_least" and aim.grows)
    alone = hangs_on_one(reading, aim)
    if reached is True and final and not alone:
        return "met", ""
    if not reading.settled:
        return "immature", "not_settled" if reading.closed else "window_open"
    if reading.gap:
        return "undetermined", reading.gap
    if alone:
        return "undetermined", "one_message"
    return ("missed", "") if reached is False else ("undetermined", "straddles")


def hangs_on_one(reading: Reading, aim: Aim) -> bool:
    """Whether a process would be judged by one message, which says nothing of how far messages differ."""
    return aim.by_messages and reading.counting == 1


def _nothing_to_judge(reading: Reading, disclosed: Disclosed, aim: Aim) -> Judgement | None:
    reason: Reason = ""
    if reading.units_all == 0:
        reason = reading.nothing
    elif aim.value is None:
        reason = aim.without
    elif len(reading.units) and (disclosed.lower is None or _says_nothing(disclosed)):
        reason = "no_value"
    elif len(reading.units) and reading.people < aim.minimum_people:
        reason = "too_few"
    return ("undetermined", reason) if reason else None


def _says_nothing(disclosed: Disclosed) -> bool:
    """Nobody was seen (or too few to say) and anything is possible: the sources cannot show this."""
    if disclosed.value is not None or disclosed.parts.U is None or disclosed.denominator is None:
        return False
    return disclosed.denominator - disclosed.parts.U <= FEW


def _holds(disclosed: Disclosed, value: float, direction: Direction) -> bool | None:
    """True where the bounds lie on the good side of the target, False on the bad, None across it."""
    assert disclosed.lower is not None
    assert disclosed.upper is not None
    if direction == "at_least":
        return True if disclosed.lower >= value else False if disclosed.upper < value else None
    return True if disclosed.upper <= value else False if value < disclosed.lower else None


def settling(reading: Reading, disclosed: Disclosed, aim: Aim) -> str:
    """In a sentence, what would settle a reading that hangs on one message, or whose bounds lie across the target; "" where nobody can
    say."""
    if hangs_on_one(reading, aim):
        return "It can be judged once a second message counts."
    value, lower, upper = disclosed.value, disclosed.lower, disclosed.upper
    if aim.value is None or lower is None or upper is None or reading.measured is None:
        return ""
    low, high = reading.measured
    if low < aim.value <= high or value is None:
        if reading.of == "items":
            return "It depends on those that are still open."
        return "Only seeing more of them would settle it: those who could not be seen decide."
    noun = {"items": "item", "facts": "day"}.get(reading.of, "message")
    if NOT_REACHED in (upper, value) or len(reading.units) < 2:
        return f"More {noun}s like these would settle it."
    # Only the part of the range that chance has is narrowed by more of them: from what was measured to the end across the target.
    near, end = (high, upper) if high < aim.value else (low, lower)
    wider = abs(end - near) / max(abs(aim.value - near), 1e-9)
    if wider > 10:
        return f"More {noun}s will hardly settle it: the value is next to the target."
    more = _how_many_more(len(reading.units), wider)
    return f"About {more} more {noun}{'s' if more > 1 else ''} like these would settle it."


def _how_many_more(messages: int, wider: float) -> int:
    """Until an interval that reaches so many times too far has narrowed: with the square root of the number of messages, and with
    Student's quantile. (Of two messages the latter is that of three: their interval is mostly that of the people.)"""
    more = 1
    while wider * _quantile(messages + more) * (messages / (messages + more)) ** 0.5 > _quantile(messages):
        more += 1
    return more


def _quantile(messages: int) -> float:
    return float(stdtrit(max(messages - 1, 2), 0.975))
