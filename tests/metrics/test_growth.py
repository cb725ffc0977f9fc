"""How far a message has come at given ages: of whole audiences, large enough, and in campaigns each person once."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from config.schema import Organisation
from metrics.cells import Classed, Segments, count, merge
from metrics.clock import Clocks
from metrics.counting import freeze, thaw
from metrics.growth import age_moments, count_by_age
from metrics.reading import State

PARIS = ZoneInfo("Europe/Paris")
CLOCKS = Clocks(Organisation(zone=PARIS))
NEVER = np.iinfo(np.int64).max


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=PARIS).timestamp())


def classed(since: dict[int, int], people: int = 60) -> Classed:
    """`since`: of those who did it, by their number."""
    person = np.arange(people, dtype=np.int32)
    states = np.array([State.H if one in since else State.NOT for one in range(people)], dtype=np.uint8)
    moments = np.array([since.get(one, NEVER) for one in range(people)], dtype=np.int64)
    return Classed(person, {}, states, np.ones(people, dtype=np.bool_), since=moments)


def growth(one: Classed, ages: list[int]) -> tuple[int, ...]:
    return count(one, Segments({}, (), len(one.person)), ages).growth


def test_ages_run_on_the_clock_of_the_window_until_it_closes() -> None:
    friday, closes = moment("2026-11-06T16:00"), moment("2026-11-09T17:00")
    working = age_moments(friday, closes, working=True, clocks=CLOCKS)
    assert working == [moment(f"2026-11-{text}") for text in ("06T17:00", "09T10:00", "09T12:00", "09T16:00")]
    wall = age_moments(friday, closes, working=False, clocks=CLOCKS)
    assert wall[:3] == [friday + 3600, friday + 7200, friday + 14_400]
    assert wall[-1] == friday + 72 * 3600


def test_whoever_came_at_the_moment_of_an_age_came_after_it() -> None:
    assert count_by_age(np.array([99, 100, 150, 300]), [100, 200, 300]) == (1, 3, 3)
    assert count_by_age(np.array([], dtype=np.int64), [100]) == (0,)


def test_only_those_who_count_count_at_any_age() -> None:
    one = classed({3: 50, 4: 150, 5: NEVER})
    one.since[7] = 10  # type: ignore[index]  # did it, and is not counted
    assert growth(one, [100, 200]) == (1, 2)


def test_small_audiences_leave_no_curve() -> None:
    assert growth(classed({3: 50}, people=49), [100]) == ()
    assert growth(classed({3: 50}, people=50), [100]) == (1,)


def test_in_a_campaign_everybody_counts_from_the_first_time() -> None:
    merged = merge([classed({1: 50, 2: 250}), classed({2: 150, 3: 250})])
    assert growth(merged, [100, 200, 300]) == (1, 2, 3)


def test_frozen_counts_keep_their_curve_and_those_frozen_before_have_none() -> None:
    cells = count(classed({1: 50}), Segments({}, (), 60), [100, 200])
    assert thaw(freeze({(("m1",), "reach|"): cells}))[("m1",), "reach|"].growth == (1, 1)
    rows = msgspec.msgpack.decode(freeze({(("m1",), "reach|"): cells}))
    del rows[0][2]["growth"]
    assert thaw(msgspec.msgpack.encode(rows))[("m1",), "reach|"].growth == ()
