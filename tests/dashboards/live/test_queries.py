"""Every query of every panel, variable and rule, asked of a real Prometheus that scrapes a real service with history behind it."""

import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import promql_parser
import pytest

from collectors.simulation.parameters import Parameters
from dashboards.generate import ALERTS, HERE
from dashboards.rule import Alert
from metrics.catalogue import OF_A_WORKER
from metrics.snapshot import Snapshot
from metrics.standings import standings
from tests.dashboards.grafana import EVERYTHING, TREES, Asked, all_queries, filled_in, variables
from tests.dashboards.live.company import STEP_SECONDS, sample_targets, serving, write_history
from tests.dashboards.live.stack import Prometheus, wait_for
from tests.dashboards.rules.promtool import find_program, parts
from tests.flow.company import KEEP, UNTIL, make_company

RULES = sorted((HERE / "rules").glob("*.yaml"))

_OF_KAFKA = "a worker of Kafka serves them, and here none runs: they are asked of one in tests/real/test_scraped.py"
_NOT_ASKED = "none of the company's latest messages asks for it"
# Queries that have no data here, each with the reason why that is right.
EMPTY = {
    **{f"earshot-service / {title}": _OF_KAFKA for title in (
        "Lag", "Lag in time", "Batches", "Recording a batch", "Stalls, rebalances, renewed clients", "Standing still", "Database",
    )},
    **{f"earshot-message / {where}": _NOT_ASKED for where in ("At the same age / G", "The way of $one / F", "The way of $one / H")},
    "earshot-message / At the same age / H": "no message that asks for an answer has closed yet",
}  # fmt: skip
# Alerts that hold in this company: two of its targets' readings, and those that find its clock, which stands still, days behind. Nothing of
# what the others are about is so here, and their expressions return nothing; what each of them looks at is asked for by itself.
TRUE_HERE = {
    *("EarshotTargetMissed", "EarshotGoalUnknown"),
    *("EarshotSourceSilent", "EarshotLagHigh", "EarshotSnapshotStale"),
}


class Live(NamedTuple):
    prometheus: Prometheus
    moments: list[int]
    snapshot: Snapshot


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    find_program("prometheus")
    folder: Path = tmp_path_factory.mktemp("live")
    # A company of always the same days, whatever today is; Prometheus scrapes it today.
    parameters = Parameters(300, 70, 1, UNTIL, all_cloudevents=True)
    (folder / "company").mkdir()
    company = make_company(folder / "company", parameters, targets=sample_targets(), retention=KEEP)
    with serving(company.settings, lambda: UNTIL) as (service, port):
        moments = write_history(port, folder / "history.txt", int(time.time()))
        with Prometheus(
            folder / "prometheus", [f"127.0.0.1:{port}"], RULES, history=folder / "history.txt"
        ) as prometheus:
            # Two scrapes, and two evaluations of the rules: a rate needs two samples.
            wait_for("two scrapes", lambda: prometheus.query("count_over_time(up[1m]) >= 4"))
            wait_for("rates recorded", lambda: prometheus.query('{__name__=~"source:.*:rate5m"}'))
            yield Live(prometheus, moments, service.tick())


def answers(live: Live, asked: Asked) -> int:
    """How many series answer a query, over the history for those that are drawn over time."""
    expression = filled_in(asked.expr)
    range = live.prometheus.query_range(
        expression, start=live.moments[0], end=live.moments[-1] + STEP_SECONDS, step=STEP_SECONDS
    )
    return max(len(live.prometheus.query(expression)), len(range))


def is_excused(where: str) -> bool:
    return any(where.startswith(f"{start} /") or where == start for start in EMPTY)


def test_every_query_of_every_panel_returns_data(live: Live) -> None:
    silent = [asked.where for asked in all_queries() if not is_excused(asked.where) and not answers(live, asked)]
    assert silent == []


def test_what_is_excused_has_no_data_and_is_there(live: Live) -> None:
    excused = [asked for asked in all_queries() if is_excused(asked.where)]
    assert {start for start in EMPTY for asked in excused if asked.where.startswith(start)} == set(EMPTY)
    assert [asked.where for asked in excused if answers(live, asked)] == []
    of_kafka = [asked for asked in excused if EMPTY.get(asked.where.rpartition(" / ")[0]) == _OF_KAFKA]
    assert all(any(series.name in asked.expr for series in OF_A_WORKER) for asked in of_kafka)


