"""Prometheus' own tests of rules, written from Python: series over minutes, and which alerts fire when."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml

from dashboards.generate import HERE

READINGS, SERVICE = HERE / "rules" / "readings.yaml", HERE / "rules" / "service.yaml"
Labels = Mapping[str, str]


def find_program(*names: str) -> str:
    """Where a program is; without it the test is skipped by name, and fails in CI."""
    for name in names:
        found = shutil.which(name)
        if found is not None:
            return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"{names[0]} has to be there in CI")
    pytest.skip(f"{names[0]} is not installed (Debian: packages prometheus and prometheus-alertmanager)")


def parts(expression: Any) -> Iterator[Any]:
    """A parsed expression and all that it is made of."""
    yield expression
    for name in ("lhs", "rhs", "expr", "vector_selector", "param"):
        inner = getattr(expression, name, None)
        if isinstance(inner, promql_parser.Expr):
            yield from parts(inner)
    for inner in getattr(expression, "args", None) or ():
        yield from parts(inner)


def sample(name: str, labels: Labels) -> str:
    return f"{name}{{{', '.join(f'{key}={quoted(value)}' for key, value in sorted(labels.items()))}}}"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def by_ticks(values: str, every: int) -> str:
    """The values of a series that holds still between ticks: `1 0` every 3 gives `1 1 1 0 0 0`."""
    return " ".join(value for value in values.split() for _ in range(every))


@dataclass
class Case:
    """One test of the rules: series, a value a minute (or what `interval` says), and alerts that have to fire at some minute; `alerts`:
    with their words."""

    name: str
    interval: str = "1m"
    series: list[dict[str, str]] = field(default_factory=list)
    checks: list[dict[str, Any]] = field(default_factory=list)
    alerts: list[dict[str, Any]] = field(default_factory=list)

    def given(self, name: str, labels: Labels, values: str) -> "Case":
        self.series.append({"series": sample(name, labels), "values": values})
        return self

    def fires(self, alert: str, at: str, *expected: Labels) -> "Case":
        """At that time just these alerts of this name fire: each named by all of its labels but `alertname` and `alertstate`."""
        selector = sample("ALERTS", {"alertname": alert, "alertstate": "firing"})
        samples = [
            {"labels": sample("ALERTS", {**labels, "alertname": alert, "alertstate": "firing"}), "value": 1}
            for labels in expected
        ]
        self.checks.append({"expr": selector, "eval_time": at, "exp_samples": samples})
        return self

    def silent(self, alert: str, *times: str) -> "Case":
        for at in times:
            self.fires(alert, at)
        return self

    def quiet(self, selected: Labels, *minutes: int) -> "Case":
        """At these minutes nothing that these labels select fires."""
        selector = sample("ALERTS", {**selected, "alertstate": "firing"})
        self.checks += [{"expr": selector, "eval_time": f"{minute}m", "exp_samples": []} for minute in minutes]
        return self

    def fires_so(self, selected: Labels, expected: Labels, *minutes: int) -> "Case":
        """At these minutes just one alert that `selected` selects fires, with all of the labels `expected`."""
        selector = sample("ALERTS", {**selected, "alertstate": "firing"})
        found = [{"labels": sample("ALERTS", {**selected, **expected, "alertstate": "firing"}), "value": 1}]
        self.checks += [{"expr": selector, "eval_time": f"{minute}m", "exp_samples": found} for minute in minutes]
        return self

    def tree(self) -> dict[str, Any]:
        return {
            "interval": self.interval,
            "name": self.name,
            "input_series": self.series,
            "promql_expr_test": self.checks,
            "alert_rule_test": self.alerts,
        }


def failures(folder: Path, cases: Iterable[Case], rules: Path = READINGS, *, every: str = "1m") -> str:
    """What promtool says of those that fail, when it tries all of them, evaluating so often; "" where all hold."""
    tests = {
        "rule_files": [str(rules)],
        "evaluation_interval": every,
        "tests": [case.tree() for case in cases],
    }
    file = folder / "tests.yaml"
    file.write_text(yaml.safe_dump(tests, sort_keys=False), encoding="utf-8")
    run = subprocess.run(
        [find_program("promtool"), "test", "rules", str(file)], capture_output=True, text=True, check=False
    )
    return "" if run.returncode == 0 else f"promtool ended with {run.returncode}: {run.stdout}{run.stderr}"
