"""How many alarms chance alone raises: against sums by hand, and against companies drawn otherwise."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from metrics.bounds import over_messages
from metrics.chance import Judged, Rule, draw_shares, find_spread
from metrics.chance import find_chance as find_draws
from metrics.reading import State
from tests.metrics.make import reading, row

PLAIN = Rule("at_least", missing_at_random=False, parts=False)


def find_chance(judged: Sequence[Judged], rule: Rule, spread: float, *, seed: str) -> tuple[float, float]:
    """On average over the draws."""
    alarms, missed = find_draws(judged, rule, spread, seed=seed)
    assert (missed >= alarms).all()
    return float(alarms.mean()), float(missed.mean())


def judged(
    people: Sequence[int],
    aim: float = 0.7,
    at: int = 1,
    *,
    segment: str = "all",
    alone: bool = False,
    unseen: int = 0,
    name: str = "m",
) -> Judged:
    """A reading of messages to so many people each. What they did is no matter here."""
    rows = [row({State.H: number - unseen, State.U: unseen}) for number in people]
    members = tuple((f"{name}{place}",) for place in range(len(people)))
    return Judged(at, replace(reading(*rows), segment=segment, members=members), aim, alone)


def test_of_one_message_it_is_the_tail_of_the_binomial() -> None:
    counts = np.arange(41)
    beyond = [over_messages(np.array([count]), np.array([40]))[1] < 0.7 for count in counts]
    expected = float(binom.pmf(counts, 40, 0.7)[beyond].sum())
    messages = [judged([40], at=place, alone=True, name=f"m{place}-") for place in range(50)]
    alarms, missed = find_chance(messages, PLAIN, 0.0, seed="any")
    assert alarms == missed
    assert missed / 50 == pytest.approx(expected, abs=0.004)


def test_a_class_is_missed_as_often_as_in_companies_that_just_meet_their_target() -> None:
    people, dice = np.array([30, 200, 45, 60, 80, 25]), np.random.default_rng(11)
    strength = 0.8 * 0.2 / 0.08**2 - 1
    drawn = dice.binomial(people, dice.beta(0.8 * strength, 0.2 * strength, size=(4_000, 6)))
    expected = float(np.mean([over_messages(each, people)[1] < 0.8 for each in drawn]))
    found = np.mean(
        [find_chance([judged(people.tolist(), 0.8)], PLAIN, 0.08, seed=str(number))[1] for number in range(20)]
    )
    assert 0.003 < expected < 0.05
    assert found == pytest.approx(expected, abs=0.006)


def test_less_is_better_is_the_same_seen_from_the_others() -> None:
    classes = [judged([40, 60, 50], at=place * 2, name=f"c{place}-") for place in range(60)]
    one = find_chance(classes, PLAIN, 0.1, seed="any")
    mirrored = [replace(each, aim=0.3) for each in classes]
    other = find_chance(mirrored, replace(PLAIN, direction="at_most"), 0.1, seed="any")
    assert one[1] > 0.2
    assert other[1] == pytest.approx(one[1], rel=0.3)


def test_traces_that_are_missing_are_made_up_for_by_as_much_as_the_range_is_widened() -> None:
    whole = find_chance([judged([400])], PLAIN, 0.1, seed="any")[1]
    widened = judged([400])
    widened = replace(widened, reading=replace(widened.reading, blind_share=0.2))
    assert find_chance([widened], PLAIN, 0.1, seed="any")[1] < whole / 2
    assert find_chance([widened], replace(PLAIN, blind_share=0.2), 0.1, seed="any")[1] == pytest.approx(whole, rel=0.3)


def test_those_unseen_may_have_met_the_target_unless_they_are_left_out() -> None:
    unseen = [judged([400, 400], unseen=150)]
    assert find_chance(unseen, PLAIN, 0.1, seed="any") == (0.0, 0.0)
    assert find_chance(unseen, replace(PLAIN, missing_at_random=True), 0.1, seed="any")[1] > 0


def test_days_in_a_row_are_one_alarm_and_a_day_between_makes_two() -> None:
    alarms, missed = find_chance([judged([50], at=day) for day in (1, 2, 3)], PLAIN, 0.15, seed="any")
    assert missed == pytest.approx(3 * alarms)
    assert alarms > 0
    apart, missed_apart = find_chance([judged([50], at=day) for day in (1, 2, 4)], PLAIN, 0.15, seed="any")
    assert (apart, missed_apart) == pytest.approx((2 * alarms, missed))


def test_parts_held_to_a_rate_of_false_alarms_raise_fewer() -> None:
    parts = [judged([20, 25, 30], segment=f"team={number}") for number in range(30)]
    alone, held = (find_chance(parts, rule, 0.02, seed="any")[0] for rule in (PLAIN, replace(PLAIN, parts=True)))
    assert held < alone / 2


def test_the_same_seed_gives_the_same_figures() -> None:
    assert find_chance([judged([50, 60])], PLAIN, 0.1, seed="one") == find_chance(
        [judged([50, 60])], PLAIN, 0.1, seed="one"
    )


@pytest.mark.parametrize("spread", [0.0, 0.05, 0.12])
def test_how_much_messages_differ_is_found_beside_chance_between_people(spread: float) -> None:
    dice, people = np.random.default_rng(5), np.full(400, 150)
    counts = dice.binomial(people, draw_shares(dice, 0.7, (1, 400), spread)[0])
    assert find_spread(counts, people) == pytest.approx(spread, abs=0.015)


def test_a_fall_is_no_difference_between_messages() -> None:
    dice, people = np.random.default_rng(6), np.full(60, 300)
    level = np.where(np.arange(60) < 30, 0.85, 0.55)
    strength = level * (1 - level) / 0.05**2 - 1
    counts = dice.binomial(people, dice.beta(level * strength, (1 - level) * strength))
    assert np.std(counts / people) > 0.14
    assert find_spread(counts, people) < 0.07


def test_few_messages_are_taken_to_differ_as_messages_usually_do() -> None:
    assert find_spread(np.array([5, 50, 5]), np.array([60, 60, 60])) == 0.06


def of_period(first: int, last: int, people: int, aim: float, segment: str = "all") -> Judged:
    return replace(judged([people], aim, at=last, segment=segment, name=f"{last}-"), period=(first, last))


def test_of_one_period_it_is_the_tail_of_the_binomial_too() -> None:
    counts = np.arange(61)
    beyond = [over_messages(np.array([count]), np.array([60]))[1] < 0.4 for count in counts]
    expected = float(binom.pmf(counts, 60, 0.4)[beyond].sum())
    apart = [of_period(10 * place, 10 * place + 6, 60, 0.4) for place in range(50)]
    alarms, missed = find_chance(apart, PLAIN, 0.0, seed="any")
    assert alarms == missed, "there are days between them"
    assert missed / 50 == pytest.approx(expected, abs=0.004)


def test_periods_that_share_days_are_missed_together_as_in_a_company_that_just_meets_its_target() -> None:
    """Of 80 people each does it now and then, on any day as likely as on another, so that in 28 days four of ten did."""
    people, days, window, dice = 80, 90, 28, np.random.default_rng(3)
    once = dice.random((2_000, people, days)) < 1 - 0.6 ** (1 / window)
    before = np.concatenate([np.zeros((2_000, people, 1), dtype=np.int64), once.cumsum(axis=2)], axis=2)
    did = ((before[:, :, window:] - before[:, :, :-window]) > 0).sum(axis=1)
    least = min(count for count in range(people) if over_messages(np.array([count]), np.array([people]))[1] >= 0.4)
    missed = did < least
    alarms = missed[:, 0].sum() + (missed[:, 1:] & ~missed[:, :-1]).sum()
    rolling = [of_period(day - window + 1, day, people, 0.4) for day in range(window, days + 1)]
    found = find_chance(rolling, PLAIN, 0.0, seed="any")
    assert found[1] == pytest.approx(missed.sum() / 2_000, rel=0.25)
    assert found[0] == pytest.approx(alarms / 2_000, rel=0.35)
    apart = [of_period(day, day, people, 0.4) for day in range(window, days + 1)]
    assert found[0] < find_chance(apart, PLAIN, 0.0, seed="any")[0] / 1.5, "an alarm that lasts is one"


def test_segments_of_a_period_do_as_chance_has_it_each_by_itself() -> None:
    together = [of_period(1, 28, 50, 0.5, segment) for segment in ("site=A", "site=B")]
    both = find_draws(together, PLAIN, 0.0, seed="any")[1]
    assert set(both.tolist()) >= {0, 1}
    assert (both == 2).mean() < (both == 1).mean() / 4
