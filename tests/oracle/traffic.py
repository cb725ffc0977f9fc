"""Distinct facts by channel and day: how many are machines', how many are about a message and a person that are known, and by how many
people they are. Which days a target asks about is left to `day_answers`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.oracle.acts import NO_FACT, TRACKED, Act, Record, State, acts_of
from tests.oracle.catalogue import Message, canonical
from tests.oracle.directory import Directory
from tests.oracle.machines import judge_together
from tests.oracle.raw import RawEvent

# Kept to ten seconds; everything else to five minutes.
_FINE = frozenset({"opened", "viewed", "clicked", "attended"})
_CAN_BURST = 3


@dataclass(frozen=True)
class Fact:
    """`part`: what is counted together; `slot`: the start of its five minutes (seconds); `who`: below 0 somebody whom the directory does
    not know; `machine`: whether no evidence of it is a human's; `known`: whether the message is."""

    part: str
    message: Message | None
    channel: str
    slot: int
    who: int
    machine: bool
    known: bool

    @property
    def joined(self) -> bool:
        return self.known and self.who >= 0


@dataclass
class _Part:
    """A message with all its references, or a reference that nobody described. `references`: beside each person's acts."""

    record: Record = field(default_factory=Record)
    references: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def links(self) -> int:
        clicked = (act for acts in self.record.acts.values() for act in acts if act.kind == "clicked" and act.link)
        return len({act.link for act in clicked})


def gather_facts(events: Iterable[RawEvent], directory: Directory, messages: Sequence[Message]) -> list[Fact]:
    described = {reference: message for message in messages for reference in message.references}
    wanted = {canonical(message.action) for message in messages if message.action}
    objecting = directory.objecting()
    parts: dict[str, _Part] = defaultdict(_Part)
    strangers: dict[str, int] = {}
    for event in events:
        if event.person is None or not event.reference:
            continue
        reference, person = canonical(event.reference), directory.person(event.person)
        who = strangers.setdefault(event.person, -1 - len(strangers)) if person is None else person
        message = described.get(reference)
        part = parts[f"message {message.id}" if message is not None else f"reference {reference}"]
        for act in acts_of(event):
            if act.kind not in NO_FACT:
                part.record.acts[who].append(act)
                part.references[who].append(reference)
    found = []
    for name, part in parts.items():
        reference = next(iter(part.references.values()))[0] if part.references else ""
        known = reference in described or reference in wanted
        found += list(_facts(name, part, described.get(reference), known, objecting))
    return found


def _facts(name: str, part: _Part, message: Message | None, known: bool, objecting: set[int]) -> Iterable[Fact]:
    links = _CAN_BURST if message is None else part.links if message.links is None else message.links
    judged = judge_together(part.record, {}, links)
    machine: dict[tuple[str, str, str, int, int], bool] = {}
    slot_of: dict[tuple[str, str, str, int, int], int] = {}
    for who, acts in judged.acts.items():
        for reference, act in zip(part.references[who], acts, strict=True):
            if act.slot is None or (who in objecting and act.kind in TRACKED):
                continue
            key = (reference, act.channel, act.kind, _place(act, act.slot), who)
            machine[key] = machine.get(key, True) and act.tells is not State.HUMAN
            slot_of[key] = act.slot
    for key, is_machine in machine.items():
        _, channel, _, _, who = key
        yield Fact(name, message, channel, slot_of[key], who, is_machine, known)


def _place(act: Act, slot: int) -> int:
    return act.tick if act.kind in _FINE else slot


def count_people(facts: Iterable[Fact]) -> int:
    """Of those that are counted together on one channel, the most: so many are certain."""
    people: dict[tuple[str, str], set[int]] = defaultdict(set)
    for fact in facts:
        people[fact.part, fact.channel].add(fact.who)
    return max(map(len, people.values()), default=0)