def figures(live: Live, where: str, chosen: Mapping[str, str]) -> list[dict[str, str]]:
    """The labels of what answers one query, with these choices and everything else chosen."""
    asked = next(one for one in all_queries() if one.where == where)
    return [one["metric"] for one in live.prometheus.query(filled_in(asked.expr, {**EVERYTHING, **chosen}))]


def test_every_target_has_a_tile_with_just_one_word(live: Live) -> None:
    targets = [one.target for one in live.snapshot.targets]
    words = {target: len(figures(live, "earshot-overview / $target / E", {"target": target})) for target in targets}
    assert words == dict.fromkeys(targets, 1)


def test_several_choices_are_filled_in_as_grafana_does(live: Live) -> None:
    chosen = ["department=Executive Office", "department=Finance", "department=Sales"]
    given = {"target": "reach_by_department", "segment": f"({'|'.join(chosen)})"}
    hidden = figures(live, "earshot-groups / Hidden groups / A", given)
    shown = figures(live, "earshot-groups / Shares, group by group / A", given)
    assert sorted(one["segment"] for one in (*hidden, *shown)) == chosen


def test_the_overview_counts_targets_as_the_page_does(live: Live) -> None:
    counted = {
        asked.legend.partition(" ")[2] or asked.legend: int(live.prometheus.query(filled_in(asked.expr))[0]["value"][1])
        for asked in all_queries()
        if asked.where.startswith("earshot-overview / Targets /")
    }
    judged = [one for one in standings(live.snapshot) if not one.is_watched]
    words: Counter[str] = Counter(one.word for one in judged)
    assert counted == {"targets": len(judged), **{word: words[word] for word in counted if word != "targets"}}
    assert sum(words.values()) == len(judged) > 10


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: f"{alert.name} {alert.severity}")
def test_every_alert_is_asked_for_and_every_series_that_it_looks_at_is_there(live: Live, alert: Alert) -> None:
    wait_for("the recordings of all rules", lambda: _evaluated(live))
    firing = live.prometheus.query(alert.expr)
    assert bool(firing) == (alert.name in TRUE_HERE)
    selectors = (
        part for part in parts(promql_parser.parse(alert.expr)) if isinstance(part, promql_parser.VectorSelector)
    )
    chosen = sorted(set(map(str, selectors)))
    assert chosen
    absent = [one for one in chosen if not live.prometheus.query(re.sub(" offset .*", "", one))]
    assert [one for one in absent if not any(series.name in one for series in OF_A_WORKER)] == []


def test_the_trend_of_a_target_has_a_point_at_every_moment_of_the_history(live: Live) -> None:
    asked = next(
        one for one in all_queries() if one.where.startswith("earshot-indicator / $target, share: $segment / A")
    )
    expression = filled_in(
        asked.expr, {"job": "earshot", "target": "reach", "indicator": "reach", "channel": ".+", "segment": "all"}
    )
    found = live.prometheus.query_range(expression, start=live.moments[0], end=live.moments[-1], step=STEP_SECONDS)
    assert [len(series["values"]) for series in found] == [len(live.moments)]


def test_every_variable_has_something_to_choose(live: Live) -> None:
    offered: dict[str, int] = {}
    for tree in TREES.values():
        for name, variable in variables(tree).items():
            if name != "datasource":
                series, label = (
                    filled_in(variable["definition"]).removeprefix("label_values(").removesuffix(")").rsplit(", ", 1)
                )
                offered[f"{tree['uid']} {name}"] = len(live.prometheus.query(f"count by ({label}) ({series})"))
    assert [name for name, choices in offered.items() if not choices] == []
    assert offered["earshot-service job"] == 1
    assert offered["earshot-groups segment"] > 10


def test_messages_are_marked_where_they_were_sent(live: Live) -> None:
    annotation = TREES["overview"]["annotations"]["list"][0]
    found = live.prometheus.query(filled_in(annotation["expr"]))
    assert len(found) > 10
    assert all(UNTIL / 1000 - 70 * 86_400_000 < float(one["value"][1]) < UNTIL / 1000 for one in found)


def test_every_rule_is_evaluated_without_an_error_and_every_recording_returns_data(live: Live) -> None:
    rules = wait_for("all rules evaluated", lambda: _evaluated(live))
    assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []
    recorded = [rule["name"] for rule in rules if rule["type"] == "recording"]
    # Of targets per message the sample has one; every other recording stands for all readings or sources.
    assert [name for name in recorded if not live.prometheus.query(name)] == []


def _evaluated(live: Live) -> list[dict[str, str]]:
    rules = live.prometheus.rules()
    return rules if all(rule["health"] != "unknown" for rule in rules) else []
