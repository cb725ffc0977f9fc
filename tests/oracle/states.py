"""How every person stands under an indicator on one message: the definitions, one after the other. Pooling is left to `oracle`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from config.duration import Span
from config.schema import Settings
from tests.oracle.acts import TRACKED, Act, Record, State
from tests.oracle.catalogue import Message
from tests.oracle.directory import Row
from tests.oracle.windows import Clocks, round_up

OPENINGS = frozenset({"opened", "viewed", "read"})
RESPONSES = frozenset({"replied", "commented", "reacted", "answered", "rated"})
EXPOSURE = OPENINGS | RESPONSES | {"clicked", "attended", "downloaded", "shared", "acknowledged"}
TRANSPORT = frozenset({"queued", "sent", "delivered", "deferred", "bounced", "rejected"})
PROOFS_OF_READING = frozenset({"acknowledged", "answered", "read", "replied"})
IMAGES = frozenset({"opened", "read", "attended"})

FIVE_DAYS = Span(5, "days", working=True)
WINDOWS = {"delivered": Span(24, "hours"), "opened": Span(48, "hours")}
SHOWN_BY = {
    "reach": EXPOSURE,
    "reach_on_time": EXPOSURE,
    "time_to_reach": EXPOSURE,
    "opened": OPENINGS,
    "read": frozenset({"read", "attended"}),
    "response": RESPONSES,
    "acknowledged": frozenset({"acknowledged"}),
}
# What tells who did none of it, where that is less than all that tells who did: silent readers leave no answers.
TOLD_BY = {
    **SHOWN_BY,
    **dict.fromkeys(("reach", "reach_on_time", "time_to_reach"), OPENINGS | {"attended"}),
}
OVER_DELIVERED = frozenset({"opened", "read", "response"})


class Shows:
    """What the configured sources of each channel can show."""

    def __init__(self, settings: Settings, decoders: Mapping[str, frozenset[str]]) -> None:
        self.by_channel: dict[str, set[str]] = {}
        for source in settings.sources:
            shown = set(decoders[source.decoder] if source.shows is None else source.shows)
            self.by_channel.setdefault(source.channel, set()).update(
                shown if source.delivered else shown - {"delivered"}
            )

    def deliveries(self, channel: str) -> bool:
        return "delivered" in self.by_channel.get(channel, ())


@dataclass
class Case:
    """One message with all that its readings need. `audience`: E, each person with the row valid at the sending; `named`: by
    channel, the kinds of all acts of which any source ever said whose they were, about whatever message."""

    message: Message
    audience: Mapping[int, Row]
    record: Record
    sender: int | None
    named: Mapping[str, set[str]]

    def channels(self, deadline: int) -> set[str | None]:
        """The message's own, and those on which anybody of the audience did something before the deadline."""
        acts = (
            act for person in self.audience for act in self.record.acts.get(person, ()) if self._is_seen(person, act)
        )
        heard: set[str | None] = {act.channel for act in acts if act.slot is not None and act.slot < deadline}
        return heard | {self.message.channel}

    def _is_seen(self, person: int, act: Act) -> bool:
        return not (self.audience[person].objects and act.kind in TRACKED)


