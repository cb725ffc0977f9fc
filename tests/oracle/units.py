"""The units of sampling: a message, or all messages of a campaign, with how each person stands across them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from config.duration import Span
from config.schema import Settings
from tests.oracle.acts import State
from tests.oracle.cases import Case
from tests.oracle.catalogue import Message
from tests.oracle.detected import WIDENED
from tests.oracle.directory import Row
from tests.oracle.effects import held_states
from tests.oracle.kinds import MEANS, window_of
from tests.oracle.means import Means
from tests.oracle.states import States
from tests.oracle.windows import SECOND_US, Clocks

_LEAVES_OPEN = (State.HUMAN, State.PROXY, State.LIKELY, State.UNSEEN)


@dataclass
class Standing:
    """One person in one unit. `row`: as they were at the first of its messages that was meant for them. `delay`: seconds to
    the first exposure that has a time of its own; where there is none, `may_be_reached` says that it could have been. Of means
    `weight` and `total` say what their part is."""

    row: Row
    state: State = State.OUT
    delivered: bool = False
    delay: int | None = None
    raw_delay: int | None = None
    may_be_reached: bool = False
    weight: int = 0
    total: int = 0


@dataclass
class Unit:
    """`closes`: the second at which its last window does; `settles`: when its sources' lateness has passed as well."""

    first: Message
    closes: int
    settles: int
    people: dict[int, Standing]
    channels: set[str] = field(default_factory=set)
    engaged: list[tuple[int, int]] = field(default_factory=list)
    held: dict[int, tuple[Row, State]] = field(default_factory=dict)

    def is_closed(self, now_us: int) -> bool:
        return now_us >= self.closes * SECOND_US

    def is_settled(self, now_us: int) -> bool:
        return now_us >= self.settles * SECOND_US


class UnitBuilder:
    def __init__(self, settings: Settings, states: States, clocks: Clocks, means: Means) -> None:
        self._states = states
        self._clocks = clocks
        self._means = means
        self._lateness: dict[str, int] = {}
        for source in settings.sources:
            late = clocks.length(source.lateness)
            self._lateness[source.channel] = max(late, self._lateness.get(source.channel, 0))

    def lateness(self, channel: str) -> int:
        """How many seconds after it happened something may still arrive from a channel."""
        return self._lateness.get(channel, 0)

    def build(self, indicator: str, window: Span | None, cases: Sequence[Case]) -> Unit:
        """The unit that these messages, in the order of their sending, make."""
        unit = Unit(cases[0].message, 0, 0, {})
        deadlines = [self._states.deadline(indicator, window, case.message) for case in cases]
        for case, deadline in zip(cases, deadlines, strict=True):
            unit.closes = max(unit.closes, deadline)
            unit.settles = max(unit.settles, deadline + self.lateness(case.message.channel))
            self._stand(unit, indicator, case, deadline)
            unit.channels.add(case.message.channel)
            if indicator in WIDENED:
                unit.engaged.append(count_engaged(self._states, case, deadline))
            if indicator == "action_effect":
                unit.held = held_states(list(zip(cases, deadlines, strict=True)), self._states.shows)
            if indicator == "time_to_reach":
                self._time(unit, case, deadline, window or window_of(indicator))
        if indicator in MEANS:
            for person, worth in self._means.of(indicator, list(zip(cases, deadlines, strict=True))).items():
                standing = unit.people[person]
                standing.state, standing.weight, standing.total = worth
        return unit

    def _stand(self, unit: Unit, indicator: str, case: Case, deadline: int) -> None:
        delivered = self._states.delivered(case, deadline)
        states = {} if indicator in MEANS else self._states.of(indicator, case, deadline)
        for person in case.audience:
            standing = unit.people.setdefault(person, Standing(case.audience[person]))
            state = states.get(person, State.OUT)
            standing.state = min(standing.state, state)
            standing.delivered = standing.delivered or person in delivered
            standing.may_be_reached = standing.may_be_reached or state in _LEAVES_OPEN

    def _time(self, unit: Unit, case: Case, deadline: int, window: Span) -> None:
        for person in case.audience:
            slots = self._states.exposures(case, person, deadline)
            naive = [slot for slot, _ in self._states.met(case, person, deadline)]
            standing = unit.people[person]
            if naive and standing.raw_delay is None:
                standing.raw_delay = self._clocks.delay(case.message.sent_us, min(naive), window)
            if slots and standing.delay is None:
                standing.delay = self._clocks.delay(case.message.sent_us, min(slots), window)


