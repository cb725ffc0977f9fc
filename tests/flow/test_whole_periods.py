"""What whole periods say while little or nothing of them has settled, over the whole road. The figures themselves are worked by hand in
`tests/metrics/test_period_indicators.py`."""

from pathlib import Path

import pytest

from tests.flow.office import DAY, SENT, Office, by_target

MAIL = ["delivered", "opened"]
GOALS = {"goal=growth", "goal=safety"}


def test_a_rolling_period_shows_how_far_it_has_come_while_nothing_of_it_has_settled(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=MAIL)
    office.send("m")
    office.tell("opened", range(40))
    target = {"indicator": "period_reach", "value": 0.5, "period": "rolling 10 days"}
    found = by_target(office.publish([target], now=SENT + 2 * DAY))["period_reach"]
    assert found.value == pytest.approx(40 / 60)
    assert (found.maturity, found.verdict, found.reason) == (0, "immature", "window_open")


def test_once_something_has_settled_a_rolling_period_counts_that_alone(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=MAIL)
    office.send("m")
    office.send("n", at=SENT + 9 * DAY)
    office.tell("opened", range(40))
    office.tell("opened", range(60), about="n", at=SENT + 10 * DAY)
    target = {"indicator": "period_reach", "value": 0.5, "period": "rolling 28 days"}
    found = by_target(office.publish([target], now=SENT + 11 * DAY))["period_reach"]
    assert found.value == pytest.approx(40 / 60)
    assert (found.maturity, found.verdict) == (0.5, "met")


def test_what_is_said_of_one_goal_is_as_old_as_what_was_sent_about_it(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=MAIL, goals=["growth", "safety", "zeal"])
    for hour in range(3):
        for goal, since in {"growth": SENT, "safety": SENT + 10 * DAY}.items():
            office.send(f"{goal}-{hour}", at=since + hour * 3600, goal=goal)
            office.tell("opened", range(40), about=f"{goal}-{hour}", at=since + 6 * 3600)
    target = {"indicator": "awareness", "by": "goal", "value": 0.5, "judge": "count", "period": "rolling 28 days"}
    found = {each.segment: each for each in office.publish([target], now=SENT + 11 * DAY).readings}
    growth, safety, zeal = (found[f"goal={goal}"] for goal in ("growth", "safety", "zeal"))
    assert (growth.numerator, growth.maturity, growth.verdict) == (40, 1, "met")
    # Sent yesterday, it was missed; and of the third nothing was said, while something was of others.
    assert (safety.numerator, safety.maturity, safety.verdict) == (40, 0, "immature")
    assert (zeal.numerator, zeal.maturity, zeal.verdict) == (3, 0.5, "missed")


def test_where_nothing_at_all_was_sent_nobodys_knowing_a_goal_is_no_data(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=MAIL, goals=["growth", "safety"])
    office.send("m", goal="growth")
    office.tell("opened", range(40))
    target = {"indicator": "awareness", "by": "goal", "value": 0.5, "judge": "count", "period": "rolling 10 days"}
    spoken = office.publish([target], now=SENT + 9 * DAY).readings
    # One message about one goal makes it known to nobody, of which "at most three of sixty" is told.
    assert {(each.segment, each.value, each.verdict) for each in spoken} == {(goal, 0.05, "missed") for goal in GOALS}
    silent = office.publish([target], now=SENT + 11 * DAY).readings
    assert {each.segment for each in silent} == GOALS
    assert {(each.value, each.maturity, each.verdict, each.reason) for each in silent} == {
        (None, None, "undetermined", "no_data")
    }


def test_the_least_known_goal_is_one_of_which_something_has_settled(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=MAIL, goals=["growth", "safety"])
    for hour in range(3):
        for goal, since in {"growth": SENT, "safety": SENT + 10 * DAY}.items():
            office.send(f"{goal}-{hour}", at=since + hour * 3600, goal=goal)
            office.tell("opened", range(50), about=f"{goal}-{hour}", at=since + 6 * 3600)
    office.send("m")
    target = {"indicator": "goal_awareness", "value": 0.5, "judge": "count", "period": "rolling 28 days"}
    found = by_target(office.publish([target], now=SENT + 10 * DAY + 3600))["goal_awareness"]
    # Of safety, sent an hour ago, nobody can know yet. What was sent about no goal says nothing of how old this is.
    assert (found.numerator, found.maturity, found.verdict) == (50, 3 / 5, "met")


def test_the_least_known_goal_waits_while_all_that_was_said_of_goals_is_young(tmp_path: Path) -> None:
    office = Office(tmp_path, mail=MAIL, goals=["growth"])
    office.send("m")
    office.tell("opened", range(50))
    office.send("growth", at=SENT + 10 * DAY, goal="growth")
    target = {"indicator": "goal_awareness", "value": 0.5, "judge": "count", "period": "rolling 28 days"}
    found = by_target(office.publish([target], now=SENT + 11 * DAY))["goal_awareness"]
    assert (found.maturity, found.verdict, found.reason) == (0, "immature", "window_open")
