"""Which questions are about the same people's doings, so that the figures of one hold those of another: whoever opened a message was
reached. What follows from figures is left to `system`."""

from metrics.reading import HELD

SEEN = "\0seen"
"""After a measure: how many of those it counts could be seen, whether they did it or not."""

# By indicator, whose count holds everybody whom it counts itself, where their windows are alike.
_WITHIN = {
    "reach": "addressable",
    "reach_on_time": "reach",
    "time_to_reach": "reach",
    "delivered": "addressable",
    **dict.fromkeys(("opened", "read", "clicked", "response", "acknowledged", "attention", "detected"), "reach"),
    **dict.fromkeys(("comprehension", "usefulness"), "reach"),
}
_ROOT = "addressable"
# What a message wants is done or not, whether it is told by itself or beside those held out.
_DEEDS = {"action_effect": "action"}


def question_of(measure: str) -> str:
    """What is asked about messages, until whenever, is one question; anything else is one for each indicator, all its windows."""
    indicator = indicator_of(measure)
    return _ROOT if indicator in _WITHIN else _DEEDS.get(indicator, indicator)


def windows_of(measure: str) -> str:
    """The same, without other indicators: who was reached in time was reached."""
    indicator = indicator_of(measure)
    return "reach" if indicator in ("reach_on_time", "time_to_reach") else indicator


def indicator_of(measure: str) -> str:
    return measure.partition("|")[0]


def is_told_seen(measure: str) -> bool:
    """Whether it is about messages, one beside the other: where all of one can be seen, whoever cannot be is another's."""
    return question_of(measure) in (_ROOT, *_DEEDS.values())


def is_about_held(measure: str) -> bool:
    """Whether it is about people who are not the audience."""
    return measure.endswith(HELD)


def is_guarded(measure: str) -> bool:
    """How many of a few people can be seen says nothing of what any of them did."""
    return not measure.endswith(SEEN)


def may_hold(one: str, other: str) -> bool:
    """Whether everybody counted under the first measure may stand in the second by what the two mean; that it is so is for the counts to
    say."""
    if one.endswith(SEEN) or one.endswith(HELD) != other.endswith(HELD):
        return False
    if other.endswith(SEEN):
        return other.removesuffix(SEEN) == one
    mine, others = indicator_of(one), indicator_of(other)
    return _DEEDS.get(mine, mine) == _DEEDS.get(others, others) or _around(mine, others)


def _around(indicator: str, other: str) -> bool:
    while indicator in _WITHIN:
        indicator = _WITHIN[indicator]
        if indicator == other:
            return True
    return False
