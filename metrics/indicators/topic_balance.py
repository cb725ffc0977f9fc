"""Q9 `topic_balance`: how far people's reading is from the plan."""

import numpy as np

from config.duration import Span
from metrics.era import Era
from metrics.figures import NOTHING, Figures, Question
from metrics.indicator import Indicator
from metrics.reading import Cells, Found, State

_SHOWN_BY = frozenset({"read", "attended"})


_WHOLE = 10**15  # what shares of the plan are counted in, beside whole seconds


def over(era: Era) -> Cells | None:
    """Everybody's seconds by topic of the plan, in its order, then by none of them; and the plan beside it."""
    topics = [*sorted(era.settings.plan), None]
    seconds = np.zeros((era.size, len(topics)), dtype=np.int64)
    for footprint in era.messages:
        topic = footprint.message.topic if footprint.message.topic in era.settings.plan else None
        seconds[:, topics.index(topic)] += np.maximum(era.spread(footprint, "engaged"), 0)
    states = np.where(seconds.sum(axis=1) > 0, State.H, State.OUT).astype(np.uint8)
    cells = era.sum(states, seconds)
    plan = np.array([round(era.settings.plan.get(topic or "", 0.0) * _WHOLE) for topic in topics], dtype=np.int64)
    beside = {name: np.hstack([table, np.tile(plan, (len(table), 1))]) for name, table in cells.extra.items()}
    return Cells(cells.values, cells.counts, extra=beside)


def figure(found: Found, _: Question) -> Figures:
    """Total variation distance: half of what the shares differ by."""
    read, plan = found.extra.reshape(len(found.extra), 2, -1).sum(axis=0)
    if not read.sum() or not plan.sum():
        return NOTHING
    value = float(np.abs(read / read.sum() - plan / plan.sum()).sum() / 2)
    return Figures(value, value, value, (value, value))


INDICATOR = Indicator(
    id="topic_balance",
    code="Q9",
    title="Balance of topics",
    question="Do people read about what we mean them to read about?",
    formula="half the sum of the differences between the topics' shares of reading time and those of the plan: 0 as planned, 1 nothing of "
    "it; messages about none of the plan's topics are a topic of their own",
    unit="ratio",
    level="output",
    direction="at_most",
    window=Span(5, "days", working=True),
    needs=_SHOWN_BY,
    over=over,
    marks=("engaged",),
    method=figure,
    periods=("rolling", "month", "quarter"),
    attention=True,
    start_target=0.20,
)
