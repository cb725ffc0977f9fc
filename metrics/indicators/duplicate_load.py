"""F8 `duplicate_load`: deliveries of what the person had been sent in the week before."""

import numpy as np

from config.duration import Span
from metrics.era import NOT_DELIVERED, Era, Footprint
from metrics.indicator import Indicator
from metrics.messages import Message
from metrics.reading import Cells

_WEEK_US = 7 * 86_400 * 1_000_000


def over(era: Era) -> Cells:
    """Reminders are no duplicates: they are tagged as what they are, and left out."""
    duplicates = np.zeros(era.size, dtype=np.int64)
    others = np.zeros(era.size, dtype=np.int64)
    for footprint in era.messages:
        if footprint.message.reminder_of is None:
            got = era.spread(footprint, "delivery") > NOT_DELIVERED
            before = _got_before(era, footprint)
            duplicates += got & before
            others += got & ~before
    return era.count_deliveries(duplicates, others)


def _got_before(era: Era, footprint: Footprint) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    before = np.zeros(era.size, dtype=np.bool_)
    for other in era.around:
        if _is_earlier(other.message, footprint.message) and _is_same(other.message, footprint.message):
            before |= era.spread(other, "delivery") > NOT_DELIVERED
    return before


def _is_earlier(one: Message, other: Message) -> bool:
    first, then = (one.sent_at or 0, one.id), (other.sent_at or 0, other.id)
    return first < then and then[0] - first[0] <= _WEEK_US


def _is_same(one: Message, other: Message) -> bool:
    campaign = one.campaign is not None and one.campaign == other.campaign
    return campaign or (one.content_id is not None and one.content_id == other.content_id)


INDICATOR = Indicator(
    id="duplicate_load",
    code="F8",
    title="Duplicates",
    question="How much of what people get have they been sent already?",
    formula="deliveries to people who were delivered an earlier message of the same campaign or content in the 7 days before / deliveries; "
    "reminders count in neither",
    unit="ratio",
    level="output",
    direction="at_most",
    window=Span(24, "hours"),
    needs=frozenset({"delivered"}),
    over=over,
    marks=("delivery",),
    of="deliveries",
    periods=("rolling", "week", "month", "quarter"),
    start_target=0.10,
)
