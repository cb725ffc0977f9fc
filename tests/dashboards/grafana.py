"""The dashboards as Grafana reads them: panels and queries, with variables filled in as Grafana fills them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dashboards.generate import BOARDS, HERE

Tree = dict[str, Any]
TREES: dict[str, Tree] = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / "grafana").glob("*.json"))
}
EVERYTHING = dict.fromkeys(("job", "target", "trend", "indicator", "channel", "segment", "message", "one"), ".+")


class Asked(NamedTuple):
    """A query of a panel. `where`: dashboard, panel and letter."""

    where: str
    expr: str
    legend: str


def panels(tree: Tree) -> Iterator[Tree]:
    """Those of collapsed rows too; rows themselves are none."""
    for panel in tree["panels"]:
        if panel["type"] == "row":
            yield from panel["panels"]
        else:
            yield panel


def queries(tree: Tree) -> Iterator[Asked]:
    for panel in panels(tree):
        for target in panel.get("targets", ()):
            yield Asked(f"{tree['uid']} / {panel['title']} / {target['refId']}", target["expr"], target["legendFormat"])


def variables(tree: Tree) -> dict[str, Tree]:
    return {each["name"]: each for each in tree["templating"]["list"]}


def all_queries() -> list[Asked]:
    return [asked for tree in TREES.values() for asked in queries(tree)]


def filled_in(expression: str, chosen: Mapping[str, str] = EVERYTHING) -> str:
    """With every variable replaced, longest names first."""
    filled = {"__rate_interval": "5m", "__interval": "1m", "__range": "30d", **chosen}
    for name in sorted(filled, key=len, reverse=True):
        expression = expression.replace(f"${name}", filled[name]).replace(f"${{{name}}}", filled[name])
    return expression


assert len(TREES) == len(BOARDS)
