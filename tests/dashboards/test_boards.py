"""The rules of Grafana's dashboard-linter and our own, over the committed dashboards. Exceptions stand here with their reasons."""

import json
import re

import promql_parser
import pytest

from dashboards.board import all_panels
from dashboards.generate import ALERTS, BOARDS, files
from dashboards.panels import WORDS
from dashboards.rule import Alert
from metrics.catalogue import CATALOGUE, OF_A_WORKER
from metrics.wording import MEANINGS
from tests.dashboards.grafana import TREES, Asked, Tree, all_queries, filled_in, panels, variables

SERIES = {series.name: series for series in (*CATALOGUE, *OF_A_WORKER)}
# Variables that are not called like the label whose values they offer: one target, or message, beside several of them.
ONE_CHOICE = {"trend": "target", "one": "message"}
each_board = pytest.mark.parametrize("tree", TREES.values(), ids=list(TREES))
each_panel = pytest.mark.parametrize(
    "panel",
    [panel for tree in TREES.values() for panel in panels(tree)],
    ids=[f"{tree['uid']} {panel['title']}" for tree in TREES.values() for panel in panels(tree)],
)
each_query = pytest.mark.parametrize("asked", all_queries(), ids=lambda asked: asked.where)


def selectors(expression: str) -> list[tuple[str, str]]:
    """Each series that an expression names, with its matchers."""
    return re.findall(r"(earshot_[a-z_]+)(\{[^}]*\})?", expression)


@each_board
def test_a_dashboard_has_a_fixed_uid_and_nobody_edits_it_there(tree: Tree) -> None:
    assert re.fullmatch(r"earshot-[a-z]{3,20}", tree["uid"])
    assert tree["editable"] is False
    assert "id" not in tree
    assert tree["tags"] == ["earshot"]
    assert tree["timezone"] == "browser"
    assert tree["refresh"] in ("1m", "2m", "5m")


@each_board
def test_a_dashboard_leads_to_the_others(tree: Tree) -> None:
    assert tree["links"][0]["type"] == "dashboards"
    assert tree["links"][0]["tags"] == tree["tags"]
    assert tree["description"].count("?") >= 1


@each_board
def test_the_data_source_and_the_job_are_chosen_on_top_and_reloaded_with_the_time(tree: Tree) -> None:
    found = variables(tree)
    assert found["datasource"]["type"] == "datasource"
    assert found["datasource"]["query"] == "prometheus"
    for name, variable in found.items():
        if name != "datasource":
            assert variable["refresh"] == 2
            # What is drawn with its band shows one reading alone: of that there is one choice, and no All.
            assert variable["multi"] == variable["includeAll"]
            assert variable.get("allValue") == (".+" if variable["multi"] else None)
            assert variable["datasource"]["uid"] == "${datasource}"
    # dashboard-linter also wants `instance`: a reading is the same in every replica, and counted once without it.
    assert "job" in found
    assert "instance" not in found


@each_board
def test_every_variable_that_is_used_is_there_and_the_other_way_round(tree: Tree) -> None:
    text = json.dumps(list(panels(tree))) + json.dumps([v["query"] for v in tree["templating"]["list"]])
    used = set(re.findall(r"\$\{?([a-z]+)\b", text))
    assert used == set(variables(tree))


@each_board
def test_the_question_of_a_variable_parses(tree: Tree) -> None:
    asked = {name: variable for name, variable in variables(tree).items() if name != "datasource"}
    assert "job" in asked
    for name, variable in asked.items():
        series, label = re.fullmatch(r"label_values\((.*), (\w+)\)", variable["definition"]).groups()  # type: ignore[union-attr]
        assert label == ONE_CHOICE.get(name, name)
        promql_parser.parse(filled_in(series))


@each_board
def test_at_most_five_charts_are_in_view_at_once(tree: Tree) -> None:
    """A screen is about 20 rows of the grid high; what stands in a collapsed row is not in view."""
    shown = [panel for panel in tree["panels"] if panel["type"] in ("timeseries", "state-timeline", "bargauge")]
    charts = [panel["gridPos"]["y"] for panel in shown]
    assert charts
    for top in charts:
        assert sum(top <= other < top + 20 for other in charts) <= 5


@each_board
def test_panels_do_not_lie_over_each_other(tree: Tree) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels(tree):
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
    assert len(taken) > 24


@each_board
def test_no_two_panels_share_a_number_or_a_title(tree: Tree) -> None:
    numbers = [panel["id"] for panel in panels(tree)]
    titles = [panel["title"] for panel in panels(tree)]
    assert len(set(numbers)) == len(numbers)
    assert len(set(titles)) == len(titles)


@each_panel
def test_a_panel_says_what_it_shows_in_which_unit_and_what_stands_there_without_data(panel: Tree) -> None:
    assert panel["title"]
    assert panel["description"].endswith((".", ")."))
    if panel["type"] == "text":
        return
    assert panel["datasource"]["uid"] == "${datasource}"
    assert panel["targets"]
    defaults = panel["fieldConfig"]["defaults"]
    assert defaults["unit"]
    # Where a figure is absent for one of four reasons, its verdict says which; "no data" would be a guess.
    assert re.match("(no data|no figure|none): .", defaults["noValue"])


