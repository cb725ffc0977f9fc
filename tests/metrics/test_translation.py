"""Events to facts: the short way of the many is the long way of each."""

import random

from collectors.events import ACTIONS, Event
from metrics import translation
from metrics.facts import Facts
from metrics.translation import translate

T = 1_790_000_000_000_000


def some_events(count: int) -> list[Event]:
    dice = random.Random(20261122)
    return [
        Event(
            dice.choice(ACTIONS),
            dice.choice(["m1", "m2"]),
            dice.choice(["a" * 64, "b" * 64, None]),
            dice.choice(["email", "intranet"]),
            dice.choice([None, T + dice.randrange(10**12)]),
            dice.choice([None, T + dice.randrange(10**12)]),
            id=dice.choice([None, "1"]),
            evidence=dice.choice([None, "pixel", "webhook"]),
            machine=dice.choice(["unknown", "yes", "likely"]),
            agent=dice.choice([None, "phone"]),
            engaged_seconds=dice.choice([None, 0.0, 4.9, 14.9, 15.1, 61.0, 4000.0, 90_000.0]),
            link=dice.choice([None, "https://example.org/a"]),
            item=dice.choice([None, None, "i1"]),
            question=dice.choice([None, "q"]),
            choice=dice.choice([None, "like"]),
            version=dice.choice([None, "2"]),
        )
        for _ in range(count)
    ]


def plain(facts: Facts) -> tuple[object, ...]:
    sets = {key: sorted(zip(*pair, strict=True)) for key, pair in facts.sets.items()}
    return sets, facts.answers, facts.reactions, facts.items, facts.anonymous


def test_every_event_comes_to_the_same_facts_by_the_short_way_as_by_the_long_one() -> None:
    events = some_events(20_000)
    by_the_long_way = Facts({}, [], [], [])
    for event in events:
        translation._add_event(by_the_long_way, event)
    assert plain(translate(events)) == plain(by_the_long_way)


def test_an_event_comes_to_the_same_facts_alone_as_among_others() -> None:
    events = some_events(2000)
    together = Facts({}, [], [], [])
    for event in events:
        for key, (slots, persons) in translate([event]).sets.items():
            pair = together.sets.setdefault(key, ([], []))
            pair[0].extend(slots)
            pair[1].extend(persons)
    assert plain(translate(events))[0] == plain(together)[0]


def test_who_raised_an_item_is_kept_to_the_day_and_apart_from_what_it_was_about() -> None:
    facts = translate([Event("raised", "m1", "a" * 64, "intranet", T, T, item="i1")])
    ((key, (slots, persons)),) = facts.sets.items()
    assert (key.reference, key.kind, persons) == ("", "raised", ["a" * 64])
    assert slots[0] % 8640 == 0
    assert [step.item for step in facts.items] == ["i1"]


def test_of_no_events_there_are_no_facts() -> None:
    assert translate([]) == Facts({}, [], [], [])
