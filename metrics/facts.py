"""Event to fact, pure: which sets and rows an event belongs to. Keeping them is left to `metrics.ledger`.

A fact is (message reference, channel, kind, detail, slot, person). Slots are counted in ticks of 10 seconds since
1970-01-01 UTC whatever their width, so that slots of all kinds compare.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

import msgspec

from collectors.events import Event

TICK_SECONDS = 10
_TICK = TICK_SECONDS * 1_000_000
COARSE_TICKS = 30  # 5 minutes: what every window and delay is measured in
DAY_TICKS = 8640
UNTIMED = 2**32 - 1  # the slot of a fact whose source gives no time at all: later than everything
COLLAPSED = 0  # the slot of a fact whose time was forgotten: earlier than everything

# Kinds that show scanners by their bursts keep their ten seconds; who raised an item keeps the day alone, so that
# the item's own history (minutes) does not name its author.
_FINE = frozenset({"opened", "viewed", "clicked", "attended"})
_WHOLE_DAY = frozenset({"raised"})
_ITEM_ACTIONS = frozenset({"raised", "answered", "decided", "implemented", "recognised"})
# Where no time of attention is given, these come to one fact that the few fields of a `_Shape` and the time tell.
_PLAIN = frozenset(
    (
        *("queued", "sent", "delivered", "deferred", "bounced", "rejected", "complained", "unsubscribed"),
        *("opened", "read", "clicked", "viewed", "downloaded", "replied", "commented", "shared"),
        *("autoreplied", "not_read"),
    )
)
_Shape = tuple[str, str | None, str | None, str | None, str, str | None, str | None]
_Lane = tuple[list[int], list[str], int]


class Key(NamedTuple):
    reference: str
    channel: str
    kind: str
    detail: str


class Row(msgspec.Struct, frozen=True):
    """The order in which rows that contradict each other stand: time (microseconds), id, content hash."""

    time: int
    id: str
    hash: str


class Answer(msgspec.Struct, frozen=True):
    """Newest wins for one (reference, person, question)."""

    reference: str
    person: str
    question: str
    choice: str | None
    value: float | None
    order: Row


class Reaction(msgspec.Struct, frozen=True):
    """Newest wins for one (reference, person, reaction); `stands` is false where it was taken back."""

    reference: str
    person: str
    reaction: str
    stands: bool
    order: Row


class ItemStep(msgspec.Struct, frozen=True):
    """Earliest wins for one (item, action). Nobody's name: items keep no author."""

    item: str
    action: str
    channel: str
    reference: str | None
    stance: str | None
    order: Row


class Facts(msgspec.Struct):
    """What a batch of events comes to. `sets`: key -> (slots, pseudonyms), two lists of one length.
    `anonymous`: events that no person can be counted for (traffic, not reach)."""

    sets: dict[Key, tuple[list[int], list[str]]]
    answers: list[Answer]
    reactions: list[Reaction]
    items: list[ItemStep]
    anonymous: int = 0


def _engaged_steps() -> list[int]:
    steps = list(range(61))
    grown = 60.0
    while steps[-1] < 86_400:
        grown *= 1.05
        steps.append(int(grown))
    return steps


_STEPS = _engaged_steps()


def engaged_step(seconds: float) -> int:
    """Seconds, whole to 60, then in steps of 5 %, rounded down; a day at most."""
    return _STEPS[max(bisect_right(_STEPS, seconds) - 1, 0)]


@lru_cache(maxsize=65_536)
def detail_text(
    machine: str, agent: str | None, untimed: bool, name: str | None = None, value: str | None = None
) -> str:
    """A fact's detail as one string: what says nothing is left out, so most details are empty."""
    pairs = []
    if machine != "unknown":
        pairs.append(("machine", machine))
    if agent is not None:
        pairs.append(("agent", agent))
    if untimed:
        pairs.append(("untimed", "1"))
    if name is not None and value is not None:
        pairs.append((name, value))
    return urlencode(pairs)


@lru_cache(maxsize=65_536)
def read_detail(detail: str) -> dict[str, str]:
    """The parts of a detail: machine, agent, untimed, and one of link, version, seconds, choice. Not to be changed."""
    return dict(parse_qsl(detail, keep_blank_values=True))


def slot_of(kind: str, microseconds: int) -> int:
    """The slot a moment lies in, in ticks, aligned to UTC."""
    tick = microseconds // _TICK
    return tick - tick % _width(kind)


def _width(kind: str) -> int:
    if kind in _FINE:
        return 1
    return DAY_TICKS if kind in _WHOLE_DAY else COARSE_TICKS


def _order(event: Event) -> Row:
    time = event.occurred_at if event.occurred_at is not None else event.received_at or 0
    # Nothing of the delivery is in the hash (id of the source, time of receipt), or a repeat would differ from its original.
    content = (
        event.action,
        event.message,
        event.channel,
        event.person,
        event.item,
        event.question,
        event.choice,
        event.value,
        event.stance,
    )
    return Row(time, event.id or "", hashlib.sha256(msgspec.msgpack.encode(content)).hexdigest())


