"""Event to fact, pure: which sets and rows an event belongs to. What they are is left to `facts`."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise, repeat
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from collectors.events import Event, Events
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
# What these come to is told by the few fields of a `_Shape`, person and time: rows, and items, are not among it.
_PLAIN = frozenset(
    (
        *("queued", "sent", "delivered", "deferred", "bounced", "rejected", "complained", "unsubscribed"),
        *("opened", "read", "clicked", "viewed", "downloaded", "replied", "commented", "shared"),
        *("attended", "acknowledged", "autoreplied", "not_read"),
    )
)
_TELLING = ("action", "message", "channel", "evidence", "machine", "agent", "link", "version")
_Shape = tuple[str | int | None, ...]
_Lane = tuple[list[int], list[str], int, int]
"""Slots and persons of a set, how wide a slot of it is, and how many slots back from its time an event stands in."""


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
    many = Events.of(events)
    columns = many.columns
    people = zip(columns["action"], columns["person"], columns["occurred_at"], strict=True)
    alone = [
        place
        for place, (action, person, moment) in enumerate(people)
        if person is None or moment is None or action not in _PLAIN
    ]
    # Most events of a batch differ in person and time alone: where those go is worked out once a shape, not once an event.
    first: dict[_Shape, int] = {}
    alike = np.fromiter(map(first.setdefault, _shapes(columns), range(len(many))), np.intp, len(many))
    alike[alone] = -1
    order = np.argsort(alike, kind="stable")[len(alone) :]
    places = order.tolist()
    persons = list(map(columns["person"].__getitem__, places))
    ticks = np.fromiter(map(columns["occurred_at"].__getitem__, places), np.int64, len(places)) // _TICK
    begins = np.flatnonzero(np.diff(alike[order], prepend=-1)).tolist()
    some = many.at([places[begin] for begin in begins])
    for event, (begin, end) in zip(some, pairwise([*begins, len(places)]), strict=True):
        _add_alike(facts, event, ticks[begin:end], persons[begin:end])
    for event in many.at(alone):
        _add_event(facts, event)
    return facts


def _add_alike(facts: Facts, event: Event, ticks: NDArray[np.int64], people: list[str]) -> None:
    """`event`: any of them."""
    for slots, persons, width, back in _open_lanes(facts, event):
        here = ticks - ticks % width
        if back == 1:
            slots.extend(here.tolist())
            persons.extend(people)
        else:
            slots.extend((here[:, None] - np.arange(back)).ravel().tolist())
            persons.extend(chain.from_iterable(repeat(person, back) for person in people))


def _shapes(columns: Mapping[str, Sequence[Any]]) -> Iterable[_Shape]:
    """Of each event what its facts are told by, but for person and time."""
    telling, nothing = [columns[name] for name in _TELLING], [None] * len(columns["action"])
    if columns["engaged_seconds"] != nothing:
        pairs = zip(columns["action"], columns["engaged_seconds"], strict=True)
        telling.append([None if engaged is None else _step(action, engaged) for action, engaged in pairs])
    return zip(*(column for column in telling if column != nothing), strict=True)


@lru_cache(maxsize=65_536)
def _step(action: str, engaged: float) -> int:
    return _ping_ticks(engaged) if action == "attended" else engaged_step(engaged)


def _open_lanes(facts: Facts, event: Event) -> list[_Lane]:
    kind = _kind(event)
    name, part = {"clicked": ("link", event.link), "acknowledged": ("version", event.version)}.get(kind, (None, None))
    lanes = [_open_lane(facts, event, kind, detail_text(event.machine, event.agent, False, name, part))]
    if kind != "attended" and event.engaged_seconds is not None:
        step = str(engaged_step(event.engaged_seconds))
        detail = detail_text(event.machine, event.agent, False, "seconds", step)
        lanes.append(_open_lane(facts, event, "engaged", detail))
    return lanes


def _open_lane(facts: Facts, event: Event, kind: str, detail: str) -> _Lane:
    slots, persons = facts.sets.setdefault(Key(event.message or "", event.channel or "", kind, detail), ([], []))
    return slots, persons, slot_width(kind), _ping_ticks(event.engaged_seconds) if kind == "attended" else 1


def _ping_ticks(engaged: float | None) -> int:
    """A ping stands in every slot of the seconds before it (contract, section 1: 10 by default)."""
    seconds = 10.0 if engaged is None else min(engaged, 3600.0)
    return max(1, round(seconds / TICK_SECONDS))


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
    # Who raised something is kept apart from what it was about: an item has one message, and few who raise anything about it.
    reference = "" if kind == "raised" else event.message or ""
    _add(facts, Key(reference, event.channel or "", kind, detail), slot, person)
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
    key = Key(event.message or "", event.channel or "", "attended", detail)
    if slot == UNTIMED:
        _add(facts, key, slot, person)
        return
    for back in range(_ping_ticks(event.engaged_seconds)):
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
    is_rating = event.action == "rated"
    facts.answers.append(
        Answer(event.message or "", person, event.question or "", event.choice, event.value, is_rating, _order(event))
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
