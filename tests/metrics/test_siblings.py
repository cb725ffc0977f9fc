"""Of many parts of a target few are called missed by chance alone, and those that are missed are found."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.bounds import chance_below, over_messages
from metrics.figures import Question
from metrics.reading import Reading, State
from metrics.siblings import chance_of, hold_siblings
from metrics.snapshot import PublishedReading
from metrics.targets import Aim
from tests.metrics.made_up import reading as published
from tests.metrics.make import reading, row

AIM = Aim(0.7, "at_least", grows=True)
PROCESS = Question("process")


def team(chance: np.random.Generator, truth: float, messages: int = 6, spread: float = 0.1) -> Reading:
    """A team of 8 to 30 people, whose messages do not all come equally far."""
    people = int(chance.integers(8, 31))
    strength = truth * (1 - truth) / spread**2 - 1
    reached = chance.binomial(people, chance.beta(truth * strength, (1 - truth) * strength, messages))
    return reading(*(row({State.H: h, State.NOT: people - h}) for h in reached.tolist()), question=PROCESS)


def judged(teams: list[Reading], aim: Aim = AIM) -> list[PublishedReading]:
    assert aim.value is not None
    parts = [
        published(
            verdict="missed" if team.upper is not None and team.upper < aim.value else "met", segment=f"team={place}"
        )
        for place, team in enumerate(teams)
    ]
    return hold_siblings(parts, [chance_of(team, aim, missing_at_random=False) for team in teams])


def missed(parts: list[PublishedReading]) -> list[bool]:
    return [part.verdict == "missed" for part in parts]


def test_of_the_parts_called_missed_few_are_wrong() -> None:
    """Thirty teams just meet the target, ten are twenty-five points below."""
    chance, wrong, found, share = np.random.default_rng(1), 0, 0, []
    for _ in range(120):
        called = missed(judged([team(chance, 0.45 if place < 10 else 0.7) for place in range(40)]))
        wrong, found = wrong + sum(called[10:]), found + sum(called[:10])
        share.append(sum(called[10:]) / max(1, sum(called)))
    assert sum(share) / len(share) <= 0.05
    assert found / 1_200 >= 0.6, "and those that are missed are found"


def test_where_all_parts_meet_their_target_hardly_any_company_hears_of_one_that_misses() -> None:
    chance = np.random.default_rng(2)
    alarmed = dict.fromkeys((0.7, 0.75), 0)
    alone = 0
    for truth in alarmed:
        for _ in range(120):
            teams = [team(chance, truth) for _ in range(40)]
            alarmed[truth] += any(missed(judged(teams)))
            alone += any(one.upper is not None and one.upper < 0.7 for one in teams)
    assert alarmed[0.7] / 120 <= 0.08, "at the very edge"
    assert alarmed[0.75] / 120 <= 0.02, "five points over it"
    assert alone > 60, "each judged by itself, it would be half of them"


def test_a_part_that_stands_alone_is_judged_as_ever() -> None:
    chance = np.random.default_rng(3)
    for _ in range(200):
        one = team(chance, 0.55)
        assert one.upper is not None
        assert missed(judged([one])) == [one.upper < 0.7]


counts = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=6)


@given(counts, st.floats(0.05, 0.95))
def test_the_chance_is_under_a_fortieth_where_the_interval_lies_below(
    rows: list[tuple[int, int]], share: float
) -> None:
    reached = np.array([h for h, _ in rows])
    people = np.array([h + more for h, more in rows])
    if people.sum():
        chance = chance_below(reached, people, share)
        upper = over_messages(reached, people)[1]
        if abs(upper - share) > 1e-9:
            assert (chance < 0.025) == (upper < share)


@pytest.mark.parametrize(("share", "chance"), [(0.0, 1.0), (1.0, 0.0)])
def test_at_the_ends_of_the_scale_nothing_is_left_to_chance(share: float, chance: float) -> None:
    assert chance_below(np.array([5, 6]), np.array([10, 10]), share) == chance


def test_where_less_is_better_it_is_the_other_way_round() -> None:
    high = reading(*(row({State.H: 12, State.NOT: 8}) for _ in range(3)), question=PROCESS)
    low = reading(*(row({State.H: 8, State.NOT: 12}) for _ in range(3)), question=PROCESS)
    at_most, at_least = Aim(0.3, "at_most", True), Aim(0.7, "at_least", True)
    most, least = (chance_of(one, aim, missing_at_random=False) for one, aim in ((high, at_most), (low, at_least)))
    assert most == pytest.approx(least)
    assert most < 0.025


def test_those_who_could_not_be_seen_may_have_done_it_unless_it_is_assumed_otherwise() -> None:
    one = reading(*(row({State.H: 8, State.U: 6, State.NOT: 16}) for _ in range(3)), question=PROCESS)
    assert chance_of(one, AIM, missing_at_random=True) < chance_of(one, AIM, missing_at_random=False)
    blind = Reading(**{**vars(one), "blind_share": 0.2})
    assert chance_of(blind, AIM, missing_at_random=False) > chance_of(one, AIM, missing_at_random=False)


def seconds(**changed: Any) -> Reading:
    usual = {"unit": "seconds", "value": 10_000.0, "lower": 8_000.0, "upper": 12_000.0}
    return Reading(**{**vars(reading(row({State.H: 20}))), **usual, **changed})


@pytest.mark.parametrize(
    ("of", "aim", "least", "most"),
    [
        pytest.param(seconds(), Aim(8_000.0, "at_most", True), 0.0249, 0.0251, id="at the end of its interval"),
        pytest.param(seconds(), Aim(6_000.0, "at_most", True), 0.0, 0.001, id="far beyond it"),
        pytest.param(seconds(), Aim(11_000.0, "at_most", True), 0.8, 1.0, id="on the good side"),
        pytest.param(seconds(value=None), Aim(6_000.0, "at_most", True), 0.0, 0.0, id="missed, and without a value"),
        pytest.param(seconds(value=None, lower=None), Aim(1.0, "at_most", True), 1.0, 1.0, id="without an interval"),
    ],
)
def test_times_go_by_their_interval(of: Reading, aim: Aim, least: float, most: float) -> None:
    assert least <= chance_of(of, aim, missing_at_random=False) <= most


def test_a_part_that_chance_alone_may_have_brought_down_says_so() -> None:
    parts = [published(verdict="missed"), *[published(verdict="met")] * 9]
    held = hold_siblings(parts, [0.02, *[0.5] * 9])
    assert (held[0].verdict, held[0].reason) == ("undetermined", "chance")
    assert held[1:] == parts[1:]
    assert missed(hold_siblings(parts, [0.004, *[0.5] * 9]))[0]
    assert hold_siblings([], []) == []
