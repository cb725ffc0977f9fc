"""What an alert says, word by word, as Prometheus fills in its templates: figures as people read them, of whom, of which message, what
to do and where to look."""

from pathlib import Path
from typing import Any

import pytest

from tests.dashboards.rules.promtool import SERVICE, Case, failures
from tests.dashboards.rules.worlds import INFO, READING, judged

ALERT = "EarshotTargetMissed"
TITLE = "News reach the people they are meant for"
EVERYBODY = "everybody, all channels"
LINKS = {"grafana": "https://grafana.example.org", "runbooks": "https://handbook.example.org/runbooks"}


def told(figure: str, wanted: str, counted: str, *, whom: str = EVERYBODY, to_do: str = "see the runbook.") -> str:
    return (
        f"{TITLE}: {figure} for {whom}; wanted: at least {wanted}. Counted: {counted}. The whole range of what is possible lies on the "
        f"wrong side. Owner: Internal communication. What to do: {to_do}"
    )


def says(case: Case, description: str, links: tuple[str, str] = ("", ""), **labels: str) -> Case:
    """The alert fires after half an hour with these words. `links`: to the runbook and to the dashboard."""
    runbook, dashboard = links
    annotations = {"summary": "A target is missed.", "description": description}
    expected = {
        "exp_labels": {
            **READING,
            "severity": "warning",
            "audience": "lead",
            "target_owner": INFO["target_owner"],
            **labels,
        },
        "exp_annotations": {
            **annotations,
            "runbook_url": runbook or f"/{ALERT}.md",
            "dashboard_url": dashboard or "/d/earshot-indicator?var-target=reach&var-channel=all&var-segment=all",
        },
    }
    case.alerts.append({"eval_time": "30m", "alertname": ALERT, "exp_alerts": [expected]})
    return case


def figures(case: Case, unit: str, value: str, lower: str, upper: str, target: str, **labels: str) -> Case:
    of = {**READING, **labels, "instance": "a:8750", "pod": "earshot-a"}
    for part, figure in (("", value), ("lower_", lower), ("upper_", upper), ("target_", target)):
        if figure:
            case.given(f"earshot_indicator_{part}{unit}", of, f"{figure}x60")
    return case


def about(case: Case, people: int, counted: str = "people", message: str = "", **labels: str) -> Case:
    of = {**READING, **labels, "instance": "a:8750", "pod": "earshot-a"}
    case.given("earshot_indicator_denominator", of, f"{people}x60")
    return case.given("earshot_reading_info", {**of, "counted": counted, "message": message}, "1x60")


def advice(case: Case, text: str) -> Case:
    return case.given("earshot_target_advice_info", {"job": "earshot", "target": "reach", "what_to_do": text}, "1x60")


def test_a_miss_says_value_range_whom_target_people_owner_and_what_to_do(tmp_path: Path) -> None:
    case = judged(Case("a share"), ("missed", 60))
    about(figures(case, "ratio", "0.71249", "0.6801", "0.74", "0.8"), 11426)
    advice(case, "Ask how they hear of things.")
    says(
        case,
        told("71.2 % (68.0 % to 74.0 %)", "80.0 %", "11426 people", to_do="Ask how they hear of things."),
    )
    assert failures(tmp_path, [case]) == ""


def test_what_is_not_counted_in_people_is_called_what_it_is_and_large_numbers_are_written_out(tmp_path: Path) -> None:
    labels = {"segment": "department=R&D, Paris", "channel": "email"}
    case = judged(Case("deliveries"), ("missed", 60), **labels)
    about(figures(case, "ratio", "0.5", "0.5", "0.5", "0.6", **labels), 12345678, "deliveries", **labels)
    says(
        case,
        told("50.0 % (50.0 % to 50.0 %)", "60.0 %", "12345678 deliveries", whom="department=R&D, Paris, email"),
        ("", "/d/earshot-indicator?var-target=reach&var-channel=email&var-segment=department%3DR%26D%2C+Paris"),
        **labels,
    )
    assert failures(tmp_path, [case]) == ""


