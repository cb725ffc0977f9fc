"""What the lead is told as information: at risk, falling, a goal that is not known, and what was missed and can no longer be told."""

from pathlib import Path

import pytest

from tests.dashboards.rules.promtool import Case, failures
from tests.dashboards.rules.worlds import INFORMED, described, judged, signed

RISK, FALLING = "EarshotTargetAtRisk", "EarshotIndicatorFalling"
GOAL, NO_LONGER = "EarshotGoalUnknown", "EarshotNoLongerJudged"
SIGNS = {RISK: "earshot_indicator_at_risk", FALLING: "earshot_indicator_falling"}


@pytest.mark.parametrize("alert", [RISK, FALLING])
def test_a_sign_is_told_after_ten_minutes_once_for_two_replicas_and_resolves(tmp_path: Path, alert: str) -> None:
    case = judged(Case(alert), ("immature", 120), replicas=("a", "b"))
    signed(case, SIGNS[alert], (0, 5), (1, 40), (0, 75), replicas=("a", "b"))
    case.silent(alert, "5m", "14m").fires(alert, "15m", INFORMED).fires(alert, "70m", INFORMED).silent(
        alert, "78m", "110m"
    )
    assert failures(tmp_path, [case]) == ""


@pytest.mark.parametrize("alert", [RISK, FALLING])
@pytest.mark.parametrize("standing", [(0, 60), ("-", 60)], ids=["where it is not so", "where nobody can tell"])
def test_a_sign_is_silent(tmp_path: Path, alert: str, standing: tuple[object, int]) -> None:
    case = signed(judged(Case(alert), ("undetermined", 60)), SIGNS[alert], standing)
    assert failures(tmp_path, [case.silent(alert, "15m", "55m")]) == ""


@pytest.mark.parametrize("alert", [RISK, FALLING])
def test_a_sign_does_not_flap(tmp_path: Path, alert: str) -> None:
    case = signed(judged(Case(alert), ("immature", 160)), SIGNS[alert], (1, 20), *([(0, 6), (1, 6)] * 11))
    for minute in range(10, 150, 5):
        case.fires(alert, f"{minute}m", INFORMED)
    assert failures(tmp_path, [case]) == ""


def test_what_is_missed_already_is_not_at_risk(tmp_path: Path) -> None:
    case = signed(judged(Case("both"), ("missed", 60)), SIGNS[RISK], (1, 60))
    assert failures(tmp_path, [case.silent(RISK, "15m", "55m")]) == ""


def test_a_goal_that_a_group_does_not_know_is_told_and_one_that_is_known_is_not(tmp_path: Path) -> None:
    labels = {"target": "goals", "indicator": "awareness"}
    case = Case("goals")
    judged(case, ("met", 5), ("missed", 30), ("met", 60), segment="goal=growth", **labels)
    judged(case, ("met", 95), segment="goal=safety", **labels)
    judged(case, ("missed", 95), segment="all", **labels)
    expected = {**INFORMED, **labels, "segment": "goal=growth"}
    case.silent(GOAL, "14m").fires(GOAL, "15m", expected).fires(GOAL, "60m", expected).silent(GOAL, "68m", "90m")
    assert failures(tmp_path, [case]) == ""


@pytest.mark.parametrize("word", ["undetermined", "immature", "suppressed"])
def test_of_a_goal_nothing_is_told_while_nobody_can_say(tmp_path: Path, word: str) -> None:
    case = judged(Case(word), (word, 60), segment="goal=growth", target="goals", indicator="awareness")
    assert failures(tmp_path, [case.silent(GOAL, "15m", "55m")]) == ""


def test_a_goal_is_told_once_by_two_replicas(tmp_path: Path) -> None:
    labels = {"target": "goals", "indicator": "goal_awareness", "segment": "department=Sales"}
    case = judged(Case("two"), ("missed", 60), replicas=("a", "b"), **labels)
    assert failures(tmp_path, [case.fires(GOAL, "30m", {**INFORMED, **labels})]) == ""


@pytest.mark.parametrize("word", ["undetermined", "suppressed"])
def test_what_was_missed_and_cannot_be_told_any_more_is_not_called_resolved(tmp_path: Path, word: str) -> None:
    case = judged(Case(word), ("missed", 30), (word, 120), ("met", 60), replicas=("a", "b"))
    case.silent(NO_LONGER, "29m", "39m").fires(NO_LONGER, "40m", INFORMED).fires(NO_LONGER, "149m", INFORMED)
    assert failures(tmp_path, [case.silent(NO_LONGER, "181m", "200m")]) == ""


@pytest.mark.parametrize("word", ["met", "immature"])
def test_what_was_not_missed_before_is_not_missed_in_mind(tmp_path: Path, word: str) -> None:
    cases = [
        judged(Case("met before"), (word, 60), ("undetermined", 120)),
        judged(Case("met in between"), ("missed", 30), ("met", 5), ("undetermined", 120)),
        judged(Case("never judged"), ("undetermined", 120)),
    ]
    assert failures(tmp_path, [case.silent(NO_LONGER, "15m", "60m", "119m") for case in cases]) == ""


def test_it_stays_in_mind_over_hours_without_a_scrape_and_over_a_time_of_not_yet(tmp_path: Path) -> None:
    case = judged(Case("hole"), ("missed", 30), ("immature", 300), ("-", 300), ("undetermined", 120))
    assert failures(tmp_path, [case.silent(NO_LONGER, "60m", "600m").fires(NO_LONGER, "700m", INFORMED)]) == ""


def test_a_missed_target_that_is_taken_away_is_forgotten(tmp_path: Path) -> None:
    case = judged(Case("gone"), ("missed", 30), ("undetermined", 30), ("-", 300))
    assert failures(tmp_path, [case.fires(NO_LONGER, "45m", INFORMED).silent(NO_LONGER, "110m", "200m")]) == ""


def test_of_a_target_per_message_the_next_message_that_cannot_be_told_is_a_matter_of_its_own(tmp_path: Path) -> None:
    case = Case("messages")
    described(case, 120, period="message")
    judged(case, ("missed", 30), ("undetermined", 90))
    case.series = [one for one in case.series if 'period="rolling' not in one["series"]]
    assert failures(tmp_path, [case.silent(NO_LONGER, "45m", "119m")]) == ""
