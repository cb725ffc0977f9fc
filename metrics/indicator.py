"""What every indicator declares and computes. The indicators themselves stand one a file in `metrics.indicators`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from config.duration import Span
from metrics.era import Era
from metrics.figures import Method
from metrics.item import ItemQuestion
from metrics.reading import Cells, Delays, Direction, Judge, State, States
from metrics.rosters import Persons
from metrics.snapshot import Of, Unit
from metrics.trust import Tally
from metrics.view import Judged, View

OF_NOBODY: frozenset[Of] = frozenset({"items", "messages", "facts", "readings"})
"""What is counted and belongs to no segment of people."""


def always(_: View) -> bool:
    """The indicator makes sense for every message."""
    return True


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """`code`: its place in the published catalogue (F2). `question` and `formula`: plain words, the same in the manual.

    `window`: the default; None where the message's own due date rules. `due`: a message's `due_at` closes the window (where
    the target names none). `owed`: everybody owes it whatever the group, so that a breakdown is judged by `count` too.
    `grows`: the numerator can only grow and the denominator is the audience, so that a target may be met early.
    `needs`: actions of which a source has to show one. `classify` gives the states that are counted, `delays` the times as
    well where the unit is seconds; both are given the view and the moment (seconds) at which the window closes. `sums`: what those who
    stand in H come to besides, given messages judged as one and all their people (dense numbers, sorted), shape (people, width).
    `since`: the moment at which each did what puts them in H, NEVER where nobody knows; without it there is no forecast. `held`: those
    held out of the message, as a view, and their states, where it compares with them: `extra` counts them. `method`: from counts to
    figures, where it is neither a share nor a median; `of`: what the denominator counts.

    One over a whole period has `over` in the place of `classify`: from the period to counts, by the `marks` of its messages (a name
    in braces is one of the configuration's: `rated:{alignment_question}`). One of feedback items has `items`. `periods`: those it
    makes sense for; empty: any class of messages. `between_segments`: about how far the segments of another one differ, by a
    method that is given when it is asked.
    `answers`: whether it reads what people answered; `attention`: how long they looked. `by_subject`: it speaks of one goal or topic at a
    time, be there messages about it or not; `least_known`: of the goal that fewest know.

    `judge`: which question it answers where nothing is broken down and no target says. `seen_by_opening`: of whom it counts an opening at
    the least is looked for, so that its upper end is widened by what `detected` leaves open. `by_verdict`: it counts messages, by their
    verdicts on the targets of their own purpose. `by_age`: it counts messages, by whether their window has closed. `facts`: how many of a
    day's facts count. `of_readings`: it is about what is published.
    """

    id: str
    code: str
    title: str
    question: str
    formula: str
    unit: Unit
    level: Literal["output", "out-take", "outcome", "trust"]
    direction: Direction
    window: Span | None
    needs: frozenset[str]
    applies: Callable[[View], bool] = always
    classify: Callable[[View, int], States] | None = None
    delays: Callable[[View, int, bool], Delays] | None = None
    sums: Callable[[Judged, Persons], NDArray[np.int64]] | None = None
    since: Callable[[View], NDArray[np.int64]] | None = None
    held: Callable[[View, int], tuple[View, States]] | None = None
    method: Method | None = None
    of: Of = "people"
    over: Callable[[Era], Cells | None] | None = None
    marks: tuple[str, ...] = ()
    items: ItemQuestion | None = None
    periods: tuple[str, ...] = ()
    between_segments: bool = False
    answers: bool = False
    attention: bool = False
    judge: Judge = "count"
    seen_by_opening: bool = False
    by_subject: bool = False
    by_verdict: bool = False
    by_age: bool = False
    facts: Callable[[Tally], int] | None = None
    of_readings: bool = False
    least_known: bool = False
    due: bool = False
    owed: bool = False
    grows: bool = False
    start_target: float | str | None = None

    @property
    def by_messages(self) -> bool:
        """Whether chance, where it counts, lies between messages: not between the people of a whole period, feedback items or days."""
        return self.over is None and self.items is None and self.facts is None and not self.of_readings


Mask = NDArray[np.bool_]


def states_of(
    *,
    human: Mask,
    proxy: Mask | None = None,
    likely: Mask | None = None,
    scanner: Mask | None = None,
    blind: Mask | None = None,
    counted: Mask,
) -> States:
    """Everybody in the first state that holds (None: it holds for nobody); those not `counted` are out. All shapes (audience,)."""
    # By how far a state is better than none, so that the best is the largest: several times as fast as writing through masks.
    better = np.zeros(len(human), dtype=np.uint8)
    for mask, state in (
        (blind, State.U),
        (scanner, State.S),
        (likely, State.S_LIKELY),
        (proxy, State.P),
        (human, State.H),
    ):
        if mask is not None:
            np.maximum(better, mask.view(np.uint8) * np.uint8(State.NOT - state), out=better)
    return np.where(counted, np.uint8(State.NOT) - better, np.uint8(State.OUT))
