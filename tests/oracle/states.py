"""How every person stands under an indicator on one message: the definitions, one after the other. Pooling is left to `oracle`."""

from collections.abc import Callable
from fractions import Fraction

from config.duration import Span
from config.schema import Settings
from tests.oracle import evidence
from tests.oracle.acts import Act, State
from tests.oracle.cases import Case, Shows
from tests.oracle.catalogue import Message
from tests.oracle.chains import managers_above
from tests.oracle.deeds import acted
from tests.oracle.detected import is_detected, is_engaged
from tests.oracle.evidence import EXPOSURE, OPENINGS, RESPONSES, TRANSPORT
from tests.oracle.kinds import window_of
from tests.oracle.windows import SECOND_US, Clocks, round_up

SHOWN_BY = {
    "reach": EXPOSURE,
    "reach_on_time": EXPOSURE,
    "time_to_reach": EXPOSURE,
    "opened": OPENINGS,
    "read": frozenset({"read", "attended"}),
    "clicked": frozenset({"clicked"}),
    "response": RESPONSES,
    "acknowledged": frozenset({"acknowledged"}),
}
# What tells who did none of it, where that is less than all that tells who did: silent readers leave no answers.
TOLD_BY = {
    **SHOWN_BY,
    **dict.fromkeys(("reach", "reach_on_time", "time_to_reach"), OPENINGS | {"attended"}),
}
_UNMEASURABLE = {
    state: State.OUT if state is State.OUT else State.HUMAN if state in (State.PROXY, State.UNSEEN) else State.NOT
    for state in State
}
OVER_DELIVERED = frozenset({"opened", "read", "response", "clicked"})


