"""What an indicator is said to read is all it reads: without every other kind of fact its counts are the same."""

import random
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pytest

from collectors.events import ACTIONS
from config.schema import IndicatorSettings, Organisation, Settings
from metrics.answers import collect_answers
from metrics.audiences import Audience
from metrics.clock import Clocks
from metrics.counting import Measure, class_people
from metrics.entries import read_entry
from metrics.facts import TICK_SECONDS, UNTIMED, Key
from metrics.indicator import OF_NOBODY, always
from metrics.indicators import INDICATORS
from metrics.ledger.directory_store import PSEUDONYM_BYTES, DirectoryRow, columns_of, write_attributes
from metrics.ledger.sets import AnswerRow
from metrics.ledger.slots import SlotSet
from metrics.marks import take_footprint
from metrics.people import People, Register
from metrics.privacy.uses import ITEMS, kinds_needed, kinds_read
from metrics.sight import Sight
from metrics.view import Behind, Deed, View

SIZE = 40
SENT = 1_793_869_200  # Thursday 5 November 2026, 09:00 UTC
KINDS = sorted({*ACTIONS, "engaged"})
CHANNELS = ("email", "intranet", "chat")
SETTINGS = IndicatorSettings()
MESSAGE = read_entry(
    {
        **{"id": "m", "channel": "email", "audience": "all", "words": 60, "links": 3, "version": "1"},
        **{"sent_at": "2026-11-05T09:00:00Z", "due_at": "2026-11-09T09:00:00Z", "purpose": "act"},
        **{"expects": ["read", "acknowledge", "answer", "reply"]},
        "questions": [{"id": "q", "options": ["a", "b"], "correct": "a"}, {"id": "s", "lowest": 1, "highest": 5}],
    }
)
DETAILS = {
    "clicked": ["link=1", "link=2", "link=3", "machine=likely&link=1"],
    "acknowledged": ["version=1", "version=2", ""],
    "engaged": ["seconds=2", "seconds=12", "seconds=60"],
    "reacted": ["choice=like"],
}


