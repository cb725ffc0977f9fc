"""Indicators of whole periods, each worked by hand over four people: a, b, c and d."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from config.schema import IndicatorSettings
from metrics.entries import read_entry
from metrics.era import ABSENT, IN_HOURS, NOT_DELIVERED, OUT_OF_HOURS, Era, Footprint
from metrics.figures import Question
from metrics.indicators import INDICATORS
from metrics.reading import Cells, E, Found, State
from metrics.sight import Sight
from tests.metrics.test_era import PEOPLE, era

H, P, U, NOT, OUT = State.H, State.P, State.U, State.NOT, State.OUT
COUNT = Question("count")


def sent(day: int, marks: Mapping[str, Sequence[int]], **said: Any) -> Footprint:
    """A message to all four, with what it left of each."""
    entry = read_entry({"id": f"m{day}", "sent_at": f"2026-03-{day:02d}T09:00:00Z", **said})
    return Footprint(entry, PEOPLE, {name: np.array(each, dtype=np.int32) for name, each in marks.items()})


def over(indicator: str, looked_at: Era) -> Cells:
    function = INDICATORS[indicator].over
    assert function is not None
    cells = function(looked_at)
    assert cells is not None
    return cells


def states(indicator: str, looked_at: Era) -> dict[State, int]:
    counts = over(indicator, looked_at).counts[""][0]
    return {state: int(counts[state]) for state in State if counts[state]}


def value(indicator: str, looked_at: Era) -> float | None:
    cells, method = over(indicator, looked_at), INDICATORS[indicator].method
    assert method is not None
    extra = cells.extra[""] if cells.extra else np.zeros((0, 0), dtype=np.int64)
    return method(Found(cells.counts[""], cells.times.get("", ()), extra), COUNT).value


def test_one_message_met_is_enough_for_a_period() -> None:
    exposures = era(sent(2, {"exposure": [NOT, H, U, NOT]}), sent(3, {"exposure": [H, U, P, NOT]}))
    assert states("period_reach", exposures) == {H: 2, P: 1, NOT: 1}


def test_the_load_is_that_of_those_who_get_much() -> None:
    messages = (
        sent(2, {"delivery": [IN_HOURS, IN_HOURS, NOT_DELIVERED, ABSENT]}, words=238),
        sent(3, {"delivery": [OUT_OF_HOURS, NOT_DELIVERED, NOT_DELIVERED, ABSENT]}, words=476),
        sent(4, {"delivery": [IN_HOURS] * 4}),
    )
    # Seconds: 180, 60, 0, 0; 2.7 steps of 3 lie between 60 and 180.
    assert value("message_load", era(*messages)) == pytest.approx(60 + 0.7 * 120)


def test_what_was_delivered_within_a_week_before_is_a_duplicate_but_a_reminder_is_none() -> None:
    first = sent(2, {"delivery": [IN_HOURS, IN_HOURS, NOT_DELIVERED, IN_HOURS]}, content_id="news")
    again = sent(9, {"delivery": [IN_HOURS, NOT_DELIVERED, IN_HOURS, IN_HOURS]}, content_id="news")
    later = sent(17, {"delivery": [IN_HOURS] * 4}, content_id="news")
    reminder = sent(18, {"delivery": [IN_HOURS] * 4}, content_id="news", reminder_of="m17")
    looked_at = replace(era(again, later, reminder), around=(first, again, later, reminder))
    counts = over("duplicate_load", looked_at).counts[""][0]
    # Of seven deliveries two are duplicates: of the second to the first and last; the third came eight days later.
    assert counts[[H, NOT, E]].tolist() == [2, 5, 4]


def test_whoever_is_reached_by_one_channel_alone_depends_on_it() -> None:
    mail, page = 1, 2
    channels = era(sent(2, {"channels": [mail, mail, 0, 0]}), sent(3, {"channels": [mail, page, page, ABSENT]}))
    assert states("channel_dependence", channels) == {H: 2, NOT: 1, OUT: 1}


def test_deliveries_out_of_hours_count_unless_they_are_urgent() -> None:
    evening = [OUT_OF_HOURS, OUT_OF_HOURS, IN_HOURS, NOT_DELIVERED]
    looked_at = era(sent(2, {"delivery": evening}), sent(3, {"delivery": evening}, urgent=True))
    assert over("out_of_hours", looked_at).counts[""][0, [H, NOT, E]].tolist() == [2, 1, 3]


def test_three_messages_make_a_goal_known() -> None:
    exposures = [[H, H, H, NOT], [H, P, NOT, NOT], [H, H, U, NOT], [NOT, NOT, H, NOT]]
    looked_at = era(*(sent(day, {"exposure": each}) for day, each in enumerate(exposures, start=2)))
    assert states("awareness", looked_at) == {H: 1, P: 1, U: 1, NOT: 1}


def test_the_least_known_goal_leads_also_where_no_message_names_it() -> None:
    known = [sent(day, {"exposure": [H, H, H, NOT]}, goal="growth") for day in (2, 3, 4)]
    assert states("goal_awareness", era(*known)) == {H: 3, NOT: 1}
    listed = replace(era(*known), settings=IndicatorSettings(goals=("growth", "safety")))
    assert states("goal_awareness", listed) == {NOT: 4}


def test_the_latest_answer_is_the_one_that_counts() -> None:
    first = {"rated:role": [10_000, 0, 6_000, ABSENT]}
    second = {"rated:role": [5_900, ABSENT, ABSENT, ABSENT]}
    assert states("alignment", era(sent(2, first), sent(3, second))) == {H: 1, NOT: 2, OUT: 1}


def test_promoters_less_detractors_lie_between_nothing_and_one() -> None:
    answers = era(sent(2, {"recommended:recommend": [10_000, 7_000, 6_900, ABSENT]}))
    # A promoter, a passive, a detractor: (1/3 - 1/3 + 1) / 2.
    assert value("advocacy", answers) == pytest.approx(0.5)


def test_topics_are_held_against_the_plan() -> None:
    plan = IndicatorSettings(plan={"goals": 0.5, "products": 0.5})
    looked_at = era(
        sent(2, {"engaged": [30, 30, ABSENT, 0]}, topic="goals"),
        sent(3, {"engaged": [40, 0, 0, 0]}, topic="lunch"),
    )
    # 60 % goals, 40 % others: |0.6 - 0.5| + |0 - 0.5| + |0.4 - 0| = 1, and half of that.
    assert value("topic_balance", replace(looked_at, settings=plan)) == pytest.approx(0.5)
    assert value("topic_balance", looked_at) is None


def test_whoever_reacts_or_raises_something_takes_part() -> None:
    sight = Sight({"chat": frozenset({"reacted"})}, frozenset(), {}, {"chat": frozenset({"reacted"})})
    looked_at = replace(era(sent(2, {"voiced": [H, NOT, ABSENT, NOT]})), raised=PEOPLE[1:2], sight=sight)
    assert states("participation", looked_at) == {H: 2, NOT: 2}
    assert states("participation", replace(looked_at, sight=Sight({}, frozenset(), {}))) == {H: 2, U: 2}


def test_whoever_comments_or_raises_something_has_a_voice() -> None:
    sight = Sight({"chat": frozenset({"commented"})}, frozenset(), {}, {"chat": frozenset({"commented"})})
    looked_at = replace(era(sent(2, {"commented": [H, NOT, P, NOT]})), raised=PEOPLE[3:], sight=sight)
    assert states("voice_reach", looked_at) == {H: 2, P: 1, NOT: 1}


def test_what_comes_back_is_counted_for_each_message_and_a_hundred_people() -> None:
    responses = [sent(2, {"responded": [H, NOT, P, NOT]}), sent(3, {"responded": [H, H, NOT, NOT]})]
    # Three responses and an item for two messages, to four people.
    assert value("two_way", replace(era(*responses), items=1)) == pytest.approx((4 / 2) / (4 / 100))