@each_panel
def test_nothing_is_stacked_and_shares_go_from_nought_to_one(panel: Tree) -> None:
    custom = panel.get("fieldConfig", {}).get("defaults", {}).get("custom", {})
    assert custom.get("stacking", {"mode": "none"})["mode"] == "none"


@each_panel
def test_no_panel_holds_a_threshold_of_its_own(panel: Tree) -> None:
    """Targets are series: a number in a threshold would be a second truth."""
    steps = panel.get("fieldConfig", {}).get("defaults", {}).get("thresholds", {}).get("steps", [])
    assert [step["value"] for step in steps] in ([], [None])


@each_query
def test_a_query_parses_and_speaks_of_series_that_exist(asked: Asked) -> None:
    promql_parser.parse(filled_in(asked.expr))
    assert selectors(asked.expr)
    for name, _ in selectors(asked.expr):
        assert name.removesuffix("_bucket") in SERIES


@each_query
def test_every_series_of_a_query_is_held_to_the_chosen_job(asked: Asked) -> None:
    for name, matchers in selectors(asked.expr):
        assert 'job=~"$job"' in matchers, name


@each_query
def test_counters_are_asked_for_their_rate_over_the_interval_that_grafana_reckons(asked: Asked) -> None:
    for name, _ in selectors(asked.expr):
        is_counter = SERIES[name.removesuffix("_bucket")].kind in ("counter", "histogram")
        assert is_counter == (re.search(rf"rate\({name}\{{[^}}]*\}}\[\$__rate_interval\]\)", asked.expr) is not None)


@each_query
def test_readings_are_counted_once_and_never_added_up_or_averaged(asked: Asked) -> None:
    for operation, name in re.findall(r"\b(sum|avg)\b[^{]*?(earshot_[a-z_]+)", asked.expr):
        assert SERIES[name.removesuffix("_bucket")].kind in ("counter", "histogram"), operation
    for name, _ in selectors(asked.expr):
        if name.startswith(("earshot_indicator", "earshot_message")):
            assert re.search(rf"max (without \(instance, pod[^)]*\)|by \([^)]*\)) \({name}\b", asked.expr)


@each_query
def test_no_query_holds_the_number_of_a_target(asked: Asked) -> None:
    """What numbers there are: places of words, 0 and 1, milliseconds, quantiles."""
    bare = re.sub(r"\{[^}]*\}|\[[^]]*\]", "", asked.expr)
    numbers = {float(found) for found in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", bare)}
    allowed = {0.0, 1.0, 1000.0, 0.5, 0.95, *map(float, range(1, len(MEANINGS) + 1))}
    assert numbers <= allowed


def test_every_word_of_a_verdict_has_a_colour_and_a_sign_and_none_is_red_or_green() -> None:
    options = WORDS["options"]
    assert isinstance(options, dict)
    told = {option["text"].split(" ", 1)[1]: option for option in options.values()}
    assert set(told) == set(MEANINGS)
    signs = [option["text"].split(" ", 1)[0] for option in told.values()]
    assert len(set(signs)) == len(signs)
    colours = [option["color"] for option in told.values()]
    assert told["met"]["color"] != told["missed"]["color"]
    for colour in colours:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        assert not (red > 150 and green < 90 and blue < 90), "red"
        assert not (green > 150 and red < 90 and blue < 90), "green"


def luminance(colour: str) -> float:
    """Relative, as WCAG 2 reckons it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", ["#FFFFFF", "#181B1F"], ids=["light", "dark"])
def test_every_word_stands_out_from_the_ground(ground: str) -> None:
    options = WORDS["options"]
    assert isinstance(options, dict)
    for option in options.values():
        low, high = sorted((luminance(option["color"]), luminance(ground)))
        assert (high + 0.05) / (low + 0.05) >= 3, option["text"]  # what WCAG asks of large text and of signs


def test_no_data_not_yet_hidden_and_cannot_be_told_are_four_words() -> None:
    options = WORDS["options"]
    assert isinstance(options, dict)
    texts = " ".join(option["text"] for option in options.values())
    assert all(word in texts for word in ("no data", "not yet", "hidden", "cannot be told"))


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: f"{alert.name} {alert.severity}")
def test_every_alert_leads_to_a_dashboard_with_variables_that_it_has(alert: Alert) -> None:
    path, _, query = alert.dashboard.partition("?")
    tree = next(tree for tree in TREES.values() if path == f"/d/{tree['uid']}")
    named = set(re.findall(r"var-(\w+)=", query))
    assert named <= set(variables(tree))
    assert named == ({"target", "channel", "segment"} if alert.audience == "lead" else set())


def test_no_dashboard_lies_there_that_nobody_writes() -> None:
    assert {f"grafana/{name}.json" for name in TREES} == {path for path in files() if path.startswith("grafana/")}


def test_every_panel_of_a_dashboard_is_in_its_file() -> None:
    meant = {board.uid: [panel.title for panel in all_panels(board)] for board in BOARDS}
    assert meant == {tree["uid"]: [panel["title"] for panel in panels(tree)] for tree in TREES.values()}
