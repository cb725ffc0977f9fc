"""An endless stream that is the same whenever it is read, a process that records it from the first hole on, and what it comes to by
plain computation."""

import random
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Engine

from collectors.events import Collected, DeadLetter, Event, Interval
from metrics.facts import Key
from metrics.ledger.database import open_database
from metrics.ledger.folding import fold
from metrics.ledger.intervals import read_intervals
from metrics.ledger.writer import Writer
from tests.metrics.ledger.whole import Facts, Whole, make_writer, pseudonym

SOURCE, STREAM = "mail", "topic"
PARTITIONS = (0, 1)
START = 1_790_000_000

PEOPLE = [pseudonym(name) for name in range(300)]

Record = Callable[[Writer, Collected], object]


class Place(NamedTuple):
    partition: int
    offset: int


def element(place: Place) -> Event | DeadLetter:
    """What stands at a place: openings and deliveries, now and then an answer or something that nobody understands."""
    chance = random.Random(place.offset * 2 + place.partition)
    second = START + chance.randrange(86_400)
    person, message = chance.choice(PEOPLE), f"m{chance.randrange(5)}"
    lot = chance.random()
    if lot < 0.01:
        return DeadLetter(STREAM, place.partition, place.offset, 0, "not_json", "why", b"{")
    if lot < 0.1:
        choice = chance.choice("abc")
        return Event(
            "answered", message, person, "survey", second * 1_000_000, id=str(place), question="q", choice=choice
        )
    return Event("opened" if lot < 0.6 else "delivered", message, person, "email", second * 1_000_000, id=str(place))


def read_stream(partition: int, start: int, end: int) -> Collected:
    """What a source hands over for positions [start, end) of a partition."""
    elements = [element(Place(partition, offset)) for offset in range(start, end)]
    return Collected(
        SOURCE,
        events=[each for each in elements if isinstance(each, Event)],
        dead=[each for each in elements if isinstance(each, DeadLetter)],
        read=[Interval(STREAM, partition, start, end)],
    )


def first_hole(engine: Engine, partition: int) -> int:
    with engine.connect() as connection:
        intervals = read_intervals(connection, SOURCE).get((STREAM, partition), [])
    return intervals[0].end if intervals and intervals[0].start == 0 else 0


def work(store: str, seed: int, until: int | None = None, record: Record = Writer.record) -> None:
    """Record and fold from the first hole on, some of it again, as a process of the service does; until both partitions have
    been read up to `until`, else for ever."""
    chance = random.Random(seed)
    engine = open_database(store)
    writer = make_writer(engine)
    places = {partition: first_hole(engine, partition) for partition in PARTITIONS}
    while until is None or min(places.values()) < until:
        partition = min(PARTITIONS, key=lambda each: places[each])
        end = places[partition] + chance.randint(1, 300)
        end = end if until is None else min(end, until)
        start = max(0, places[partition] - chance.randint(0, 20))
        record(writer, read_stream(partition, start, end))
        places[partition] = end
        if chance.random() < 0.4:
            with engine.begin() as connection:
                fold(connection, limit_bytes=chance.choice([1, 20_000]))
    engine.dispose()


def compute_plainly(until: int) -> tuple[dict[Key, Facts], dict[tuple[str, str], str], set[Place]]:
    """Facts, the newest choice of each (message, person), and the places of dead letters, up to `until` in each partition."""
    facts: dict[Key, Facts] = defaultdict(set)
    answers: dict[tuple[str, str], tuple[int, str, str]] = {}
    dead = set()
    for place in (Place(partition, offset) for partition in PARTITIONS for offset in range(until)):
        each = element(place)
        if isinstance(each, DeadLetter):
            dead.add(place)
            continue
        message, person, at, choice = str(each.message), str(each.person), each.occurred_at or 0, str(each.choice)
        width = 10 if each.action == "opened" else 300
        slot = at // 1_000_000 // width * width // 10
        facts[Key(message, str(each.channel), each.action, "")].add((slot, person))
        if each.action == "answered":
            newest = answers.get((message, person), (0, "", ""))
            answers[message, person] = max(newest, (at, str(each.id), choice))
    return dict(facts), {who: choice for who, (_, _, choice) in answers.items()}, dead


def differences(whole: Whole, until: int) -> list[str]:
    """What a ledger has lost or has in excess, in words."""
    facts, answers, dead = compute_plainly(until)
    found = []
    for key in sorted(facts.keys() | whole.sets.keys()):
        expected, kept = facts.get(key, set()), whole.sets.get(key, set())
        if expected != kept:
            found.append(f"{key}: {len(expected - kept)} lost, {len(kept - expected)} in excess")
    if answers != {(row[0], row[1]): row[3] for row in whole.answers}:
        found.append("answers differ")
    if dead != {Place(row[2], row[3]) for row in whole.letters}:
        found.append("dead letters differ")
    expected_intervals = {(STREAM, partition): [Interval(STREAM, partition, 0, until)] for partition in PARTITIONS}
    if whole.intervals != expected_intervals:
        found.append(f"read {whole.intervals}")
    return found
