"""What Prometheus scrapes, minute by minute, in the cases of the lead's alerts: verdicts that change, targets, owners, replicas."""

from collections.abc import Sequence
from typing import Any

from metrics.snapshot import VERDICTS
from tests.dashboards.rules.promtool import Case

READING = {"job": "earshot", "target": "reach", "indicator": "reach", "channel": "all", "segment": "all"}
INFO = {
    "job": "earshot",
    "target": "reach",
    "indicator": "reach",
    "title": "News reach the people they are meant for",
    "target_owner": "Internal communication",
    "severity": "warning",
    "direction": "at_least",
    "judge": "count",
    "period": "rolling 28 days",
}
OWNED = {**READING, "target_owner": "Internal communication", "audience": "lead"}
MISSED = {**OWNED, "severity": "warning"}
INFORMED = {**OWNED, "severity": "info"}

Span = tuple[str, int]
"""What stands, and for how many minutes; `-` where nothing is scraped."""


def values(spans: Sequence[tuple[Any, int]]) -> str:
    """In promtool's notation."""
    return " ".join(f"_x{minutes}" if value == "-" else f"{value}x{minutes - 1}" for value, minutes in spans)


def judged(case: Case, *spans: Span, replicas: Sequence[str] = ("a",), **labels: str) -> Case:
    """The five verdict series of a reading, and the information of its target for as long."""
    minutes = sum(length for _, length in spans)
    for replica in replicas:
        for verdict in VERDICTS:
            stands = [(word if word == "-" else int(word == verdict), length) for word, length in spans]
            of = {**READING, **labels, "instance": f"{replica}:8750", "pod": f"earshot-{replica}", "verdict": verdict}
            case.given("earshot_indicator_verdict", of, values(stands))
        described(case, minutes, replica=replica, target=labels.get("target", "reach"))
    return case


def described(case: Case, minutes: int, *, replica: str = "a", **labels: str) -> Case:
    of = {**INFO, **labels, "instance": f"{replica}:8750", "pod": f"earshot-{replica}"}
    given = {"series": next(iter(Case("").given("earshot_target_info", of, f"1x{minutes}").series))["series"]}
    # Of one target in one replica once, however many readings it has.
    if given["series"] not in {one["series"] for one in case.series}:
        case.given("earshot_target_info", of, f"1x{minutes}")
    return case


def signed(case: Case, name: str, *spans: tuple[Any, int], replicas: Sequence[str] = ("a",), **labels: str) -> Case:
    """A series beside a reading's, such as whether it is falling."""
    for replica in replicas:
        of = {**READING, **labels, "instance": f"{replica}:8750", "pod": f"earshot-{replica}"}
        case.given(name, of, values(spans))
    return case
