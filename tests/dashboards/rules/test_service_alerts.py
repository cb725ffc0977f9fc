"""The alerts for those who run the service: each at its edge, silent just before, silent where all is well and where nothing is known."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dashboards.rules.promtool import SERVICE, Case, failures
from tests.dashboards.rules.worlds import values

SOURCE = {"job": "earshot", "source": "mail"}
OF_SOURCE = {**SOURCE, "channel": "email", "audience": "operations"}
OF_JOB = {"job": "earshot", "audience": "operations"}


def replica(name: str, **labels: str) -> dict[str, str]:
    return {"job": "earshot", "instance": f"{name}:8750", "pod": f"earshot-{name}", **labels}


def both(case: Case, series: str, text: str, **labels: str) -> Case:
    """The same from two replicas: nothing may be told twice."""
    for name in ("a", "b"):
        case.given(series, replica(name, **labels), text)
    return case


def of_source(case: Case, series: str, text: str) -> Case:
    both(case, "earshot_source_info", "1x2000", source="mail", channel="email", decoder="sendgrid")
    return both(case, series, text, source="mail")


def test_a_new_gap_is_told_for_a_day_and_an_old_one_is_not(tmp_path: Path) -> None:
    alert, day = "EarshotIntakeGap", 24 * 60
    case = of_source(Case("gap", interval="5m"), "earshot_gaps", values([(1, 12), (2, 3 * day // 5)]))
    case.silent(alert, "30m", "60m").fires(alert, "65m", {**OF_SOURCE, "severity": "warning"})
    case.fires(alert, f"{day}m", {**OF_SOURCE, "severity": "warning"}).silent(alert, f"{day + 75}m", f"{2 * day}m")
    assert failures(tmp_path, [case], SERVICE, every="5m") == ""


def test_a_gap_found_while_the_service_was_being_replaced_is_told_too(tmp_path: Path) -> None:
    case = Case("replaced")
    case.given("earshot_source_info", replica("b", source="mail", channel="email"), "1x120")
    case.given("earshot_gaps", replica("a", source="mail"), values([(0, 30), ("-", 60)]))
    case.given("earshot_gaps", replica("b", source="mail"), values([("-", 40), (1, 60)]))
    assert (
        failures(
            tmp_path,
            [
                case.silent("EarshotIntakeGap", "29m", "41m").fires(
                    "EarshotIntakeGap", "43m", {**OF_SOURCE, "severity": "warning"}
                )
            ],
            SERVICE,
        )
        == ""
    )


def test_a_source_is_silent_ten_minutes_after_the_moment_the_service_has_reckoned_and_until_something_comes(
    tmp_path: Path,
) -> None:
    alert = "EarshotSourceSilent"
    case = of_source(Case("silent"), "earshot_source_silent_at_timestamp_seconds", values([(3600, 120), (90_000, 60)]))
    case.silent(alert, "60m", "70m").fires(alert, "71m", {**OF_SOURCE, "severity": "warning"})
    assert failures(tmp_path, [case.silent(alert, "136m", "170m")], SERVICE) == ""


def test_where_nothing_has_ever_come_in_or_nights_are_quiet_no_source_is_silent(tmp_path: Path) -> None:
    never = Case("never")
    both(never, "earshot_source_info", "1x400", source="mail", channel="email", decoder="sendgrid")
    # Newest event on Friday afternoon: the moment lies on Tuesday, whatever the rule's clock says in between.
    quiet = of_source(Case("weekend"), "earshot_source_silent_at_timestamp_seconds", "400000x400")
    assert (
        failures(
            tmp_path,
            [never.silent("EarshotSourceSilent", "300m"), quiet.silent("EarshotSourceSilent", "300m", "390m")],
            SERVICE,
        )
        == ""
    )


@pytest.mark.parametrize(
    ("alert", "series", "well", "bad", "severity", "waits"),
    [
        ("EarshotSourceDown", "earshot_source_up", 1, 0, "warning", 10),
        ("EarshotSourcePaused", "earshot_source_paused", 0, 1, "critical", 2),
    ],
    ids=["down", "paused"],
)
def test_a_source_in_trouble_is_told_at_the_edge_and_not_before(
    tmp_path: Path, alert: str, series: str, well: int, bad: int, severity: str, waits: int
) -> None:
    case = of_source(Case(alert), series, values([(well, 20), (bad, 30), (well, 60)]))
    case.silent(alert, "19m", f"{19 + waits}m").fires(alert, f"{20 + waits}m", {**OF_SOURCE, "severity": severity})
    nothing = of_source(Case("nothing known"), series, values([("-", 60)]))
    assert failures(tmp_path, [case.silent(alert, "66m", "100m"), nothing.silent(alert, "30m", "59m")], SERVICE) == ""


def test_a_source_that_one_of_two_replicas_can_read_is_not_down(tmp_path: Path) -> None:
    case = Case("one of two").given("earshot_source_up", replica("a", source="mail"), "0x60")
    case.given("earshot_source_up", replica("b", source="mail"), "1x60")
    both(case, "earshot_source_info", "1x60", source="mail", channel="email", decoder="sendgrid")
    assert failures(tmp_path, [case.silent("EarshotSourceDown", "30m", "55m")], SERVICE) == ""


def letters(case: Case, dead: str, events: str) -> Case:
    """One replica reads, the other stands by."""
    both(case, "earshot_source_info", "1x400", source="mail", channel="email", decoder="sendgrid")
    case.given("earshot_dead_letters_total", replica("a", source="mail", reason="bad_json"), dead)
    case.given("earshot_dead_letters_total", replica("b", source="mail", reason="bad_json"), "0x400")
    for outcome, count in (("recorded", events), ("skipped", "0x400")):
        case.given("earshot_events_total", replica("a", source="mail", outcome=outcome), count)
        case.given("earshot_events_total", replica("b", source="mail", outcome=outcome), "0x400")
    return case


def test_dead_letters_are_told_by_how_fast_they_burn_what_may_fail(tmp_path: Path) -> None:
    alert = "EarshotDeadLettersHigh"
    loud, calm = {**OF_SOURCE, "severity": "critical"}, {**OF_SOURCE, "severity": "warning"}
    under = letters(Case("2.9 %"), "0+29x400", "0+971x400")
    over = letters(Case("3.1 %"), "0+31x400", "0+969x400")
    fast = letters(Case("7 %"), "0+70x400", "0+930x400")
    healed = letters(Case("7 %, then none"), "0+70x120 8400x280", "0+930x400")
    cases = (
        under.silent(alert, "60m", "390m"),
        over.fires(alert, "390m", calm),
        fast.fires(alert, "390m", loud, calm),
        healed.fires(alert, "100m", loud, calm).silent(alert, "200m", "390m"),
    )
    assert failures(tmp_path, cases, SERVICE, every="5m") == ""


def test_a_few_bad_lines_in_a_quiet_night_and_a_source_without_any_record_wake_nobody(tmp_path: Path) -> None:
    few = letters(Case("9 of 12"), values([(0, 30), (9, 370)]), values([(0, 30), (3, 370)]))
    none = letters(Case("nothing"), "0x400", "0x400")
    assert (
        failures(
            tmp_path,
            [few.silent("EarshotDeadLettersHigh", "35m", "90m", "390m"), none.silent("EarshotDeadLettersHigh", "300m")],
            SERVICE,
        )
        == ""
    )


def test_lag_is_told_after_half_an_hour_and_ten_minutes_unless_the_source_is_down_or_paused(tmp_path: Path) -> None:
    alert = "EarshotLagHigh"
    lagging = of_source(Case("behind"), "earshot_source_caught_up_timestamp_seconds", values([(600, 100), (9_000, 60)]))
    lagging.silent(alert, "40m", "50m").fires(alert, "51m", {**OF_SOURCE, "severity": "warning"}).silent(
        alert, "116m", "150m"
    )
    down = of_source(Case("down"), "earshot_source_caught_up_timestamp_seconds", "600x160")
    both(down, "earshot_source_up", "0x160", source="mail")
    paused = of_source(Case("paused"), "earshot_source_caught_up_timestamp_seconds", "600x160")
    both(paused, "earshot_source_paused", "1x160", source="mail")
    unread = of_source(Case("never read to its end"), "earshot_source_up", "1x160")
    assert (
        failures(tmp_path, [lagging, *(case.silent(alert, "60m", "150m") for case in (down, paused, unread))], SERVICE)
        == ""
    )


def test_lag_is_told_of_topics_too_by_the_partition_that_is_furthest_behind(tmp_path: Path) -> None:
    alert = "EarshotLagHigh"
    case = Case("topics")
    both(case, "earshot_source_info", "1x90", source="mail", channel="email", decoder="sendgrid")
    case.given("earshot_lag_seconds", replica("a", source="mail", topic="t", partition="0"), "0x90")
    behind = values([(1800, 20), (1801, 30), (0, 40)])
    case.given("earshot_lag_seconds", replica("b", source="mail", topic="t", partition="1"), behind)
    case.silent(alert, "20m", "29m").fires(alert, "30m", {**OF_SOURCE, "severity": "warning"})
    assert failures(tmp_path, [case.silent(alert, "66m", "89m")], SERVICE) == ""


def test_a_partition_that_stands_still_is_a_stalled_worker_of_its_source(tmp_path: Path) -> None:
    alert = "EarshotWorkerStalled"
    case = Case("stands still")
    case.given("earshot_stalled_seconds", replica("a", source="mail"), values([(0, 10), (301, 20), (0, 30)]))
    case.given("earshot_stalled_seconds", replica("b", source="mail"), "0x60")
    case.silent(alert, "9m", "11m").fires(alert, "12m", {**OF_JOB, "source": "mail", "severity": "critical"})
    assert failures(tmp_path, [case.silent(alert, "46m")], SERVICE) == ""


def test_a_worker_that_cannot_reach_the_database_is_told_though_another_can(tmp_path: Path) -> None:
    alert = "EarshotDatabaseAway"
    case = Case("away").given("earshot_database_up", replica("a"), values([(1, 10), (0, 20), (1, 30)]))
    case.given("earshot_database_up", replica("b"), "1x60")
    case.silent(alert, "9m", "14m").fires(alert, "15m", {**OF_JOB, "severity": "critical"}).silent(alert, "46m", "59m")
    assert failures(tmp_path, [case], SERVICE) == ""


@pytest.mark.parametrize(
    ("alert", "series", "edge"),
    [
        ("EarshotWorkerStalled", "earshot_last_progress_timestamp_seconds", 5 + 2),
        ("EarshotSnapshotStale", "earshot_snapshot_timestamp_seconds", 10 + 3 * 2 + 5),
    ],
    ids=["stalled", "stale"],
)
def test_what_stands_still_is_told_at_the_edge_and_until_it_moves(
    tmp_path: Path, alert: str, series: str, edge: int
) -> None:
    still, interval = 20, "earshot_evaluation_interval_seconds"
    case = both(Case(alert), series, f"0+60x{still} {still * 60}x59 4860+60x30")
    both(case, interval, "120x200")
    case.silent(alert, f"{still}m", f"{still + edge}m").fires(
        alert, f"{still + edge + 1}m", {**OF_JOB, "severity": "critical"}
    )
    fresh = both(both(Case("fresh"), series, "0+60x200"), interval, "120x200")
    one = both(Case("one of two moves"), interval, "120x200").given(series, replica("a"), "0x200")
    one.given(series, replica("b"), "0+60x200")
    assert (
        failures(
            tmp_path,
            [case.silent(alert, "97m", "109m"), *(each.silent(alert, "60m", "190m") for each in (fresh, one))],
            SERVICE,
        )
        == ""
    )


def test_an_evaluator_that_is_gone_is_told_by_its_job_and_one_that_never_was_is_told_too(tmp_path: Path) -> None:
    alert, series = "EarshotEvaluatorAbsent", "earshot_snapshot_timestamp_seconds"
    gone = both(Case("gone"), series, values([(60, 20), ("-", 60), (4800, 30)]))
    # The last sample, at minute 19, is looked back at for five minutes.
    gone.silent(alert, "19m", "33m").fires(alert, "35m", {**OF_JOB, "severity": "critical"}).silent(
        alert, "96m", "109m"
    )
    never = Case("never").given("up", {"job": "earshot"}, "1x60")
    never.silent(alert, "9m").fires(alert, "10m", {"audience": "operations", "severity": "critical"})
    standby = Case("one of two").given(series, replica("a"), "60x120")
    assert failures(tmp_path, [gone, never, standby.silent(alert, "30m", "110m")], SERVICE) == ""


@pytest.mark.parametrize("series", ["earshot_config_refused", "earshot_import_problems"])
def test_a_file_that_is_refused_is_told_until_it_is_mended(tmp_path: Path, series: str) -> None:
    alert = "EarshotConfigurationRefused"
    case = both(Case(series), series, values([(0, 10), (1, 30), (0, 40)]))
    case.silent(alert, "9m", "14m").fires(alert, "15m", {**OF_JOB, "severity": "warning"})
    assert failures(tmp_path, [case.silent(alert, "56m", "79m")], SERVICE) == ""


def test_readings_that_are_left_out_are_told_and_detail_of_messages_is_not(tmp_path: Path) -> None:
    alert = "EarshotSeriesDropped"
    case = both(Case("dropped"), "earshot_series_dropped", values([(0, 10), (40, 30), (0, 40)]), what="segments")
    both(case, "earshot_series_dropped", "90x70", what="messages")
    case.silent(alert, "9m", "19m").fires(alert, "20m", {**OF_JOB, "what": "segments", "severity": "warning"})
    assert failures(tmp_path, [case.silent(alert, "56m", "79m")], SERVICE) == ""


FLAPPING: dict[str, Callable[[Case], Case]] = {
    "EarshotSourceDown": lambda case: of_source(case, "earshot_source_up", values([(0, 15), *([(1, 6), (0, 6)] * 12)])),
    "EarshotLagHigh": lambda case: of_source(
        case, "earshot_source_caught_up_timestamp_seconds", f"0x60 {' '.join(['3600x5 0x5'] * 8)}"
    ),
}


@pytest.mark.parametrize("alert", sorted(FLAPPING))
def test_what_comes_and_goes_is_one_alert(tmp_path: Path, alert: str) -> None:
    case = FLAPPING[alert](Case(alert))
    for minute in range(50, 140, 7):
        case.fires(alert, f"{minute}m", {**OF_SOURCE, "severity": "warning"})
    assert failures(tmp_path, [case], SERVICE) == ""
