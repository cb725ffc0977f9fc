"""What was told before somebody was erased is held against what is told since, as what it was: told of those who are gone, too."""

import pytest

from metrics.disclosing import programme
from metrics.disclosing.erasures import Erasures
from metrics.disclosing.groups import EVERYBODY, Earlier, Group, Told
from metrics.disclosing.memory import earlier_of, groups_of, remember
from metrics.disclosing.suppression import _Search
from metrics.disclosing.system import System
from metrics.snapshot import Remembered
from tests.metrics.disclosure.attack import attack, shoot
from tests.metrics.disclosure.campaign import make_world
from tests.metrics.disclosure.tables import Tables, group, place_of

_KEY = ("reach", "2026", "")
_GROUP = Group("reach|24 hours", frozenset([("m",)]), EVERYBODY)


@pytest.mark.parametrize(("seed", "large"), [(21, 20_000), (561, 20_000), (21, 0)])
def test_days_between_which_somebody_was_erased_give_no_small_group_away(
    monkeypatch: pytest.MonkeyPatch, seed: int, large: int
) -> None:
    monkeypatch.setattr(programme, "_LARGE", large)
    world = make_world(seed)
    assert attack(world, shoot(world)) == []
    # Planted: what was told before is held against today's people alone, as if they had been all there were.
    monkeypatch.setattr(_Search, "in_doubt", lambda _self, _guards: [])
    world = make_world(seed)
    assert attack(world, shoot(world)) != []


def test_what_was_told_before_an_erasure_is_remembered_beside_what_is_told_since() -> None:
    before = remember([(_KEY, _GROUP, (18, 18, 35))], (), "2026-11-01", 4)
    after = remember([(_KEY, _GROUP, (17, 17, 34))], before, "2026-11-02", 6)
    assert earlier_of(after, 6) == [Earlier(_GROUP, 2, Told(18, 18), 35)]
    assert earlier_of(after, 7) == [
        Earlier(_GROUP, 3, Told(18, 18), 35),
        Earlier(_GROUP, 1, Told(17, 17), 34),
    ]
    week_later = remember([(_KEY, _GROUP, (17, 17, 34))], after, "2026-11-09", 6)
    assert earlier_of(week_later, 7) == [Earlier(_GROUP, 1, Told(17, 17), 34)]


def test_where_nobody_was_erased_one_day_takes_the_place_of_the_other() -> None:
    before = remember([(_KEY, _GROUP, (18, 18, 35))], (), "2026-11-01", 4)
    (only,) = remember([(_KEY, _GROUP, (19, 19, 35))], before, "2026-11-02", 4)
    assert (only.day, only.figures) == ("2026-11-02", ((19, 19, 35),))
    assert earlier_of([only], 4) == []


def test_what_an_earlier_version_remembered_without_figures_may_have_been_anything() -> None:
    old = Remembered(_KEY, "2026-11-01", _GROUP.measure, (("m",),), "", ("",))
    assert groups_of([old]) == [_GROUP]
    ((_, gone, told, _),) = earlier_of([old], 1)
    assert gone == 1
    assert told.low == 0
    assert told.high > 10**9


def left_open(gone: int, others_before: tuple[int, int]) -> float:
    """How closely the count of three people is held, by everybody's of today (12 of 20) and by that of all others before."""
    tables = Tables(m={"department=others": (10, 17), "department=tiny": (2, 3)})
    everybody, others, tiny = (
        group("m", place_of(each)) for each in ("everybody", "department=others", "department=tiny")
    )
    system = System([everybody, others, tiny], lambda _measure: tables.tally_of, lost=True)
    did, n = others_before
    erasures = Erasures(system, [Earlier(others, gone, Told(did, did), n)])
    return erasures.rows({everybody: Told(12, 12)}).holds(erasures.at(0, system.groups[tiny]), 3).width


@pytest.mark.parametrize(
    ("gone", "before", "width"),
    [
        pytest.param(1, (10, 17), 0, id="none of the others was erased"),
        pytest.param(1, (10, 18), 1, id="one was, who did it or did not"),
        pytest.param(2, (11, 19), 2, id="two were"),
        pytest.param(5, (10, 18), 1, id="one of five"),
    ],
)
def test_what_those_who_were_erased_may_have_done_stays_open(gone: int, before: tuple[int, int], width: int) -> None:
    assert left_open(gone, before) == pytest.approx(width)


def test_what_was_told_twice_of_one_group_holds_together() -> None:
    tables = Tables(m={"department=others": (10, 17), "department=tiny": (2, 3)})
    everybody, others = group("m", EVERYBODY), group("m", place_of("department=others"))
    tiny = group("m", place_of("department=tiny"))
    system = System([everybody, others, tiny], lambda _measure: tables.tally_of, lost=True)
    for one, other, width in (((10, 10), (8, 12), 1), ((8, 12), (10, 10), 1), ((11, 11), (10, 10), 2)):
        erasures = Erasures(system, [Earlier(others, 1, Told(*each), 18) for each in (one, other)])
        held = erasures.rows({everybody: Told(12, 12)}).holds(erasures.at(0, system.groups[tiny]), 3)
        assert held.width == pytest.approx(width)


def test_a_world_that_was_found_opens_a_count_for_good_also_where_a_group_was_told_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tables = Tables(m={"department=others": (10, 17), "department=tiny": (2, 3)})
    everybody, others = group("m", EVERYBODY), group("m", place_of("department=others"))
    tiny = group("m", place_of("department=tiny"))
    system = System([everybody, others, tiny], lambda _measure: tables.tally_of, lost=True)
    erasures = Erasures(system, [Earlier(others, 2, Told(9, high), 19) for high in (11, 12)])
    rows, atoms = erasures.rows({everybody: Told(12, 12)}), erasures.at(0, system.groups[tiny])
    assert rows.holds(atoms, 2).width == 2
    monkeypatch.setattr(programme.Programme, "least", lambda *_: pytest.fail("solved once more"))
    assert rows.holds(atoms, 2).width == 2


def test_of_many_erasures_those_between_are_taken_for_the_oldest() -> None:
    tables = Tables(m={"department=others": (10, 17), "department=tiny": (2, 3)})
    told = group("m", EVERYBODY)
    system = System([told], lambda _measure: tables.tally_of, lost=True)
    many = Erasures(system, [Earlier(told, gone, Told(12 + gone, 12 + gone), 20 + gone) for gone in range(1, 6)])
    assert many.stages == 3