@pytest.mark.parametrize(
    ("value", "figure"), [("0.004", "at most 0.4 %"), ("0.9951", "at least 99.5 %")], ids=["few", "nearly all"]
)
def test_what_is_known_as_at_most_or_at_least_is_told_so(tmp_path: Path, value: str, figure: str) -> None:
    case = judged(Case("coarse"), ("missed", 60))
    about(figures(case, "ratio", value, "0", "0.9977", "0.998"), 600)
    case.given("earshot_indicator_coarse", {**READING, "instance": "a:8750", "pod": "earshot-a"}, "1x60")
    says(
        case,
        told(f"{figure} (0.0 % to 99.8 %)", "99.8 %", "600 people"),
    )
    assert failures(tmp_path, [case]) == ""


def test_a_time_without_an_upper_end_may_never_be_reached(tmp_path: Path) -> None:
    case = judged(Case("a time"), ("missed", 60))
    about(figures(case, "seconds", "90000", "86400", "", "28800"), 35, "feedback items")
    says(
        case,
        told("1d 1h 0m 0s (1d 0h 0m 0s to never)", "8h 0m 0s", "35 feedback items"),
    )
    assert failures(tmp_path, [case]) == ""


@pytest.mark.parametrize(("title", "name"), [("Quiz on safety", "Quiz on safety"), ("", "m-7"), (None, "m-7")], ids=str)
def test_of_a_target_per_message_it_says_which_by_title_where_titles_are_shown(
    tmp_path: Path, title: str | None, name: str
) -> None:
    case = judged(Case("a message"), ("missed", 60))
    about(figures(case, "ratio", "0.7", "0.7", "0.7", "0.8"), 600, message="m-7")
    if title is not None:
        info = {
            "job": "earshot",
            "message": "m-7",
            "channel": "email",
            "title": title,
            "topic": "safety",
            "target_owner": "",
        }
        case.given("earshot_message_info", info, "1x60")
    says(
        case,
        told("70.0 % (70.0 % to 70.0 %)", "80.0 %", "600 people", whom=f"{EVERYBODY}, message {name}"),
    )
    assert failures(tmp_path, [case]) == ""


def test_links_begin_with_what_is_configured_for_that_service(tmp_path: Path) -> None:
    case = judged(Case("links"), ("missed", 60))
    case.given(
        "earshot_links_info", {"job": "another", "grafana": "https://elsewhere.example.org", "runbooks": "x"}, "1x60"
    )
    case.given("earshot_links_info", {"job": "earshot", **LINKS}, "1x60")
    says(
        case,
        told("unknown (not reached to never)", "none", "an unknown number of people"),
        (
            f"{LINKS['runbooks']}/{ALERT}.md",
            f"{LINKS['grafana']}/d/earshot-indicator?var-target=reach&var-channel=all&var-segment=all",
        ),
    )
    assert failures(tmp_path, [case]) == ""


def test_what_is_told_of_a_service_that_is_gone_still_links(tmp_path: Path) -> None:
    case = Case("gone")
    case.given("earshot_snapshot_timestamp_seconds", {"job": "earshot", "instance": "a:8750"}, "60x10 _x60")
    case.given("earshot_links_info", {"job": "earshot", **LINKS}, "1x10 _x60")
    expected: dict[str, Any] = {
        "exp_labels": {"job": "earshot", "audience": "operations", "severity": "critical"},
        "exp_annotations": {
            "summary": "Nobody publishes readings.",
            "description": "No replica of Earshot serves readings: none runs, none is scraped, or none has published yet. No target is "
            "being watched.",
            "runbook_url": f"{LINKS['runbooks']}/EarshotEvaluatorAbsent.md",
            "dashboard_url": f"{LINKS['grafana']}/d/earshot-service",
        },
    }
    case.alerts.append({"eval_time": "40m", "alertname": "EarshotEvaluatorAbsent", "exp_alerts": [expected]})
    assert failures(tmp_path, [case], SERVICE) == ""
