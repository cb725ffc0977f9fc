"""The attack on one organisation: its snapshots are published and given to the attacker, alone and two at a time; what comes back is every
small group whose count they hold too closely."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np

from metrics.evaluate import Answers
from metrics.reading import Reading, State
from metrics.snapshot import PublishedReading, Snapshot
from tests.metrics.disclosure.attacker import Attacker, Fact, Range, Subject, What
from tests.metrics.disclosure.organisation import World

# As closely as the words "at most 3" hold a count, which are published of any group: nothing small may be held more closely.
WORD = 2
_MOST_PARTS = 20

Public = tuple[Mapping[str, int], Mapping[str, Collection[str]]]
"""When messages were sent, and the attributes of which everybody has a value, with their values."""


class Target(NamedTuple):
    """A group: its denominator (`size`) and its different people, at the least; `asked` where a reading is about it, else it is one
    unit's part of such a group."""

    subject: Subject
    size: int
    people: int
    asked: bool


class Leak(NamedTuple):
    subject: Subject
    what: What
    size: int
    range: Range


@dataclass(frozen=True)
class Shot:
    """A snapshot as the attacker has it, and the small groups there are in truth."""

    now: int
    erased: int
    facts: tuple[Fact, ...]
    small: tuple[Target, ...]


def shoot(world: World, ticks: int | None = None) -> list[Shot]:
    """The snapshots of an organisation, all or the first ones."""
    shots: list[Shot] = []
    last: Snapshot | None = None
    made: dict[int, Fact] = {}
    largest: dict[Subject, int] = {}
    erased = 0
    kept: list[Snapshot] = []
    for now in world.moments[:ticks]:
        if world.rng.random() < 0.1:
            world.erase(1)
            erased += 1
        answers = world.answer(now)
        last = world.publish(answers, now, last)
        kept.append(last)
        readings = {_key(reading): reading for _, reading in (*answers.readings, *answers.messages)}
        facts = {}
        for published in (*last.readings, *last.message_readings):
            # Figures held back are the same object: they were made when they were published first.
            fact = made.get(id(published)) or Fact(_subject(readings[_key(published)]), now, erased, published)
            made[id(published)] = facts[_key(published)] = fact
        small = []
        for target in _groups(answers, readings.values()):
            # A group that lost somebody by an erasure was large enough when its figures were made.
            largest[target.subject] = max(largest.get(target.subject, 0), target.people)
            small += [target] if largest[target.subject] < world.settings.disclosure.k else []
        shots.append(Shot(now, erased, tuple(facts.values()), tuple(small)))
    return shots


def _key(reading: Reading | PublishedReading) -> tuple[str, str, str, str | None, str | None]:
    return reading.target, reading.indicator, reading.segment, reading.message, reading.period


def _subject(reading: Reading) -> Subject:
    indicator, window = reading.measure.split("|")
    return Subject(indicator, int(window.split()[0]), frozenset((*reading.members, *reading.without)), reading.place)


def _groups(answers: Answers, readings: Iterable[Reading]) -> Iterable[Target]:
    """What readings are about, and their part in every single unit; where there is anybody."""
    for reading in readings:
        subject = _subject(reading)
        if len(reading.units):
            yield Target(subject, int(reading.totals[: State.OUT].sum()), reading.people, asked=True)
        for unit in subject.units:
            row = answers.count(reading.measure, unit, reading.place)
            size = 0 if row is None else int(row[: State.OUT].sum())
            if size:
                yield Target(subject._replace(units=frozenset([unit])), size, size, asked=False)


def attack(world: World, shots: Sequence[Shot], *, pairs: int) -> list[Leak]:
    """The last snapshot alone, and so many pairs: half of them neighbours, the others any two."""
    random = np.random.default_rng(len(world.sent))
    chosen = [(shots[-1], shots[-1])]
    for candidates in (list(pairwise(shots)), list(combinations(shots, 2))):
        random.shuffle(candidates)
        chosen += candidates[: pairs // 2]
    sent_at = {sent.message.id: (sent.message.sent_at or 0) // 1_000_000 for sent in world.sent}
    found: list[Leak] = []
    for one, other in chosen:
        facts = list(dict.fromkeys((*one.facts, *other.facts)))
        for indicator in sorted({fact.subject.indicator for fact in facts}):
            known = [fact for fact in facts if fact.subject.indicator == indicator and fact.subject.units]
            targets = [each for each in dict.fromkeys(other.small) if each.subject.indicator == indicator]
            parts = [target for target in targets if not target.asked]
            random.shuffle(parts)
            chosen_ones = [*(target for target in targets if target.asked), *parts[:_MOST_PARTS]]
            found += _attack(known, chosen_ones, other, (sent_at, world.complete))
    return found


def _attack(known: list[Fact], targets: Sequence[Target], shot: Shot, public: Public) -> Iterable[Leak]:
    if not known or not targets:
        return
    attacker = Attacker(known, *public)
    asked: list[tuple[Target, What]] = [(target, what) for target in targets for what in ("did", "not")]
    enough = [min(target.size, WORD) for target, _ in asked]
    ranges = attacker.ranges([(one.subject, what) for one, what in asked], shot.now, shot.erased, enough=enough)
    wholes = [fact for fact in known if fact.subject.place == ("", "")]
    from_wholes = Attacker(wholes, *public) if wholes else None
    for (target, what), range, needed in zip(asked, ranges, enough, strict=True):
        if range is None or range.width >= needed - 1e-6:
            continue
        # What the figure for everybody says of any part of them is public, however small the part.
        whole = target.subject._replace(place=("", ""))
        open_to_all = from_wholes and from_wholes.ranges([(whole, what)], shot.now, shot.erased, enough=[np.inf])[0]
        if not open_to_all or target.subject == whole or range.width < min(needed, open_to_all.high) - 1e-6:
            yield Leak(target.subject, what, target.size, range)
