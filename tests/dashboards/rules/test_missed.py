"""The alert on a missed target: fires at the edge, silent before and for all else, once for a message, resolves, does not flap."""

from pathlib import Path

import pytest

from tests.dashboards.rules.promtool import Case, failures
from tests.dashboards.rules.worlds import MISSED, described, judged, signed, values

ALERT = "EarshotTargetMissed"
DAY = 24 * 60  # minutes
STEPS = DAY // 5  # days are looked at in steps of five minutes


def test_it_fires_after_ten_minutes_of_missed_and_not_a_minute_before(tmp_path: Path) -> None:
    case = judged(Case("a miss"), ("met", 5), ("missed", 60))
    assert (
        failures(tmp_path, [case.silent(ALERT, "4m", "14m").fires(ALERT, "15m", MISSED).fires(ALERT, "60m", MISSED)])
        == ""
    )


@pytest.mark.parametrize("word", ["met", "undetermined", "immature", "suppressed"])
def test_it_is_silent_whatever_else_the_verdict_is(tmp_path: Path, word: str) -> None:
    assert failures(tmp_path, [judged(Case(word), (word, 90)).silent(ALERT, "0m", "10m", "45m", "89m")]) == ""


def test_it_is_silent_without_any_data(tmp_path: Path) -> None:
    assert failures(tmp_path, [described(Case("nothing"), 90).silent(ALERT, "0m", "30m", "89m")]) == ""


def test_a_verdict_that_is_open_because_of_a_gap_in_the_stream_is_no_miss(tmp_path: Path) -> None:
    case = judged(Case("gap"), ("undetermined", 90))
    signed(case, "earshot_indicator_reason", (1, 90), reason="gap")
    assert failures(tmp_path, [case.silent(ALERT, "10m", "60m")]) == ""


def test_a_miss_that_no_scrape_confirms_for_ten_minutes_does_not_fire(tmp_path: Path) -> None:
    # 4 minutes of missed, then nothing: the last value is looked back at for 5 minutes.
    assert (
        failures(
            tmp_path,
            [judged(Case("lost"), ("missed", 4), ("-", 60), ("met", 5)).silent(ALERT, "8m", "14m", "40m", "66m")],
        )
        == ""
    )


def test_two_replicas_do_not_double_it(tmp_path: Path) -> None:
    case = judged(Case("two"), ("missed", 60), replicas=("a", "b"))
    assert failures(tmp_path, [case.fires(ALERT, "30m", MISSED)]) == ""


def test_replicas_that_disagree_on_the_owner_while_one_replaces_the_other_give_one_alert(tmp_path: Path) -> None:
    case = judged(Case("rollout"), ("missed", 60))
    described(case, 60, replica="b", target_owner="Another team")
    one = "count(ALERTS{alertname='EarshotTargetMissed', alertstate='firing'})"
    case.checks.append({"expr": one, "eval_time": "30m", "exp_samples": [{"labels": "{}", "value": 1}]})
    assert failures(tmp_path, [case]) == ""


def test_it_resolves_half_an_hour_after_the_target_is_met(tmp_path: Path) -> None:
    case = judged(Case("mended"), ("missed", 30), ("met", 60))
    assert failures(tmp_path, [case.fires(ALERT, "59m", MISSED).silent(ALERT, "61m", "80m")]) == ""


def test_it_does_not_flap_where_the_verdict_does(tmp_path: Path) -> None:
    case = judged(Case("restless"), ("missed", 20), *([("met", 7), ("missed", 7)] * 10))
    for minute in range(10, 160, 3):
        case.fires(ALERT, f"{minute}m", MISSED)
    short = judged(Case("too short"), *([("met", 3), ("missed", 9)] * 10))
    assert failures(tmp_path, [case, short.silent(ALERT, *(f"{minute}m" for minute in range(0, 120, 3)))]) == ""


@pytest.mark.parametrize("severity", ["critical", "warning", "info"])
def test_how_loud_it_is_is_for_the_target_to_say(tmp_path: Path, severity: str) -> None:
    case = Case(severity).given(
        "earshot_indicator_verdict",
        {
            "job": "earshot",
            "target": "t",
            "indicator": "read",
            "channel": "email",
            "segment": "site=Lyon",
            "verdict": "missed",
        },
        "1x30",
    )
    described(case, 30, target="t", severity=severity, target_owner="Editors")
    labels = {
        **{"job": "earshot", "target": "t", "indicator": "read", "channel": "email", "segment": "site=Lyon"},
        **{"severity": severity, "target_owner": "Editors", "audience": "lead"},
    }
    assert failures(tmp_path, [case.fires(ALERT, "20m", labels)]) == ""


def test_the_parts_of_a_target_fire_each_for_itself(tmp_path: Path) -> None:
    case = judged(Case("parts"), ("met", 60))
    judged(case, ("missed", 60), segment="department=Sales")
    judged(case, ("suppressed", 60), segment="department=Board")
    assert failures(tmp_path, [case.fires(ALERT, "30m", {**MISSED, "segment": "department=Sales"})]) == ""


def message(name: str, *verdicts: tuple[str, int], settled: list[tuple[object, int]]) -> Case:
    """A target per message, in steps of five minutes: `settled` is when the one it shows was ready, in any unit of time."""
    case = Case(name, interval="5m")
    described(case, sum(length for _, length in verdicts), period="message")
    labels = {"job": "earshot", "target": "reach", "indicator": "reach", "channel": "all", "segment": "all"}
    for verdict in ("met", "missed"):
        stands = [(word if word == "-" else int(word == verdict), length) for word, length in verdicts]
        case.given("earshot_indicator_verdict", {**labels, "verdict": verdict}, values(stands))
    return case.given("earshot_indicator_settled_timestamp_seconds", labels, values(settled))


def test_a_single_message_is_told_once_and_then_resolves_though_its_verdict_stands(tmp_path: Path) -> None:
    case = message("once", ("met", 12), ("missed", 3 * STEPS), settled=[(100, 12), (200, 3 * STEPS)])
    case.silent(ALERT, "65m").fires(ALERT, "70m", MISSED).fires(ALERT, f"{DAY + 30}m", MISSED)
    assert failures(tmp_path, [case.silent(ALERT, f"{DAY + 100}m", f"{2 * DAY}m", f"{3 * DAY}m")], every="5m") == ""


def test_the_next_message_that_misses_is_told_though_the_verdict_never_changed(tmp_path: Path) -> None:
    case = message("next", ("missed", 4 * STEPS), settled=[(100, 2 * STEPS), (200, 2 * STEPS)])
    case.silent(ALERT, f"{DAY + 100}m", f"{2 * DAY + 5}m").fires(ALERT, f"{2 * DAY + 10}m", MISSED)
    assert failures(tmp_path, [case.silent(ALERT, f"{3 * DAY + 45}m")], every="5m") == ""


def test_hours_without_a_scrape_do_not_tell_a_message_again(tmp_path: Path) -> None:
    hole = 5 * 60
    spans = [("missed", 2 * STEPS), ("-", hole // 5), ("missed", 2 * STEPS)]
    case = message("hole", *spans, settled=[(100, 2 * STEPS), ("-", hole // 5), (100, 2 * STEPS)])
    later = [f"{2 * DAY + hole + minutes}m" for minutes in (15, 60, DAY - 30, DAY + 15, DAY + 60, DAY + hole + 15)]
    assert failures(tmp_path, [case.fires(ALERT, "60m", MISSED).silent(ALERT, *later)], every="5m") == ""
