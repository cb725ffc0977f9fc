"""What several acts of one person with one message say together: bursts of clicks, and clicks that come with the delivery. What one
act says by itself is left to `acts`."""

from collections.abc import Container, Mapping
from dataclasses import replace

from tests.oracle.acts import TRACKED, Act, Record, State
from tests.oracle.directory import Row
from tests.oracle.windows import SLOT

_MANY = 3


def judge_together(record: Record, audience: Mapping[int, Row], links: int | None) -> Record:
    """The record of a message with the clicks and openings of its audience that are likely a machine's told so. `links`: how many it has,
    where its entry says."""
    seen = {
        person: [act for act in record.acts.get(person, []) if not (row.objects and act.kind in TRACKED)]
        for person, row in audience.items()
    }
    clicked = {act.link for acts in seen.values() for act in acts if act.kind == "clicked" and act.link}
    can_burst = (len(clicked) if links is None else links) >= _MANY
    judged = Record()
    for person, acts in record.acts.items():
        bursts = _bursts(acts)
        landed = _landed(acts)
        judged.acts[person] = [
            replace(act, tells=State.LIKELY)
            if act.tells is State.HUMAN and (_in_burst(act, bursts) or (not can_burst and _is_prompt(act, landed)))
            else act
            for act in acts
        ]
    return judged


def _landed(acts: list[Act]) -> set[int]:
    """The slots of the deliveries by mail, and those after them."""
    deliveries = [act for act in acts if act.kind == "delivered" and act.channel == "email" and _is_timed(act)]
    return {slot for act in deliveries if act.slot is not None for slot in (act.slot, act.slot + SLOT)}


def _is_timed(act: Act) -> bool:
    return act.own_time and act.slot is not None


def _bursts(acts: list[Act]) -> set[int]:
    """The ticks of every pair of neighbours in which three links or more were followed."""
    links_of: dict[int, set[str]] = {}
    for act in acts:
        if act.kind == "clicked" and act.link and _is_timed(act):
            links_of.setdefault(act.tick, set()).add(act.link)
    pairs = {first for tick in links_of for first in (tick - 1, tick)}
    found = {first for first in pairs if len(links_of.get(first, set()) | links_of.get(first + 1, set())) >= _MANY}
    return found | {first + 1 for first in found}


def _in_burst(act: Act, bursts: Container[int]) -> bool:
    return act.kind in ("clicked", "opened") and _is_timed(act) and act.tick in bursts


def _is_prompt(act: Act, landed: Container[int]) -> bool:
    return act.kind == "clicked" and act.channel == "email" and _is_timed(act) and act.slot in landed
