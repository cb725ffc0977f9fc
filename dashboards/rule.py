"""What a rule of Prometheus is, and how groups of them are written down. Which there are is left to `recordings` and `alerts_of_...`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from dashboards.telling import GRAFANA, RUNBOOKS

HEAD = "# Written by ./earshot dashboards from dashboards/*.py and metrics/catalogue.py: edit those, not this.\n"


@dataclass(frozen=True)
class Recording:
    """A series that Prometheus keeps: `record` is level:metric:operations."""

    record: str
    expr: str


@dataclass(frozen=True)
class Alert:
    """`summary`: one sentence that never changes; `description`: a template; `audience`: lead or operations. `severity`: empty where the
    expression carries it. `waits`: how long it must hold; `lingers`: how long it stays after it no longer holds, so that what comes and
    goes rings once. `dashboard`: the path of the dashboard that shows it, a template."""

    name: str
    audience: Literal["lead", "operations"]
    expr: str
    summary: str
    description: str
    dashboard: str
    severity: Literal["", "critical", "warning", "info"] = ""
    waits: str = "10m"
    lingers: str = "15m"
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    name: str
    rules: Sequence[Recording | Alert]


def render(groups: Sequence[Group], labels: Mapping[str, str]) -> str:
    """A file of rules. `labels`: what every alert carries besides, such as a team."""
    tree = {
        "groups": [{"name": group.name, "rules": [_tree(rule, labels) for rule in group.rules]} for group in groups]
    }
    return HEAD + yaml.dump(tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100_000)


def _tree(rule: Recording | Alert, labels: Mapping[str, str]) -> dict[str, Any]:
    if isinstance(rule, Recording):
        return {"record": rule.record, "expr": rule.expr}
    severity = {"severity": rule.severity} if rule.severity else {}
    return {
        "alert": rule.name,
        "expr": rule.expr,
        "for": rule.waits,
        "keep_firing_for": rule.lingers,
        "labels": {"audience": rule.audience, **severity, **rule.labels, **labels},
        "annotations": {
            "summary": rule.summary,
            "description": rule.description,
            "runbook_url": f"{RUNBOOKS}/{rule.name}.md",
            "dashboard_url": f"{GRAFANA}{rule.dashboard}",
        },
    }


class _Dumper(yaml.SafeDumper):
    """Lists indented, texts of several lines as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
