"""Every alert under every condition that may befall it: the matrix that no alert may be missing from. What is special about one of them is
tried in the files beside it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dashboards.generate import ALERTS
from dashboards.rule import Alert
from tests.dashboards.rules.every import WORLDS, World, minutes, rules_of
from tests.dashboards.rules.promtool import Case, failures
from tests.dashboards.rules.worlds import signed

Condition = Callable[[Alert, World], list[Case]]


def named(alert: Alert) -> dict[str, str]:
    """What tells it from all others: two share a name."""
    return {"alertname": alert.name, **({"severity": alert.severity} if alert.severity else {})}


def fires(case: Case, alert: Alert, world: World, *at: int) -> Case:
    return case.fires_so(named(alert), {"audience": alert.audience, **world.labels}, *at)


def silent(case: Case, alert: Alert, *at: int) -> Case:
    return case.quiet(named(alert), *at)


def first(alert: Alert, world: World) -> int:
    """The minute at which it fires, if all is well until `before`."""
    return world.before + world.notices + minutes(alert.waits)


def at_the_edge(alert: Alert, world: World) -> list[Case]:
    edge = first(alert, world)
    cases = []
    for replicas in (("a",), ("a", "b")):
        case = world.case(f"edge {replicas}", ("well", world.before), ("bad", 60), replicas=replicas)
        silent(case, alert, world.before - 1, edge - 1)
        cases.append(fires(case, alert, world, edge, edge + 10))
    return cases


def without_data(alert: Alert, world: World) -> list[Case]:
    return [silent(world.case("no data", ("-", 120)), alert, 0, 30, 119)]


def too_briefly(alert: Alert, world: World) -> list[Case]:
    """Shorter than it waits."""
    length = world.notices + minutes(alert.waits) - world.forgets - 1
    brief = length if length > 0 else world.notices - 1
    case = world.case("brief", ("well", world.before), ("bad", brief), ("well", 60))
    return [silent(case, alert, *range(world.before, world.before + brief + 59, 3))]


def resolved(alert: Alert, world: World) -> list[Case]:
    case = world.case("resolved", ("well", world.before), ("bad", 60), ("well", 120))
    ends = world.before + 60 + world.forgets + minutes(alert.lingers)
    return [silent(fires(case, alert, world, ends - 1), alert, ends + 1, ends + 20)]


def come_and_gone(alert: Alert, world: World) -> list[Case]:
    """Once it has fired, it does not flap."""
    spans = [("well", 5), ("bad", 5 + world.notices)] * 8
    case = world.case("flapping", ("well", world.before), ("bad", 40), *spans)
    return [fires(case, alert, world, *range(first(alert, world), world.before + 120 + 8 * world.notices, 3))]


def with_a_hole(alert: Alert, world: World) -> list[Case]:
    """Ten minutes of nothing scraped end no alert, and bring no second one."""
    case = world.case("a hole", ("well", world.before), ("bad", 40), ("-", 10), ("bad", 60))
    return [fires(case, alert, world, *range(first(alert, world), world.before + 110, 3))]


def in_other_words(alert: Alert, world: World) -> list[Case]:
    """Not yet, cannot be told, hidden, and open because of a gap in the stream: none of them is bad news."""
    cases = [world.case(word, (word, 90)) for word in ("immature", "undetermined", "suppressed")]
    gap = world.case("gap", ("undetermined", 90))
    cases.append(signed(gap, "earshot_indicator_reason", (1, 90), reason="gap"))
    return [silent(case, alert, 0, 15, 45, 89) for case in cases]


ALWAYS: dict[str, Condition] = {
    "fires at the edge, silent a minute before, once for two replicas": at_the_edge,
    "silent without data": without_data,
    "silent where it does not last": too_briefly,
    "resolves": resolved,
    "does not flap": come_and_gone,
    "outlasts a hole in what is scraped": with_a_hole,
}
OF_VERDICTS: dict[str, Condition] = {"silent for what is not yet, cannot be told, or is hidden": in_other_words}
# What cannot be asked of an alert, with the reason.
EXCEPT = {
    ("EarshotEvaluatorAbsent", "silent without data"): "no data is what it tells",
    ("EarshotEvaluatorAbsent", "outlasts a hole in what is scraped"): "a hole is what it tells",
}


def conditions(alert: Alert) -> dict[str, Condition]:
    asked = {**ALWAYS, **(OF_VERDICTS if alert.audience == "lead" else {})}
    return {name: condition for name, condition in asked.items() if (alert.name, name) not in EXCEPT}


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: f"{alert.name} {alert.severity}")
def test_every_alert_does_what_it_should_under_every_condition(tmp_path: Path, alert: Alert) -> None:
    world = WORLDS[alert.name, alert.severity]
    cases = [case for condition in conditions(alert).values() for case in condition(alert, world)]
    assert len(cases) > len(conditions(alert))
    assert failures(tmp_path, cases, rules_of(alert)) == ""


def test_there_is_a_world_for_every_alert_and_none_of_one_that_is_gone() -> None:
    assert set(WORLDS) == {(alert.name, alert.severity) for alert in ALERTS}
    assert {name for name, _ in EXCEPT} <= {alert.name for alert in ALERTS}
    assert {condition for _, condition in EXCEPT} <= {*ALWAYS, *OF_VERDICTS}