def everything(dice: random.Random) -> dict[Key, SlotSet]:
    """Some of everything that can be on record about the message."""
    found = {}
    for kind in KINDS:
        for detail in DETAILS.get(kind, ["", "machine=yes", "agent=apple_proxy"]):
            people = dice.sample(range(1, SIZE + 1), 6)
            begin = SENT // TICK_SECONDS + dice.choice([0, 1, 30, 900, 8640 * 3, 8640 * 9])
            slots = [begin + dice.choice([0, 0, 1]) if dice.random() < 0.95 else UNTIMED for _ in people]
            found[Key("m", dice.choice(CHANNELS), kind, detail)] = SlotSet.from_pairs(slots, people)
    # On which channels a message was met at all is a matter of any fact: here it is met on all of them.
    for channel in CHANNELS:
        found[Key("m", channel, "delivered", "agent=none")] = SlotSet.from_pairs([SENT // TICK_SECONDS], [1])
    return found


def everybody() -> People:
    pseudonyms = [number.to_bytes(PSEUDONYM_BYTES) for number in range(1, SIZE + 1)]
    rows = [
        DirectoryRow(each, each, None, "", number % 5 == 0, number % 7 == 0, write_attributes(()))
        for number, each in enumerate(pseudonyms)
    ]
    return People(columns_of(rows), Register(pseudonyms, range(1, SIZE + 1)))


PEOPLE = everybody()


def view_of(sets: Mapping[Key, SlotSet], kinds: Collection[str], dice: random.Random) -> View:
    """What is left of everything when these kinds alone are on record."""
    shown = frozenset(ACTIONS)
    claims = dict.fromkeys((*CHANNELS, "survey"), shown)
    sight = Sight(claims, frozenset(CHANNELS), SETTINGS.words_per_minute, claims)
    roster = PEOPLE.roster(SENT * 1_000_000)
    audience = Audience(roster.person, roster.attributes, roster.images_blocked, roster.objects)
    rows = [
        AnswerRow("m", number, question, dice.choice("ab"), dice.choice([1.0, 5.0]), SENT * 1_000_000, "", "", rated)
        for question in ("q", "s", "role", "recommend", "rating")
        for rated in (False, True)
        for number in dice.sample(range(1, SIZE + 1), 20)
    ]
    left = [row for row in rows if ("rated" if row.rated else "answered") in kinds]
    behind = Behind(PEOPLE, roster, collect_answers(left, audience, PEOPLE))
    back = {("m", "like"): np.arange(0, SIZE, 3)} if "unreacted" in kinds else {}

    def look(behind: Behind | None) -> View:
        view = View(MESSAGE, audience, sight=sight, clocks=Clocks(Organisation()), behind=behind)
        view.take({key: facts for key, facts in sets.items() if key.kind in kinds}, PEOPLE, back)
        return view

    # As if what the message wants done were to look at it.
    done = look(None)
    return look(replace(behind, deed=Deed(frozenset(kinds), done, done)))


def counts_of(indicator: str, kinds: Collection[str], seed: int) -> list[object]:
    """Everything that leaves the view for this indicator."""
    dice = random.Random(seed)
    view = view_of(everything(dice), kinds, dice)
    chosen = replace(INDICATORS[indicator], applies=always)
    found: list[object] = []
    if chosen.classify is not None:
        classed = class_people(view, Measure(chosen, None), view.clocks)
        assert classed is not None
        found += [classed.states.tolist(), classed.delivered.tolist(), classed.engaged]
        found += [None if classed.since is None else classed.since.tolist()]
        found += [None if classed.extra is None else classed.extra.tolist()]
        found += [None if classed.held is None else classed.held.states.tolist()]
        if classed.delays is not None:
            found += [classed.delays.seconds.tolist(), classed.delays.reached.tolist()]
    marks = [mark.format_map(vars(SETTINGS)) for mark in chosen.marks]
    found += [mark.tolist() for _, mark in sorted(take_footprint(view, marks, view.clocks).marks.items())]
    return found


@pytest.mark.parametrize("indicator", sorted(INDICATORS))
def test_without_the_kinds_it_does_not_read_every_count_is_the_same(indicator: str) -> None:
    read = kinds_read(INDICATORS[indicator], SETTINGS)
    for seed in range(8):
        assert counts_of(indicator, read, seed) == counts_of(indicator, KINDS, seed)


@pytest.mark.parametrize("indicator", sorted(INDICATORS))
def test_whatever_reads_how_long_people_looked_says_so(indicator: str) -> None:
    chosen = INDICATORS[indicator]
    if not chosen.between_segments and not chosen.by_verdict:
        assert chosen.attention == ("engaged" in kinds_read(chosen, SETTINGS))


@pytest.mark.parametrize("indicator", sorted(INDICATORS))
def test_an_indicator_reads_kinds_that_there_are(indicator: str) -> None:
    read = kinds_read(INDICATORS[indicator], SETTINGS)
    assert read or INDICATORS[indicator].of in OF_NOBODY
    assert read <= {*KINDS, ITEMS}


def test_what_tells_a_machine_is_read_with_what_it_may_have_done() -> None:
    assert {"clicked", "delivered", "bounced"} <= kinds_read(INDICATORS["opened"], SETTINGS)
    assert "unreacted" in kinds_read(INDICATORS["response"], SETTINGS)
    assert "unreacted" not in kinds_read(INDICATORS["reach"], SETTINGS)


def test_a_gap_between_segments_reads_what_its_indicator_reads() -> None:
    gap = replace(INDICATORS["reach"], between_segments=True)
    settings = IndicatorSettings(gap_of="acknowledged")
    assert kinds_read(gap, settings) == kinds_read(INDICATORS["acknowledged"], settings)


def test_needs_are_told_by_target() -> None:
    settings = Settings.model_validate(
        {"targets": [{"name": "one", "indicator": "acknowledged"}, {"name": "two", "indicator": "delivered"}]}
    )
    needed = kinds_needed(settings)
    assert needed["acknowledged"] == ("one",)
    assert needed["delivered"] == ("one", "two")
    assert "opened" not in needed
