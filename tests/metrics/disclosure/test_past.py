"""Readings of periods that have become past, which are kept for good: decided on beside the day's, and held against what follows."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from config.schema import Target
from metrics.evaluate import Answers
from metrics.history import Past
from metrics.reading import Members, Place, Reading, State
from metrics.snapshot import PublishedReading, Snapshot, Versions, decode, encode
from tests.metrics.disclosure.attack import attack, shoot
from tests.metrics.disclosure.campaign import make_world
from tests.metrics.disclosure.organisation import World
from tests.metrics.disclosure.planted import past_apart
from tests.metrics.disclosure.test_epochs import BY_SITE, HOUR, MORNING, REACH, make_publisher, read
from tests.metrics.make import reading, row

_VERSIONS = Versions("1", "1", "1")
_SITES = {"all": (90, 159), "site=Lyon": (20, 50), "site=Oslo": (3, 9), "site=Rome": (67, 100)}
Asked = list[tuple[Target, Reading]]


def asked(counts: Mapping[str, tuple[int, int]]) -> Asked:
    return [
        (target, read(target, segment, each))
        for segment, each in counts.items()
        for target in [REACH if segment == "all" else BY_SITE]
    ]


def weekly(counts: Mapping[str, tuple[int, int]]) -> Past:
    """What a target by site says of a week that has become past, in which the same messages were sent."""
    week = BY_SITE.model_copy(update={"name": "weekly", "period": "week"})
    readings = [
        replace(read(week, segment, each), target="weekly", period="2026-W43") for segment, each in counts.items()
    ]
    return Past(week, "week", date(2026, 10, 19), readings)


class Wall:
    """What everybody sees, and what was kept of the past, by segment."""

    def __init__(self) -> None:
        self._publisher = make_publisher()
        self._last: Snapshot | None = None
        self.kept: dict[str, PublishedReading] = {}

    def publish(self, day: int, readings: Asked, *past: Past) -> dict[str, PublishedReading]:
        def keep(_target: Target, _period: str, _start: date, published: object) -> None:
            assert isinstance(published, list)
            self.kept |= {one.segment: one for one in published}

        as_of = MORNING + 24 * day * HOUR
        snapshot = self._publisher.snapshot(
            Answers(readings, []), {}, as_of=as_of, versions=_VERSIONS, last=self._last, past=past, keep=keep
        )
        self._last = decode(encode(snapshot))
        return {one.segment: one for one in snapshot.readings}


def hidden(readings: Mapping[str, PublishedReading]) -> set[str]:
    return {segment for segment, one in readings.items() if one.verdict == "suppressed"}


def test_a_past_week_is_hidden_where_the_same_of_today_is() -> None:
    wall = Wall()
    segments = {segment: counts for segment, counts in _SITES.items() if segment != "all"}
    assert hidden(wall.publish(0, asked(_SITES), weekly(segments))) == {"site=Lyon", "site=Oslo"}
    assert hidden(wall.kept) == {"site=Lyon", "site=Oslo"}


def test_what_was_told_of_a_past_week_is_held_against_what_follows() -> None:
    wall = Wall()
    # Nothing else is told of these messages that day, and so of everybody but Oslo nothing has to be hidden.
    assert (
        hidden(wall.publish(0, [], weekly({"site=Oslo": (3, 9), "site=Rome": (67, 100), "site=Lyon": (20, 50)})))
        == set()
    )
    assert hidden(wall.kept) == {"site=Oslo"}
    later = wall.publish(
        20, asked({"all": (90, 159), "site=Lyon": (20, 50), "site=Oslo": (3, 9), "site=Rome": (67, 100)})
    )
    assert "all" in hidden(later), "less Lyon and Rome, which are known, it would be Oslo"


def test_of_todays_figures_and_past_ones_the_past_ones_are_hidden_first() -> None:
    wall = Wall()
    # Either would do: everybody less Rome of today and Lyon of the week is Oslo.
    todays = asked({"all": (90, 159), "site=Lyon": (20, 50)})
    assert hidden(wall.publish(0, todays, weekly({"site=Oslo": (3, 9), "site=Rome": (67, 100)}))) == set()
    assert hidden(wall.kept) == {"site=Oslo", "site=Rome"}


def test_a_past_week_is_told_as_it_is_or_hidden_never_as_it_was_yesterday() -> None:
    counts: dict[Members, dict[State, int]] = {
        ("m",): {State.H: 30, State.NOT: 30},
        ("few",): {State.H: 1, State.NOT: 3},
    }
    publisher = make_publisher()

    def count(_measure: str, members: Members, _place: Place) -> NDArray[np.int64]:
        return row(counts[members])

    def of(*members: Members) -> Reading:
        made = reading(*(row(counts[each]) for each in members))
        return replace(made, target="reach", place=("", ""), measure="reach|", members=members, period="2026-W43")

    kept: list[PublishedReading] = []
    young = Answers([(REACH, of(("m",), ("few",)))], [], count=count)
    last = publisher.snapshot(young, {}, as_of=MORNING, versions=_VERSIONS)
    past = Past(REACH, "week", date(2026, 10, 19), [of(("m",))])
    publisher.snapshot(
        Answers([], [], count=count),
        {},
        as_of=MORNING + 24 * HOUR,
        versions=_VERSIONS,
        last=last,
        past=[past],
        keep=lambda _target, _period, _start, published: kept.extend(published),
    )
    assert [one.verdict for one in kept] == ["suppressed"], "beside yesterday's it would tell of four people"


def test_people_of_one_week_are_not_taken_for_those_of_another() -> None:
    """A whole week is one unit: were it called the same as the next, figures of both would be held against each other."""
    world = World(5, 50, (Target(name="met", indicator="period_reach", by="department", period="week"),))
    answered = [world.answer(now).readings for now in (world.moments[0], world.moments[0] + 8 * 86_400)]
    periods = {reading.period: reading.members for readings in answered for _, reading in readings}
    assert len(periods) == 2
    assert len(set(periods.values())) == 2


@pytest.mark.parametrize("seed", [3, 16, 54])
def test_past_periods_that_are_decided_on_by_themselves_give_small_groups_away(seed: int) -> None:
    world = make_world(seed)
    assert attack(world, shoot(world)) == []
    world = make_world(seed)
    with past_apart():
        assert attack(world, shoot(world))