def _kind(event: Event) -> str:
    # A pixel alone is an open, never a read; a read that says how long is judged by how long.
    if event.action == "read":
        if event.evidence == "pixel":
            return "opened"
        if event.engaged_seconds is not None:
            return "viewed"
    return event.action


def translate(events: Iterable[Event]) -> Facts:
    """The facts of a batch. Channel must be set on every event."""
    facts = Facts({}, [], [], [])
    # Most events of a batch differ in person and time alone: where those go is worked out once a shape, not once an event.
    lanes: dict[_Shape, _Lane] = {}
    for event in events:
        moment, person, action = event.occurred_at, event.person, event.action
        if action in _PLAIN and moment is not None and person is not None and event.engaged_seconds is None:
            link = event.link if action == "clicked" else None
            shape = (action, event.message, event.channel, event.evidence, event.machine, event.agent, link)
            lane = lanes.get(shape)
            if lane is None:
                lane = lanes[shape] = _open_lane(facts, event, link)
            slots, persons, width = lane
            tick = moment // _TICK
            slots.append(tick - tick % width)
            persons.append(person)
        else:
            _add_event(facts, event)
    return facts


def _open_lane(facts: Facts, event: Event, link: str | None) -> _Lane:
    kind = _kind(event)
    name = "link" if kind == "clicked" else None
    detail = detail_text(event.machine, event.agent, False, name, link)
    slots, persons = facts.sets.setdefault(Key(event.message or "", event.channel or "", kind, detail), ([], []))
    return slots, persons, _width(kind)


def _add_event(facts: Facts, event: Event) -> None:
    if event.item is not None and event.action in _ITEM_ACTIONS:
        _add_item(facts, event)
        if event.action != "raised":
            return
    if event.person is None:
        facts.anonymous += 1
    elif event.action == "unreacted":
        _add_reaction(facts, event, event.person)
        _add_engagement(facts, event, event.person)
    else:
        _add_person_facts(facts, event, event.person)


def _add_person_facts(facts: Facts, event: Event, person: str) -> None:
    kind = _kind(event)
    untimed = event.occurred_at is None
    moment = event.received_at if untimed else event.occurred_at
    slot = UNTIMED if moment is None else slot_of(kind, moment)
    name = value = None
    if kind == "clicked":
        name, value = "link", event.link
    elif kind == "acknowledged":
        name, value = "version", event.version
    elif kind == "reacted":
        name, value = "choice", event.choice or ""
        _add_reaction(facts, event, person)
    elif kind in ("answered", "rated"):
        _add_answer(facts, event, person)
    detail = detail_text(event.machine, event.agent, untimed, name, value)
    if kind == "attended":
        _add_attention(facts, event, person, slot, detail)
        return
    _add(facts, Key(event.message or "", event.channel or "", kind, detail), slot, person)
    _add_engagement(facts, event, person)


def _add_engagement(facts: Facts, event: Event, person: str) -> None:
    """Whatever the action, the seconds it reports are those of the view so far."""
    if event.engaged_seconds is None:
        return
    untimed = event.occurred_at is None
    moment = event.received_at if untimed else event.occurred_at
    detail = detail_text(event.machine, event.agent, untimed, "seconds", str(engaged_step(event.engaged_seconds)))
    slot = UNTIMED if moment is None else slot_of("engaged", moment)
    _add(facts, Key(event.message or "", event.channel or "", "engaged", detail), slot, person)


def _add_attention(facts: Facts, event: Event, person: str, slot: int, detail: str) -> None:
    """A ping stands in every slot of the seconds before it (contract, section 1: 10 by default)."""
    seconds = 10.0 if event.engaged_seconds is None else min(event.engaged_seconds, 3600.0)
    key = Key(event.message or "", event.channel or "", "attended", detail)
    if slot == UNTIMED:
        _add(facts, key, slot, person)
        return
    for back in range(max(1, round(seconds / TICK_SECONDS))):
        _add(facts, key, slot - back, person)


def _add(facts: Facts, key: Key, slot: int, person: str) -> None:
    pair = facts.sets.get(key)
    if pair is None:
        facts.sets[key] = ([slot], [person])
    else:
        pair[0].append(slot)
        pair[1].append(person)


def _add_reaction(facts: Facts, event: Event, person: str) -> None:
    facts.reactions.append(
        Reaction(event.message or "", person, event.choice or "", event.action == "reacted", _order(event))
    )


def _add_answer(facts: Facts, event: Event, person: str) -> None:
    facts.answers.append(
        Answer(event.message or "", person, event.question or "", event.choice, event.value, _order(event))
    )


def _add_item(facts: Facts, event: Event) -> None:
    facts.items.append(
        ItemStep(
            item=event.item or "",
            action=event.action,
            channel=event.channel or "",
            reference=event.message,
            stance=event.stance,
            order=_order(event),
        )
    )
