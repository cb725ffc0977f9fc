"""Event to fact, pure: which sets and rows an event belongs to. What they are is left to `facts`."""

import hashlib
from collections.abc import Iterable

import msgspec

from collectors.events import Event
from metrics.facts import (
    TICK_SECONDS,
    UNTIMED,
    Answer,
    Facts,
    ItemStep,
    Key,
    Reaction,
    Row,
    detail_text,
    engaged_step,
    slot_of,
    slot_width,
)

_TICK = TICK_SECONDS * 1_000_000
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
    return slots, persons, slot_width(kind)


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
