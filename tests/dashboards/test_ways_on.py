"""Where dashboards lead, what stands in the overview's table, and that a band is drawn where one is meant."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from dashboards.generate import ALERTS
from dashboards.questions import RUNBOOKS
from tests.dashboards.grafana import TREES, Tree, panels, variables

each_board = pytest.mark.parametrize("tree", TREES.values(), ids=list(TREES))


def links(tree: Tree) -> Iterator[str]:
    """Where panels, and cells of their tables, lead."""
    for panel in panels(tree):
        given = [*panel.get("links", ()), *properties(panel, "links")]
        yield from (link["url"] for link in given)


def properties(panel: Tree, name: str) -> Iterator[Any]:
    for override in panel.get("fieldConfig", {}).get("overrides", ()):
        for each in override["properties"]:
            if each["id"] == name:
                yield from each["value"] if isinstance(each["value"], list) else [each["value"]]


BANDED = [panel for tree in TREES.values() for panel in panels(tree) if list(properties(panel, "custom.fillBelowTo"))]


@each_board
def test_a_link_leads_to_a_dashboard_with_variables_that_it_has(tree: Tree) -> None:
    unknown = []
    for url in links(tree):
        if url != "${__value.raw}":  # a runbook's address
            path, _, query = url.partition("?")
            target = next(tree for tree in TREES.values() if path == f"/d/{tree['uid']}")
            named = {one or other for one, other in re.findall(r"var-(\w+)=|\$\{(\w+):queryparam", query)}
            unknown += [url] if not named or named - set(variables(target)) else []
    assert unknown == []


def test_the_overview_leads_from_every_target_and_reading_to_that_reading_and_to_what_helps() -> None:
    assert sum(url.startswith("/d/earshot-indicator") for url in links(TREES["overview"])) >= 3
    assert sum(url == "${__value.raw}" for url in links(TREES["overview"])) == 2
    assert set(RUNBOOKS) <= {alert.name for alert in ALERTS if alert.audience == "lead"}


def test_the_table_of_the_overview_has_every_column_of_a_reading() -> None:
    table = next(panel for panel in panels(TREES["overview"]) if panel["title"] == "Shares")
    renamed = next(one for one in table["transformations"] if one["id"] == "organize")["options"]["renameByName"]
    assert list(renamed.values()) == [
        *("what", "target", "owner", "channel", "segment", "verdict", "value", "lower", "upper", "wanted", "gap"),
        *("people", "coarse", "mature", "runbook"),
    ]


@pytest.mark.parametrize("panel", BANDED, ids=lambda panel: panel["title"])
def test_a_band_is_drawn_down_to_a_series_of_its_panel_and_of_one_reading_alone(panel: Tree) -> None:
    legends = [target["legendFormat"] for target in panel["targets"]]
    expression = panel["targets"][0]["expr"]
    # Grafana looks for that very name: one made of labels is never found.
    assert set(properties(panel, "custom.fillBelowTo")) <= set(legends)
    assert "{{" not in "".join(legends)
    assert 'target=~"$target"' in expression or 'target=~"$trend"' in expression
    assert 'segment="all"' in expression or panel["repeat"] == "segment"


@each_board
def test_where_one_panel_stands_for_each_choice_there_is_something_to_choose(tree: Tree) -> None:
    repeated = [panel for panel in panels(tree) if "repeat" in panel]
    assert [panel["title"] for panel in repeated if f"${panel['repeat']}" not in panel["title"]] == []
    assert all(variables(tree)[panel["repeat"]]["multi"] for panel in repeated)


def test_target_line_and_band_are_on_the_overview_on_the_indicator_and_on_groups() -> None:
    drawn = [
        name for name, tree in TREES.items() for panel in panels(tree) for _ in properties(panel, "custom.fillBelowTo")
    ]
    assert sorted(drawn) == ["groups", "indicator", "indicator", "overview"]
    dashed = [
        name for name, tree in TREES.items() for panel in panels(tree) for _ in properties(panel, "custom.lineStyle")
    ]
    assert set(dashed) >= set(drawn)
