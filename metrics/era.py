"""A period as its indicators see it: the people employed all of it, and what each message of it came to, person by person. Which period
is looked at, and which messages lie in it, is left to `periods`; what a message comes to, to `marks`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from config.schema import IndicatorSettings
from metrics.cells import Classed, Segments, count
from metrics.clock import Clocks
from metrics.messages import Message
from metrics.reading import COLUMNS, Cells, D, Delays, E, State, States
from metrics.rosters import Employed, Persons
from metrics.sight import Sight

ABSENT = -1
"""A mark of somebody of whom there is nothing to say."""
NOT_DELIVERED, IN_HOURS, OUT_OF_HOURS = 0, 1, 2
"""What the mark of a delivery says."""

Amounts = NDArray[np.int64]


@dataclass(frozen=True)
class Footprint:
    """One message, person by person, in what period indicators ask for. `person`: its audience (dense numbers, sorted); `marks`:
    by name, of one length with it."""

    message: Message
    person: Persons
    marks: Mapping[str, NDArray[np.int32]]


@dataclass(frozen=True)
class Era:
    """`begin` and `end` of the period in seconds, the end outside. `messages`: those of it that are asked about, in order of sending;
    `young`: such as have not settled, where these have;
    `around`: all messages sent from a week before it to its end, whatever they are about; `raised`: who raised an item in it;
    `items`: how many were raised; `wanted`: the attributes to count by."""

    begin: int
    end: int
    staff: Employed
    messages: Sequence[Footprint]
    young: Sequence[Footprint]
    around: Sequence[Footprint]
    raised: Persons
    items: int
    settings: IndicatorSettings
    clocks: Clocks
    sight: Sight
    wanted: Collection[str]

    @property
    def size(self) -> int:
        return len(self.staff.person)

    @cached_property
    def _segments(self) -> Segments:
        return Segments(self.staff.attributes, self.wanted, self.size)

    @cached_property
    def _place_of(self) -> NDArray[np.intp]:
        people = [self.staff.person, *(each.person for each in (*self.messages, *self.around)), self.raised]
        places = np.full(max((int(each.max(initial=-1)) for each in people), default=-1) + 1, -1, dtype=np.intp)
        places[self.staff.person] = np.arange(self.size)
        return places

    def places(self, person: Persons) -> NDArray[np.intp]:
        """Where people stand among those employed all of the period; -1 where they do not."""
        return self._place_of[person]

    def spread(self, footprint: Footprint, mark: str) -> NDArray[np.int32]:
        """A mark of one message over everybody employed: ABSENT for those it was not meant for. Shape (size,)."""
        marks = np.full(self.size, ABSENT, dtype=np.int32)
        places = self.places(footprint.person)
        there = places >= 0
        marks[places[there]] = footprint.marks[mark][there]
        return marks

    def best(self, mark: str) -> States:
        """Of everybody the best state that a mark gives them on any message; NOT where none was meant for them."""
        best = np.full(self.size, State.NOT, dtype=np.int32)
        for footprint in self.messages:
            marks = self.spread(footprint, mark)
            best = np.minimum(best, np.where(marks == ABSENT, np.int32(State.NOT), marks))
        return best.astype(np.uint8)

    def count_voices(self, mark: str, kinds: frozenset[str]) -> Cells:
        """Everybody by the best state of a mark, and by having raised an item. Where nothing shows any of `kinds`, silence says nothing."""
        states = self.best(mark)
        places = self.places(self.raised)
        states[places[places >= 0]] = State.H
        if not self.sight.shows(kinds, None):
            states[states > State.U] = State.U
        return self.count(states)

    def count(self, states: States) -> Cells:
        """Everybody by state."""
        return count(self._classed(states), self._segments)

    def sum(self, states: States, extra: Amounts) -> Cells:
        """Everybody by state, and what those in H come to (shape (size, width))."""
        return count(self._classed(states, extra=extra), self._segments)

    def distribute(self, seconds: Amounts) -> Cells:
        """Everybody by an amount of seconds of their own."""
        everybody = np.ones(self.size, dtype=np.bool_)
        delays = Delays(seconds, everybody, ~everybody, window=int(seconds.max(initial=0)))
        return count(self._classed(np.full(self.size, State.H, dtype=np.uint8), delays=delays), self._segments)

    def count_deliveries(self, counted: Amounts, others: Amounts) -> Cells:
        """Deliveries: those that count and the others, by whom they went to (both shape (size,)); E and D are the people they went to."""
        table = np.zeros((self.size, COLUMNS), dtype=np.int64)
        table[:, State.H], table[:, State.NOT] = counted, others
        table[:, E] = table[:, D] = (counted + others) > 0
        return Cells(self._segments.values, self._segments.sum(table))

    def _classed(self, states: States, *, delays: Delays | None = None, extra: Amounts | None = None) -> Classed:
        everybody = np.ones(self.size, dtype=np.bool_)
        return Classed(self.staff.person, self.staff.attributes, states, everybody, delays, extra)
