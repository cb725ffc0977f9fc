"""The attack on one organisation: its snapshots are published and given to the attacker, all of them together; what comes back is every
small group whose count they hold too closely."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from metrics.evaluate import Answers
from metrics.reading import Reading, State, denominators
from metrics.snapshot import PublishedReading, Snapshot
from tests.metrics.disclosure.attacker import Attacker, Fact, Public, Question, Range, Subject, What
from tests.metrics.disclosure.effects import DEED, HELD
from tests.metrics.disclosure.organisation import World
from tests.metrics.disclosure.past import is_of_period

# As closely as the words "at most 3" hold a count, which are published of any group: nothing small may be held more closely.
WORD = 2
_MOST_PARTS = 20


class Target(NamedTuple):
    """A group: its denominator (`size`) and its different people, at the least; `asked` where a reading is about it, else it is one
    unit's part of such a group."""

    subject: Subject
    size: int
    people: int
    asked: bool


class Leak(NamedTuple):
    """`of_all`: no figure of a part is needed for it; the figures for everybody say as much of each part of everybody."""

    subject: Subject
    what: What
    size: int
    range: Range
    of_all: bool = False

    def __str__(self) -> str:
        indicator, hours, units, place = self.subject
        messages = " ".join("+".join(unit) for unit in sorted(units))
        held = f"{self.range.low:g} to {self.range.high:g} of {self.size}"
        return f"{indicator} within {hours} h of {messages} in {'='.join(place)}: {self.what} {held}"


@dataclass(frozen=True)
class Shot:
    """A snapshot as the attacker has it, and the small groups there are in truth, of which so many are `hidden`."""

    now: int
    erased: int
    facts: tuple[Fact, ...]
    small: tuple[Target, ...]
    hidden: int


def shoot(world: World, ticks: int | None = None) -> list[Shot]:
    """The snapshots of an organisation, all or the first ones."""
    shots: list[Shot] = []
    last: Snapshot | None = None
    made: dict[int, Fact] = {}
    before: dict[tuple[str, str, str, str | None, str | None], Fact] = {}
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
        judged = {target.name: target.judge for target in world.settings.targets}
        facts = {}
        for published in (*last.readings, *last.message_readings):
            key = _key(published)
            # Figures held back were made when they were published first; within a day they are the same object.
            fact = before[key] if published.stands_since else made.get(id(published))
            fact = fact or _fact(answers, readings[key], published, (now, erased), by_count=judged[key[0]] == "count")
            made[id(published)] = facts[key] = fact
        before = dict(facts)
        for reading, published in world.became_past:
            fact = _fact(answers, reading, published, (now, erased), by_count=judged[reading.target] == "count")
            facts[(*_key(reading)[:-1], f"past {reading.period}")] = fact
        small = []
        for target in _groups(answers, [*readings.values(), *(reading for reading, _ in world.became_past)]):
            # A group that lost somebody by an erasure was large enough when its figures were made.
            largest[target.subject] = max(largest.get(target.subject, 0), target.people)
            small += [target] if largest[target.subject] < world.settings.disclosure.k else []
        too_few = [key for key, reading in readings.items() if 0 < reading.people < world.settings.disclosure.k]
        hidden = sum(facts[key].reading.verdict == "suppressed" for key in too_few if key in facts)
        shots.append(Shot(now, erased, tuple(facts.values()), tuple(small), hidden))
    return shots


def _key(reading: Reading | PublishedReading) -> tuple[str, str, str, str | None, str | None]:
    return reading.target, reading.indicator, reading.segment, reading.message, reading.period


def _fact(
    answers: Answers, reading: Reading, published: PublishedReading, moment: tuple[int, int], *, by_count: bool
) -> Fact:
    held = int(denominators(reading.held).sum()) if reading.compared else 0
    return Fact(_subject(answers, reading), *moment, published, held, by_count=by_count)


def _subject(answers: Answers, reading: Reading) -> Subject:
    """Whatever is asked of a deed, it is the same deed; a whole period is a unit of its own."""
    indicator, window = reading.measure.split("|")
    if is_of_period(indicator):
        return Subject(indicator, 0, frozenset([(str(reading.period),)]), reading.place)
    asked = (*reading.members, *reading.without)
    units = frozenset(unit for unit in asked if answers.count(reading.measure, unit, ("", "")) is not None)
    return Subject(DEED.get(indicator, indicator), int(window.split()[0]), units, reading.place)