class States:
    """State of every person of E, for an indicator and a target's own window (None: the indicator's)."""

    def __init__(self, settings: Settings, shows: Shows, clocks: Clocks) -> None:
        self._speeds = settings.indicators.words_per_minute
        self._shows = shows
        self._clocks = clocks

    def applies(self, indicator: str, message: Message) -> bool:
        match indicator:
            case "delivered":
                return self._shows.deliveries(message.channel)
            case "reach_on_time":
                return message.due_us is not None
            case "acknowledged":
                return "acknowledge" in message.expects
            case "response":
                return not message.expects.isdisjoint({"answer", "reply"})
            case _:
                return True

    def deadline(self, indicator: str, window: Span | None, message: Message) -> int:
        """The second at which the window of a message closes."""
        if window is None and indicator in ("reach_on_time", "acknowledged") and message.due_us is not None:
            return round_up(message.due_us)
        return self._clocks.deadline(message.sent_us, window or WINDOWS.get(indicator, FIVE_DAYS))

    def delivered(self, case: Case, deadline: int) -> set[int]:
        """D of section 1."""
        if not self._shows.deliveries(case.message.channel):
            return set(case.audience)
        return {person for person in case.audience if _was_delivered(case.record.acts.get(person, ()), deadline)}

    def of(self, indicator: str, case: Case, deadline: int) -> dict[int, State]:
        """Everybody of E with their state; OUT for those whom the indicator does not count."""
        if indicator == "delivered":
            return _of_delivered(case, deadline)
        everybody = self.delivered(case, deadline) if indicator in OVER_DELIVERED else set(case.audience)
        states = {}
        for person, row in case.audience.items():
            if person not in everybody:
                states[person] = State.OUT
                continue
            found = self._evidence(indicator, case, person, deadline)
            is_unseen = found is State.NOT and not self._is_visible(case, row, indicator, deadline)
            states[person] = State.UNSEEN if is_unseen else found
        return states

    def exposures(self, case: Case, person: int, deadline: int) -> list[int]:
        """Slots of the person's exposures by a human at a time that the source itself gives, inside the window."""
        return [
            act.slot
            for act in self._seen(case, person, case.audience[person])
            if act.kind in EXPOSURE and act.tells is State.HUMAN and act.own_time
            if act.slot is not None and act.slot < deadline
        ]

    def _evidence(self, indicator: str, case: Case, person: int, deadline: int) -> State:
        acts = self._seen(case, person, case.audience[person])
        match indicator:
            case "response":
                return _response(acts, deadline) if person != case.sender else State.NOT
            case "acknowledged":
                return _acknowledged(case.message, acts, deadline)
            case "read":
                return _read(self._threshold(case.message), acts, deadline)
            case _:
                return _best(acts, SHOWN_BY[indicator], deadline)

    def _threshold(self, message: Message) -> float | None:
        """Engaged seconds that make a reader; None where nobody knows how many words there are."""
        if message.words is None:
            return None
        speed = self._speeds.get(message.language or "default", self._speeds["default"])
        return max(3.0, 0.3 * message.words / speed * 60)

    def _seen(self, case: Case, person: int, row: Row) -> list[Act]:
        acts = case.record.acts.get(person, [])
        return [act for act in acts if act.kind not in TRACKED] if row.objects else acts

    def _is_told(self, case: Case, channel: str | None, kinds: frozenset[str]) -> bool:
        """A source is believed for what it has shown: somebody, once, doing something of these kinds on its channel."""
        claimed = self._shows.by_channel.get(channel or "", set()) & kinds
        named = case.named.get(channel or "", set())
        # Seconds engaged are what a source that shows reading reports.
        is_proven = named & kinds or ("engaged" in named and kinds & {"read", "attended"})
        return bool(claimed and is_proven)

    def _is_visible(self, case: Case, row: Row, indicator: str, deadline: int) -> bool:
        kinds = TOLD_BY[indicator]
        anywhere = indicator == "acknowledged" or not case.message.channel
        channels = self._shows.by_channel if anywhere else {case.message.channel}
        if not any(self._is_told(case, channel, kinds) for channel in channels):
            return False
        if row.objects and kinds & TRACKED:
            return False
        shown_by_mail = self._shows.by_channel.get("email", set()) & kinds & IMAGES
        return not (row.images_blocked and shown_by_mail and "email" in case.channels(deadline))


def _inside(act: Act, deadline: int) -> bool:
    return act.slot is not None and act.slot < deadline


def _stands(act: Act, deadline: int) -> State:
    """What one act makes of a person: an act at an unknown time leaves it open."""
    if act.slot is None:
        return State.PROXY
    return act.tells if act.slot < deadline else State.NOT


def _best(acts: Iterable[Act], kinds: frozenset[str], deadline: int) -> State:
    return min((_stands(act, deadline) for act in acts if act.kind in kinds), default=State.NOT)


def _was_delivered(acts: Iterable[Act], deadline: int) -> bool:
    acts = list(acts)
    deliveries = [act.slot for act in acts if act.kind == "delivered" and act.slot is not None and act.slot < deadline]
    bounces = [act.slot for act in acts if act.kind == "bounced" and act.slot is not None and act.slot < deadline]
    return bool(deliveries) and max(bounces, default=-1) < max(deliveries)


def _of_delivered(case: Case, deadline: int) -> dict[int, State]:
    states = {}
    for person in case.audience:
        acts = case.record.acts.get(person, [])
        was_sent = any(act.kind in TRANSPORT and _inside(act, deadline) for act in acts)
        arrived = State.HUMAN if _was_delivered(acts, deadline) else State.NOT
        states[person] = arrived if was_sent else State.OUT
    return states


def _response(acts: list[Act], deadline: int) -> State:
    return _best([act for act in acts if not act.taken_back], RESPONSES, deadline)


def _acknowledged(message: Message, acts: list[Act], deadline: int) -> State:
    found = State.NOT
    for act in acts:
        if act.kind != "acknowledged" or (message.version and act.version not in (None, message.version)):
            continue
        state = _stands(act, deadline)
        # Of which version it was, nobody knows.
        if state is State.HUMAN and message.version and act.version is None:
            state = State.PROXY
        found = min(found, state)
    return found


def _read(threshold: float | None, acts: list[Act], deadline: int) -> State:
    proof = _best(acts, PROOFS_OF_READING, deadline)
    counted = [act for act in acts if act.tells is State.HUMAN and _inside(act, deadline)]
    reported = max((act.seconds for act in counted if act.kind == "engaged"), default=0)
    attended = 10 * len({act.tick for act in counted if act.kind == "attended"})
    engaged = max(reported, attended)
    if threshold is None:
        return min(proof, State.PROXY) if engaged >= 3 else proof
    return State.HUMAN if engaged >= threshold else proof
