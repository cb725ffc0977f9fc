"""Q8 `goal_awareness`: the goal that fewest people know."""

from dataclasses import replace

from config.duration import Span
from metrics.awareness import count_aware
from metrics.era import Era, Footprint
from metrics.exposure import EXPOSURES
from metrics.figures import Question, ratio
from metrics.indicator import Indicator
from metrics.reading import Cells


def over(era: Era) -> Cells | None:
    """The goals of the configuration, else those of the messages; of several as little known the first by name. One of which all that was
    said is young waits."""
    spoken = {each.message.goal for each in era.messages if each.message.goal}
    waiting = {each.message.goal for each in era.young} - spoken
    counted = [
        count_aware(replace(era, messages=_about(era, goal)))
        for goal in sorted(era.settings.goals or spoken)
        if goal not in waiting
    ]
    return min(counted, key=_known, default=None)


def _known(cells: Cells) -> float:
    """The share that knows it, as it is published; of which nothing can be said, last."""
    value = ratio(cells.counts[""], Question("count")).value
    return 2.0 if value is None else value


def _about(era: Era, goal: str) -> list[Footprint]:
    return [each for each in era.messages if each.message.goal == goal]


INDICATOR = Indicator(
    id="goal_awareness",
    code="Q8",
    title="The least known goal",
    question="Does everybody know all of our goals?",
    formula="people who met at least 3 messages about the goal that fewest know, within 5 working days of their sending / people employed "
    "all of the period",
    unit="ratio",
    level="out-take",
    direction="at_least",
    window=Span(5, "days", working=True),
    needs=EXPOSURES,
    over=over,
    marks=("exposure",),
    periods=("rolling", "month", "quarter"),
    least_known=True,
    start_target=0.80,
)