def _groups(answers: Answers, readings: Iterable[Reading]) -> Iterable[Target]:
    """What readings are about, and their part in every single unit; where there is anybody."""
    for reading in readings:
        subject = _subject(answers, reading)
        if len(reading.units):
            people = int(denominators(reading.units).max()) if reading.compared else reading.people
            yield Target(subject, int(reading.totals[: State.OUT].sum()), people, asked=True)
        for unit in sorted(subject.units):
            row = answers.count(reading.measure, unit, reading.place)
            size = 0 if row is None else int(row[: State.OUT].sum())
            if size:
                yield Target(subject._replace(units=frozenset([unit])), size, size, asked=False)
        held = denominators(reading.held) if reading.compared else None
        if held is not None and held.any():
            others = subject._replace(indicator=HELD)
            yield Target(others, int(held.sum()), int(held.max()), asked=True)
            for unit, size in zip(reading.members, held.tolist(), strict=True):
                if size:
                    yield Target(others._replace(units=frozenset([unit])), size, size, asked=False)


def attack(world: World, shots: Sequence[Shot]) -> list[Leak]:
    """Without what the figures for everybody say."""
    return [leak for leak in find_narrow(world, shots) if not leak.of_all]


def find_narrow(world: World, shots: Sequence[Shot]) -> list[Leak]:
    """All snapshots together, which hold more than any two of them."""
    facts = [fact for fact in dict.fromkeys(fact for shot in shots for fact in shot.facts) if fact.subject.units]
    asked = choose(world, shots)
    return list(_attack(facts, asked, world.public)) if facts and asked else []


def choose(world: World, shots: Sequence[Shot]) -> list[tuple[Target, Shot]]:
    """Whom to ask for, and when: whatever readings are about, and some of their parts; the same in every process."""
    random = np.random.default_rng(len(world.sent))
    small: dict[Subject, list[tuple[Target, Shot]]] = {}
    for shot in shots:
        for target in dict.fromkeys(shot.small):
            small.setdefault(target.subject, []).append((target, shot))
    subjects = [subject for subject, targets in small.items() if any(target.asked for target, _ in targets)]
    parts = [subject for subject in small if subject not in set(subjects)]
    random.shuffle(parts)
    # Each as it was last, and as it was some time before.
    return [
        one
        for subject in (*subjects, *parts[:_MOST_PARTS])
        for one in dict.fromkeys([small[subject][-1], small[subject][int(random.integers(len(small[subject])))]])
    ]


def _is_nobody(fact: Fact) -> bool:
    """That nobody of a segment was asked is its size, which counts as known."""
    return fact.reading.denominator is None and fact.reading.verdict != "suppressed"


def _attack(known: list[Fact], asked: Sequence[tuple[Target, Shot]], public: Public) -> Iterable[Leak]:
    attacker = Attacker(known, public)
    whats: tuple[What, ...] = ("did", "not")
    questions = [
        (target, Question(target.subject, what, shot.now, shot.erased))
        for target, shot in asked
        for what in (whats if target.subject.indicator != HELD else whats[:1])
    ]
    enough = [float(min(target.size, WORD)) for target, _ in questions]
    ranges = attacker.ranges([question for _, question in questions], enough=enough)
    wholes = [fact for fact in known if fact.subject.place == ("", "") or _is_nobody(fact)]
    from_wholes = None
    for (target, question), range, needed in zip(questions, ranges, enough, strict=True):
        if range is None or range.width >= needed - 1e-6:
            continue
        # What the figure for everybody says of any part of them is public, however small the part.
        whole = question._replace(subject=target.subject._replace(place=("", "")))
        if target.subject != whole.subject and wholes:
            others = (fact for fact in known if fact not in set(wholes))
            from_wholes = from_wholes or Attacker(wholes, public, others)
            (own,) = from_wholes.ranges([question], enough=[needed])
            needed = min(needed, from_wholes.most(whole), needed if own is None else own.width)
        yield Leak(target.subject, question.what, target.size, range, of_all=range.width >= needed - 1e-6)
