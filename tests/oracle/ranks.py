"""Where a message's LIX stands among the organisation's own of its language."""

from collections.abc import Iterable
from fractions import Fraction

from tests.oracle.catalogue import Message


def rank(message: Message, messages: Iterable[Message]) -> Fraction | None:
    """The share of the others sent by then that are easier, those as hard counted half; None for the first of its language."""
    others = [
        other.lix
        for other in messages
        if other.id != message.id and other.language == message.language
        if other.sent_us <= message.sent_us and other.lix is not None
    ]
    if message.lix is None or not others:
        return None
    easier = sum(2 if lix < message.lix else 1 if lix == message.lix else 0 for lix in others)
    return Fraction(easier, 2 * len(others))