def count_engaged(states: States, case: Case, deadline: int) -> tuple[int, int]:
    """How many engaged with a message, and how many of these were detected."""
    asked = list(states.of("detected", case, deadline).values())
    detected = asked.count(State.HUMAN)
    return detected + asked.count(State.NOT), detected


@dataclass(frozen=True)
class Cell:
    """One unit among some of the people. `delays`: seconds, of those with a known one (`raw_delays`: with machines taken for people);
    `unknown`: those who may have been reached without anybody knowing when; `left`: how long those were watched who were not watched to
    the end; `waiting`: how long those have been watched who still are. Of means, the `weight` of all parts and their `total` in
    ten-thousandths. `engaged`: of each message, over its whole audience, how many engaged and how many of these were detected; `mails`:
    likewise of every mail that has settled. `tells`: whether of
    anybody the unit is about it is known that they did not; `held`: the counts of those held out."""

    counts: Mapping[str, int]
    delays: tuple[int, ...] = ()
    raw_delays: tuple[int, ...] = ()
    unknown: int = 0
    left: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    weight: int = 0
    total: int = 0
    channels: frozenset[str] = frozenset()
    engaged: tuple[tuple[int, int], ...] = ()
    mails: tuple[tuple[int, int], ...] = ()
    tells: bool = True
    held: Mapping[str, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return self.counts["n"]


SIGNS = ("E", "D", "n", "H", "P", "S_likely", "S", "U")
_SIGN_OF = {
    State.HUMAN: "H",
    State.PROXY: "P",
    State.LIKELY: "S_likely",
    State.SCANNER: "S",
    State.UNSEEN: "U",
}


def count(unit: Unit, belongs: Callable[[Row], bool]) -> Cell:
    """The unit among the people of whom `belongs` holds."""
    people = [standing for standing in unit.people.values() if belongs(standing.row)]
    counts = count_states(standing.state for standing in people)
    return Cell(
        {**counts, "D": sum(standing.delivered for standing in people)},
        delays=tuple(standing.delay for standing in people if standing.delay is not None),
        raw_delays=tuple(standing.raw_delay for standing in people if standing.raw_delay is not None),
        unknown=sum(standing.may_be_reached for standing in people if standing.delay is None),
        weight=sum(standing.weight for standing in people),
        total=sum(standing.total for standing in people),
        channels=frozenset(unit.channels),
        engaged=tuple(unit.engaged),
        tells=_tells([standing.state for standing in unit.people.values()]),
        held=count_states(state for row, state in unit.held.values() if belongs(row)),
    )


def _tells(states: Sequence[State]) -> bool:
    """Where nobody is known not to have done it, and somebody could not be seen, the channel shows only those who did."""
    unseen = sum(state is State.UNSEEN for state in states)
    done = sum(state in _SIGN_OF or state is State.OUT for state in states)
    return not unseen or done < len(states)


def count_states(states: Iterable[State]) -> dict[str, int]:
    """The signs of so many people (or items, or deliveries). D: all of them."""
    counts = dict.fromkeys(SIGNS, 0)
    for state in states:
        counts["E"] += 1
        counts["D"] += 1
        counts["n"] += state is not State.OUT
        if state in _SIGN_OF:
            counts[_SIGN_OF[state]] += 1
    return counts
