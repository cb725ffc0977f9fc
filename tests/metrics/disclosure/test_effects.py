"""Those held out of messages: a difference from them tells of them too, and they are kept as well as the audience."""

from dataclasses import replace

import pytest

from config.schema import Target
from metrics.disclosing.counts import Counts
from metrics.disclosing.questions import SEEN
from metrics.snapshot import Parts, PublishedReading
from tests.metrics.disclosure.attack import Leak, attack, shoot
from tests.metrics.disclosure.campaign import make_world
from tests.metrics.disclosure.effects import HELD, sides_of
from tests.metrics.disclosure.organisation import World

_TARGETS = (
    Target(name="effect", indicator="action_effect", window="24 hours", by="department", judge="count"),
    Target(name="effect_all", indicator="action_effect", window="24 hours", judge="count"),
)


def found(seed: int) -> list[Leak]:
    """In an organisation of three large departments and one of 25 people, of whom a few are held out."""
    world = World(seed, 300, _TARGETS)
    codes = world.rng.integers(1, 4, world.size).astype("int16")
    codes[:25] = 0
    world.codes["department"] = codes
    both = (each for sent in world.sent for each in (sent, sent.held))
    for sent in (each for each in both if each is not None):
        sent.attributes["department"] = replace(sent.attributes["department"], codes=codes[sent.person])
        sent.unseen[:] = False
    return attack(world, shoot(world, ticks=2))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_those_held_out_of_a_small_group_are_not_left_over_from_the_others(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    assert found(seed) == []
    # Planted: that figures tell of those held out is forgotten.
    monkeypatch.setattr(Counts, "besides", lambda _self, _measure: [])
    assert [leak.subject.indicator for leak in found(seed)][:1] == [HELD]


def test_who_could_not_be_seen_tells_of_deeds_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a week's two messages one was to people who can all be seen: whoever of a department cannot be is of the other's."""
    assert of_deeds(101) == []
    # Planted: that figures of deeds tell that is forgotten.
    besides = Counts.besides
    monkeypatch.setattr(
        Counts, "besides", lambda self, measure: [each for each in besides(self, measure) if not each.endswith(SEEN)]
    )
    assert [leak.subject.indicator for leak in of_deeds(101)][:1] == ["action"]


def test_who_could_not_be_seen_is_held_against_the_days_after_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The only message of which somebody could not be seen has left the class."""
    assert of_deeds(525, ticks=3) == []
    # Planted: that only today's figures are looked at for it.
    monkeypatch.setattr(Counts, "_hid", lambda _self, _remembered: False)
    assert {leak.subject.indicator for leak in of_deeds(525, ticks=3)} == {"action"}


def of_deeds(seed: int, ticks: int | None = None) -> list[Leak]:
    """From the figures of deeds alone, all or the first ones."""
    world = make_world(seed)
    shots = [
        replace(
            shot,
            facts=tuple(fact for fact in shot.facts if fact.subject.indicator in ("action", HELD)),
            small=tuple(target for target in shot.small if target.subject.indicator == "action"),
        )
        for shot in shoot(world, ticks)
    ]
    return attack(world, shots)


def test_the_attacker_reads_off_a_difference_how_many_of_those_held_out_did_it() -> None:
    """Of 100 people 60 did it, and 10 of the 50 held out: 40 more in a hundred."""
    reading = PublishedReading(
        target="effect",
        indicator="action_effect",
        unit="ratio",
        channel="all",
        segment="all",
        message="m1",
        period=None,
        value=0.7,
        numerator=None,
        denominator=100,
        lower=0.7,
        upper=0.7,
        raw=None,
        coarse="",
        maturity=1.0,
        verdict="met",
        reason="",
        parts=Parts(E=100, D=100, H=60, P=0, S=0, U=0),
    )
    sides = sides_of(reading, 50, by_count=True)
    assert sides.audience == (60, 60)
    assert sides.held == pytest.approx((10, 10.1))
    assert sides_of(reading, 50, by_count=False).held == (0, 50)
