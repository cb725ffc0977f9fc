"""Every option, unit and query of the committed dashboards is one that Grafana's own types know."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from grafana_foundation_sdk.models import units

from tests.dashboards.grafana import TREES, panels
from tests.dashboards.reader import lost

Tree = dict[str, Any]


@pytest.mark.parametrize("tree", TREES.values(), ids=list(TREES))
def test_grafana_s_own_types_read_a_dashboard_and_lose_nothing_of_it(tree: Tree) -> None:
    assert lost(tree) == []


def test_every_unit_is_one_of_grafana_s() -> None:
    known = {value for name, value in vars(units).items() if not name.startswith("_") and isinstance(value, str)}
    used = set()
    for tree in TREES.values():
        for panel in panels(tree):
            defaults = panel.get("fieldConfig", {}).get("defaults", {})
            used |= {defaults["unit"]} if defaults else set()
            for override in panel.get("fieldConfig", {}).get("overrides", ()):
                used |= {one["value"] for one in override["properties"] if one["id"] == "unit"}
    assert used - known == set()
    assert {"percentunit", "s"} <= used


def first(tree: Tree, kind: str) -> Tree:
    return next(panel for panel in panels(tree) if panel["type"] == kind)


MISSPELT: dict[str, Callable[[Tree], Tree]] = {
    "an option of a chart": lambda tree: first(tree, "timeseries")["options"],
    "an option of a table": lambda tree: first(tree, "table")["options"],
    "what is set of every field": lambda tree: first(tree, "stat")["fieldConfig"]["defaults"],
    "how a line is drawn": lambda tree: first(tree, "timeseries")["fieldConfig"]["defaults"]["custom"],
    "a query": lambda tree: first(tree, "table")["targets"][0],
    "the dashboard itself": lambda tree: tree,
}


@pytest.mark.parametrize("where", MISSPELT)
def test_a_word_that_grafana_does_not_know_is_found(where: str) -> None:
    tree = copy.deepcopy(TREES["overview"])
    MISSPELT[where](tree)["misspelt"] = True
    assert [path.rpartition(".")[2] for path in lost(tree)] == ["misspelt"]
