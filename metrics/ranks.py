"""How hard each message is to read among the organisation's own of its language, by the LIX that the catalogue gives."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import groupby

from metrics.means import ten_thousandths
from metrics.messages import Message


def rank_by_lix(messages: Iterable[Message]) -> Mapping[str, int]:
    """By id, in ten-thousandths: the share of the others sent by then that are easier, those as hard counted half. A message that has
    nothing to be compared with has none."""
    ranks = {}
    known: dict[str | None, list[float]] = {}
    sent = [message for message in messages if message.lix is not None and message.sent_at is not None]
    for _, together in groupby(sorted(sent, key=lambda each: each.sent_at or 0), lambda each: each.sent_at):
        group = list(together)
        for message in group:
            insort(known.setdefault(message.language, []), message.lix or 0.0)
        for message in group:
            easier, others = _place(message.lix or 0.0, known[message.language])
            if others:
                ranks[message.id] = ten_thousandths(easier / others)
    return ranks


def _place(lix: float, known: list[float]) -> tuple[Fraction, int]:
    """Among all of its language, itself included."""
    below, up_to = bisect_left(known, lix), bisect_right(known, lix)
    return below + Fraction(up_to - below - 1, 2), len(known) - 1
