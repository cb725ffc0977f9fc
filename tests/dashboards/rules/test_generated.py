"""The rules as files: what is committed is what would be written, promtool accepts it, and every alert has all that it needs."""

import re
import subprocess
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from dashboards.generate import ALERTS, BOARDS, HERE, files, write
from dashboards.rule import Alert
from metrics.catalogue import CATALOGUE, FROM_SNAPSHOT, OF_A_WORKER
from tests.dashboards.rules import test_information, test_missed, test_service_alerts
from tests.dashboards.rules.promtool import READINGS, SERVICE, find_program, parts

DOCS = HERE.parent / "docs"
HEADINGS = ["## What it means", "## How sure we are", "## What usually helps", "## How to silence it"]
RULES: list[dict[str, Any]] = [
    rule
    for file in (READINGS, SERVICE)
    for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
each_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: f"{alert.name} {alert.severity}")


def test_what_is_committed_is_what_would_be_written() -> None:
    committed = {path: (HERE / path).read_text(encoding="utf-8") for path in files()}
    assert [path for path, text in files().items() if committed[path] != text] == [], (
        "write them with ./earshot dashboards"
    )
    assert len(committed) == len(BOARDS) + len({READINGS, SERVICE})


def test_no_file_lies_there_that_nobody_writes() -> None:
    there = {path.relative_to(HERE).as_posix() for path in (HERE / "rules").iterdir()}
    assert there == {path for path in files() if path.startswith("rules/")}


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    assert write(tmp_path) == list(files())
    assert write(tmp_path) == []


def test_every_alert_can_carry_a_team(tmp_path: Path) -> None:
    write(tmp_path, {"team": "communication"})
    rules = yaml.safe_load((tmp_path / "rules/readings.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    assert {rule["labels"]["team"] for rule in rules if "alert" in rule} == {"communication"}


@pytest.mark.parametrize("file", [READINGS, SERVICE], ids=lambda file: file.stem)
def test_promtool_finds_nothing_to_say(file: Path) -> None:
    command = [find_program("promtool"), "check", "rules", "--lint=all", "--lint-fatal", str(file)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.get("alert", rule.get("record")))
def test_an_expression_parses_and_speaks_of_known_series_alone(rule: dict[str, Any]) -> None:
    promql_parser.parse(rule["expr"])
    known = {series.name for series in (*CATALOGUE, *OF_A_WORKER)} | {
        each["record"] for each in RULES if "record" in each
    }
    named = set(re.findall(r"[a-z:]*earshot_[a-z0-9_:]+", rule["expr"]))
    assert named
    assert named <= known


def added_up(expression: str) -> set[str]:
    """The series that an expression adds up or averages."""
    return {
        selector.name
        for part in parts(promql_parser.parse(expression))
        if isinstance(part, promql_parser.AggregateExpr) and str(part.op) in ("sum", "avg")
        for selector in parts(part)
        if isinstance(selector, promql_parser.VectorSelector) and selector.name
    }


def test_what_an_expression_adds_up_or_averages_is_found() -> None:
    assert added_up("max(a) + sum by (x) (rate(b[5m])) / avg(c or d) - e") == {"b", "c", "d"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.get("alert", rule.get("record")))
def test_readings_are_neither_added_up_nor_averaged(rule: dict[str, Any]) -> None:
    readings = {series.name for series in FROM_SNAPSHOT}
    assert {name for name in added_up(rule["expr"]) if name in readings or name.startswith("reading:")} == set()


@pytest.mark.parametrize("alert", [one for one in ALERTS if one.audience == "lead"], ids=lambda alert: alert.name)
def test_no_alert_holds_the_number_of_a_target(alert: Alert) -> None:
    without = re.sub(r"\[1d\]|offset 1d|topk by \([^)]*\) \(1,", "", alert.expr)
    assert set(re.findall(r"(?<![\w:])\d+(?:\.\d+)?", without)) == {"1"}


@each_alert
def test_an_alert_is_a_comparison(alert: Alert) -> None:
    assert re.search(r"[<>]|==|absent\(", alert.expr)


@each_alert
def test_an_alert_says_what_it_is_about_and_has_a_runbook_of_its_own(alert: Alert) -> None:
    assert re.fullmatch(r"Earshot([A-Z][a-z]+)+", alert.name)
    assert alert.summary.endswith(".")
    assert "{{" not in alert.summary
    page = (DOCS / "runbooks" / f"{alert.name}.md").read_text(encoding="utf-8")
    assert f"`{alert.name}`" in page
    assert [line for line in page.splitlines() if line.startswith("## ")] == HEADINGS


def test_no_runbook_is_left_of_an_alert_that_is_gone() -> None:
    assert {path.stem for path in (DOCS / "runbooks").glob("*.md")} == {alert.name for alert in ALERTS}


@each_alert
def test_an_alert_s_label_never_holds_a_value(alert: Alert) -> None:
    assert not any("{{" in value for value in alert.labels.values())
    rule = next(rule for rule in RULES if rule.get("alert") == alert.name)
    assert not any("$value" in value for value in rule["labels"].values())


@each_alert
def test_every_alert_is_tried_by_promtool_where_it_fires_and_where_it_is_silent(alert: Alert) -> None:
    text = "".join(
        Path(module.__file__ or "").read_text(encoding="utf-8")
        for module in (test_missed, test_information, test_service_alerts)
    )
    assert f'"{alert.name}"' in text


@each_alert
def test_the_manual_of_alerts_names_it(alert: Alert) -> None:
    assert f"runbooks/{alert.name}.md" in (DOCS / "alerts.md").read_text(encoding="utf-8")
