"""From raw events to acts: what somebody did with a message, in the kinds that the definitions speak of.

Who of the people counts, and within which window, is left to `states`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum

from tests.oracle.catalogue import canonical
from tests.oracle.raw import RawEvent
from tests.oracle.windows import SECOND_US, slot_of

TICK_US = 10 * SECOND_US
_DAY = 86400
MACHINES = frozenset({"scanner", "crawler", "tool"})
# Who raised feedback is no fact about a message, and who took a reaction back left none.
NO_FACT = frozenset({"raised", "unreacted"})
TRACKED = frozenset({"opened", "viewed", "read", "clicked", "attended", "engaged", "downloaded"})


class State(IntEnum):
    """How a person stands, the best first."""

    HUMAN = 0
    PROXY = 1
    LIKELY = 2
    SCANNER = 3
    UNSEEN = 4
    NOT = 5
    OUT = 6


@dataclass(frozen=True)
class Act:
    """One person's act. `slot`: the start of its five minutes in seconds, None where no time is known; `own_time`: the
    source itself gave the time; `tells`: what it is evidence of; `tick`: the ten seconds it lies in, counted since 1970."""

    kind: str
    slot: int | None
    own_time: bool
    tells: State
    channel: str = ""
    seconds: int = 0
    tick: int = 0
    version: str | None = None
    reaction: str = ""
    taken_back: bool = False
    link: str | None = None


@dataclass
class Record:
    """All that is known under one reference, or of one message: acts by person."""

    acts: dict[int, list[Act]] = field(default_factory=lambda: defaultdict(list))


def name_kinds(events: Iterable[RawEvent]) -> dict[str, set[str]]:
    """By channel, the kinds of all acts that anybody at all is named with, known to the directory or not."""
    named: dict[str, set[str]] = defaultdict(set)
    for event in events:
        if event.person is not None:
            named[event.channel].update(act.kind for act in acts_of(event))
    return named


def gather(events: Iterable[RawEvent], person_of: Callable[[str], int | None]) -> dict[str, Record]:
    """Canonical reference to what is known of it."""
    records: dict[str, Record] = defaultdict(Record)
    newest: dict[tuple[str, int, str], tuple[int, str, str]] = {}
    for event in events:
        if event.person is None or not event.reference:
            continue
        reference = canonical(event.reference)
        person = person_of(event.person)
        if person is None:
            continue
        records[reference].acts[person] += acts_of(event)
        if event.action in ("reacted", "unreacted"):
            key, told = (reference, person, event.choice), (_moment(event) or 0, event.id, event.action)
            newest[key] = max(told, newest.get(key, told))
    for (reference, person, reaction), (_, _, action) in newest.items():
        if action == "unreacted":
            _take_back(records[reference].acts[person], reaction)
    return records


def _take_back(acts: list[Act], reaction: str) -> None:
    acts[:] = [
        replace(act, taken_back=True) if act.kind == "reacted" and act.reaction == reaction else act for act in acts
    ]


def join(records: Iterable[Record]) -> Record:
    """What is known of a message under all its references."""
    whole = Record()
    for record in records:
        for person, acts in record.acts.items():
            whole.acts[person] += acts
    return whole


def _moment(event: RawEvent) -> int | None:
    return event.occurred_us if event.occurred_us is not None else event.received_us


def acts_of(event: RawEvent) -> Iterator[Act]:
    """The acts an event is evidence of: one, with the seconds it reports a second one, or one for each ten seconds attended.
    What is told of an item is no act with a message, but that somebody raised one is known."""
    if event.item and event.action != "raised":
        return
    moment = _moment(event)
    own_time = event.occurred_us is not None
    kind = _kind(event)
    tells = _tells(kind, event)
    if kind == "attended" and moment is not None:
        ticks = max(1, round((event.seconds if event.seconds is not None else 10) / 10))
        for tick in range(moment // TICK_US - ticks + 1, moment // TICK_US + 1):
            yield Act(kind, slot_of(tick * TICK_US), own_time, tells, channel=event.channel, tick=tick)
        return
    slot = None if moment is None else slot_of(moment)
    yield Act(
        kind,
        slot,
        own_time,
        tells,
        channel=event.channel,
        tick=(moment or 0) // TICK_US,
        version=event.version,
        reaction=event.choice,
        link=canonical(event.link) if event.link else None,
    )
    if event.seconds is not None and kind != "attended":
        # Seconds that a mail proxy reports are nobody's, whatever act they came with.
        tells = _tells("opened", event)
        yield Act("engaged", slot, own_time, tells, channel=event.channel, seconds=stepped(event.seconds))


def _kind(event: RawEvent) -> str:
    if event.action == "read" and event.evidence == "pixel":
        return "opened"
    if event.action == "read" and event.seconds is not None:
        return "viewed"
    return event.action


def _tells(kind: str, event: RawEvent) -> State:
    by_proxy = event.machine == "yes" or (event.agent == "apple_proxy" and event.machine != "no")
    if kind == "opened" and by_proxy:
        return State.PROXY
    if event.machine == "unknown":
        if event.agent in MACHINES and kind in TRACKED:
            return State.LIKELY
        if event.agent == "microsoft_network" and kind == "clicked":
            return State.LIKELY
    return {"yes": State.SCANNER, "likely": State.LIKELY}.get(event.machine, State.HUMAN)


def stepped(seconds: float) -> int:
    """Engaged seconds as kept: whole to 60, then the last step of 5 % that was reached, a day at most. A step begins at its whole
    seconds: 66 where it is 66.15 by calculation."""
    if seconds < 60:
        return int(seconds)
    power = 0
    while int(60 * 1.05 ** (power + 1)) <= min(seconds, _DAY):
        power += 1
    return int(60 * 1.05**power)
