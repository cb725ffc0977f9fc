"""The example for Alertmanager: amtool accepts it, and every alert goes where it should and is muted by what should mute it."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from dashboards.generate import ALERTS, HERE
from tests.dashboards.rules.promtool import find_program

FILE = HERE / "alertmanager" / "alertmanager.yml"
EXAMPLE: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SICK = {"EarshotIntakeGap", "EarshotSourceSilent", "EarshotSourceDown", "EarshotSourcePaused", "EarshotLagHigh"}
STOPPED = {"EarshotWorkerStalled", "EarshotDatabaseAway", "EarshotSnapshotStale", "EarshotEvaluatorAbsent"}


def amtool(*arguments: str) -> str:
    run = subprocess.run([find_program("amtool"), *arguments], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def receiver(**labels: str) -> str:
    given = [f"{key}={value}" for key, value in labels.items()]
    return amtool("config", "routes", "test", f"--config.file={FILE}", *given).strip()


def test_amtool_accepts_the_example() -> None:
    assert "SUCCESS" in amtool("check-config", str(FILE))


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (("lead", "warning", "Internal communication"), "internal-communication"),
        (("lead", "critical", "Safety officer"), "safety-and-compliance"),
        (("lead", "critical", "Somebody else"), "nobody-named"),
        (("lead", "info", "Internal communication"), "information"),
        (("operations", "critical", ""), "on-call"),
        (("operations", "warning", ""), "operations"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_an_alert_goes_to_whom_it_concerns(labels: tuple[str, str, str], expected: str) -> None:
    audience, severity, owner = labels
    assert receiver(audience=audience, severity=severity, target_owner=owner) == expected


def routes(route: dict[str, Any], above: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    matchers = (*above, *route.get("matchers", ()))
    inner = [found for each in route.get("routes", ()) for found in routes(each, matchers)]
    return [(matchers, route), *inner]


def test_nights_are_quiet_for_leads_and_for_all_that_can_wait() -> None:
    checked = 0
    for matchers, route in routes(EXAMPLE["route"]):
        lead = 'audience="lead"' in matchers
        can_wait = 'severity=~"warning|info"' in matchers
        if lead or can_wait:
            checked += 1
            assert route["active_time_intervals"] == ["working hours"], matchers
    assert checked >= 5


def matches(rule: list[str], labels: dict[str, str]) -> bool:
    for matcher in rule:
        name, sign, wanted = re.fullmatch(r'(\w+)(=~|!=|=)"(.*)"', matcher).groups()  # type: ignore[union-attr]
        value = labels.get(name, "")
        holds = {"=": value == wanted, "!=": value != wanted, "=~": re.fullmatch(wanted, value) is not None}[sign]
        if not holds:
            return False
    return True


def mutes(source: dict[str, str], target: dict[str, str]) -> bool:
    """Whether one alert mutes another, by Alertmanager's rules."""
    return any(
        matches(rule["source_matchers"], source)
        and matches(rule["target_matchers"], target)
        and all(source.get(label, "") == target.get(label, "") for label in rule["equal"])
        for rule in EXAMPLE["inhibit_rules"]
    )


def missed(**labels: str) -> dict[str, str]:
    reading = {"job": "earshot", "target": "t", "indicator": "reach", "channel": "all", "segment": "all"}
    return {"alertname": "EarshotTargetMissed", "audience": "lead", "severity": "critical", **reading, **labels}


def sick(alert: str, **labels: str) -> dict[str, str]:
    return {"alertname": alert, "audience": "operations", "severity": "warning", "job": "earshot", **labels}


@pytest.mark.parametrize("alert", sorted(SICK))
def test_a_sick_source_mutes_its_channel_and_all_channels_together_and_no_other(alert: str) -> None:
    source = sick(alert, source="mail", channel="email")
    assert mutes(source, missed(channel="email"))
    assert mutes(source, missed(channel="all"))
    assert not mutes(source, missed(channel="intranet"))
    assert not mutes(source, missed(channel="email", job="another"))


@pytest.mark.parametrize("alert", sorted(STOPPED))
def test_where_the_work_is_not_done_every_verdict_is_muted(alert: str) -> None:
    assert mutes(sick(alert, severity="critical"), missed(channel="intranet"))
    assert not mutes(sick(alert, severity="critical", job="another"), missed(channel="intranet"))


def test_what_can_no_longer_be_told_keeps_the_miss_from_coming_out_as_resolved() -> None:
    unknown = missed(alertname="EarshotNoLongerJudged", severity="info")
    assert mutes(unknown, missed())
    assert not mutes(unknown, missed(segment="site=Lyon"))
    assert not any(mutes(missed(severity=severity), unknown) for severity in ("critical", "warning", "info"))


def test_louder_mutes_quieter_about_the_same_reading_alone() -> None:
    goal = missed(alertname="EarshotGoalUnknown", severity="info")
    for severity in ("critical", "warning"):
        assert mutes(missed(severity=severity), goal)
        assert not mutes(missed(severity=severity, target="another"), goal)
    assert not mutes(missed(severity="info"), goal)


def test_every_alert_that_the_example_names_exists() -> None:
    named = set(re.findall(r"Earshot[A-Z]\w+", FILE.read_text(encoding="utf-8")))
    assert named <= {alert.name for alert in ALERTS}
    assert named >= SICK | STOPPED