class States:
    """State of every person of E, for an indicator and a target's own window (None: the indicator's).

    `called`: who goes by an identifier as written.
    """

    def __init__(self, settings: Settings, shows: Shows, clocks: Clocks, called: Callable[[str], int | None]) -> None:
        self._speeds = settings.indicators.words_per_minute
        self._clocks = clocks
        self._called = called
        self.shows = shows

    def applies(self, indicator: str, message: Message) -> bool:
        match indicator:
            case "delivered":
                return self.shows.deliveries(message.channel)
            case "reach_on_time":
                return message.due_us is not None
            case "acknowledged" | "cascade":
                return "acknowledge" in message.expects
            case "response":
                return not message.expects.isdisjoint({"answer", "reply"})
            case "clicked":
                return bool(message.links)
            case "action":
                return message.action is not None
            case "action_effect":
                return message.action is not None and message.holdout is not None
            case "attention":
                return bool(message.words)
            case "comprehension":
                return any(question.correct is not None for question in message.questions.values())
            case _:
                return True

    def deadline(self, indicator: str, window: Span | None, message: Message) -> int:
        """The second at which the window of a message closes."""
        if window is None and indicator in ("reach_on_time", "acknowledged") and message.due_us is not None:
            return round_up(message.due_us)
        return self._clocks.deadline(message.sent_us, window or window_of(indicator))

    def delivered(self, case: Case, deadline: int) -> set[int]:
        """D of section 1."""
        if not self.shows.deliveries(case.message.channel):
            return set(case.audience)
        return {person for person in case.audience if self._delivery(case, person, deadline) is not None}

    def of(self, indicator: str, case: Case, deadline: int) -> dict[int, State]:
        """Everybody of E with their state; OUT for those whom the indicator does not count."""
        everybody = self.delivered(case, deadline) if indicator in OVER_DELIVERED else set(case.audience)
        own: dict[str, Callable[[Case, int, int], State]] = {
            "delivered": self._was_delivered,
            "addressable": self._addressable,
            "cascade": self._cascade,
            "detected": self._detected,
            **dict.fromkeys(("action", "action_effect"), self._acted),
        }
        if indicator in own:
            return {person: own[indicator](case, person, deadline) for person in case.audience}
        if indicator == "unmeasurable":
            return {person: _UNMEASURABLE[state] for person, state in self.of("opened", case, deadline).items()}
        states = dict.fromkeys(case.audience, State.OUT)
        for person in everybody:
            states[person] = self._with_unseen(indicator, case, person, deadline)
        return states

    def exposures(self, case: Case, person: int, deadline: int) -> list[int]:
        """Slots of the person's exposures by a human at a time that the source itself gives, inside the window."""
        return [slot for slot, act in self.met(case, person, deadline) if act.tells is State.HUMAN]

    def met(self, case: Case, person: int, deadline: int) -> list[tuple[int, Act]]:
        """The same by whatever left a trace in their name."""
        return [
            (act.slot, act)
            for act in case.seen(person)
            if act.kind in EXPOSURE and act.own_time
            if act.slot is not None and act.slot < deadline
        ]

    def expected_seconds(self, message: Message) -> Fraction | None:
        """How long it takes to read; None where nobody knows how many words there are."""
        if message.words is None:
            return None
        speed = self._speeds.get(message.language or "default", self._speeds["default"])
        return Fraction(message.words) * 60 / Fraction(speed)

    def _with_unseen(self, indicator: str, case: Case, person: int, deadline: int) -> State:
        found = self._evidence(indicator, case, person, deadline)
        if found is not State.NOT:
            return found
        kinds, row = TOLD_BY[indicator], case.audience[person]
        is_seen = self.shows.is_visible(case, row, kinds, deadline, anywhere=indicator == "acknowledged")
        return State.NOT if is_seen else State.UNSEEN

    def _evidence(self, indicator: str, case: Case, person: int, deadline: int) -> State:
        acts = case.seen(person)
        match indicator:
            case "response":
                return evidence.response(acts, RESPONSES, deadline) if person != case.sender else State.NOT
            case "acknowledged":
                return evidence.acknowledged(case.message, acts, deadline)
            case "read":
                return evidence.read(self._threshold(case.message), acts, deadline)
            case _:
                return evidence.best(acts, SHOWN_BY[indicator], deadline)

    def _threshold(self, message: Message) -> float | None:
        """Engaged seconds that make a reader."""
        if message.words is None:
            return None
        speed = self._speeds.get(message.language or "default", self._speeds["default"])
        return max(3.0, 0.3 * message.words / speed * 60)

    def _delivery(self, case: Case, person: int, deadline: int) -> int | None:
        return evidence.last_delivery(case.record.acts.get(person, []), deadline)

    def delivery(self, case: Case, person: int, deadline: int) -> int:
        """The slot of a delivery; on a channel that shows none, the moment of sending stands for it."""
        if not self.shows.deliveries(case.message.channel):
            return case.message.sent_us // SECOND_US
        slot = self._delivery(case, person, deadline)
        assert slot is not None, "asked of those delivered to alone"
        return slot

    def _was_delivered(self, case: Case, person: int, deadline: int) -> State:
        acts = case.record.acts.get(person, [])
        if not any(act.kind in TRANSPORT and evidence.is_inside(act, deadline) for act in acts):
            return State.OUT
        return State.NOT if self._delivery(case, person, deadline) is None else State.HUMAN

    def _addressable(self, case: Case, person: int, deadline: int) -> State:
        is_shown = self.shows.deliveries(case.message.channel)
        if is_shown and self._delivery(case, person, deadline) is not None:
            return State.HUMAN
        found = evidence.best(case.seen(person), EXPOSURE, deadline)
        return State.UNSEEN if found is State.NOT and not is_shown else found

    def _acted(self, case: Case, person: int, deadline: int) -> State:
        assert case.deed is not None, "asked of messages that want something"
        return acted(case.deed, case.deed.audience, self.shows, person, deadline)

    def _detected(self, case: Case, person: int, deadline: int) -> State:
        row, channel, acts = case.audience[person], case.message.channel, case.seen(person)
        can_be_asked = self.shows.is_visible(case, row, OPENINGS, deadline, anywhere=False) and person != case.sender
        if not can_be_asked or not is_engaged(acts, channel, deadline):
            return State.OUT
        return State.HUMAN if is_detected(acts, channel, deadline) else State.NOT

    def _cascade(self, case: Case, person: int, deadline: int) -> State:
        managers = managers_above(person, case.everybody, self._called)
        if managers is None:
            return State.UNSEEN
        states = [
            State.HUMAN if one == case.sender else evidence.acknowledged(case.message, case.seen(one), deadline)
            for one in managers
        ]
        if not self.shows.is_told(case.named, SHOWN_BY["acknowledged"]):
            states = [State.UNSEEN if state is State.NOT else state for state in states]
        return max(states, default=State.HUMAN)
