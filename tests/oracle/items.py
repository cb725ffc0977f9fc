"""Feedback items: their steps, and who raised anything at all. Items keep no author. What the steps come to is left to `item_answers`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tests.oracle.catalogue import canonical
from tests.oracle.raw import RawEvent

STEPS = ("raised", "answered", "decided", "implemented", "recognised")
_DAY_US = 86400 * 1_000_000


@dataclass(frozen=True)
class Item:
    """`steps`: action to its earliest moment; `reference` (canonical), `channel` and `stance` are those of the step raised, else
    of the earliest one."""

    id: str
    reference: str
    channel: str
    stance: str
    steps: Mapping[str, int]


def gather_items(events: Iterable[RawEvent]) -> list[Item]:
    """Every item of which any step has a time, by id."""
    earliest: dict[str, dict[str, tuple[int, str, RawEvent]]] = defaultdict(dict)
    for event in events:
        moment = _moment(event)
        if not event.item or event.action not in STEPS or moment is None:
            continue
        known = earliest[event.item].get(event.action)
        if known is None or (moment, event.id) < known[:2]:
            earliest[event.item][event.action] = (moment, event.id, event)
    return [_item(name, steps) for name, steps in sorted(earliest.items()) if steps]


def _item(name: str, steps: Mapping[str, tuple[int, str, RawEvent]]) -> Item:
    _, _, first = steps.get("raised") or min(steps.values(), key=lambda step: step[:2])
    times = {action: moment for action, (moment, _, _) in steps.items()}
    return Item(name, canonical(first.reference) if first.reference else "", first.channel, first.stance, times)


def gather_raisers(events: Iterable[RawEvent], person_of: Callable[[str], int | None]) -> dict[int, set[int]]:
    """Who raised anything, and on which days (UTC): the noons of these."""
    days: dict[int, set[int]] = defaultdict(set)
    for event in events:
        moment, person = _moment(event), person_of(event.person) if event.person else None
        if event.action == "raised" and person is not None and moment is not None:
            days[person].add(moment // _DAY_US * _DAY_US + _DAY_US // 2)
    return dict(days)


def _moment(event: RawEvent) -> int | None:
    return event.occurred_us if event.occurred_us is not None else event.received_us
