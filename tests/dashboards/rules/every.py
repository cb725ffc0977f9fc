"""For every alert the smallest world in which it can fire: what is scraped while all is well and while it is not, and how long its
expression takes to notice. What is tried in these worlds is left to `test_every_alert`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from dashboards.rule import Alert
from tests.dashboards.rules.promtool import READINGS, SERVICE, Case
from tests.dashboards.rules.worlds import OWNED, Span, judged, signed, values

JOB = {"job": "earshot"}
SOURCE = {**JOB, "source": "mail"}
Give = Callable[[Case, Sequence[Span], Sequence[str]], object]
"""Puts into a case what stands for how many minutes: `well`, `bad`, a verdict, or `-` where nothing is scraped; from these replicas."""


@dataclass(frozen=True)
class World:
    """`labels`: of the alert, but audience and severity. `notices`, `forgets`: after how many minutes the expression holds, and holds no
    longer. `before`: how many minutes all has been well."""

    give: Give
    labels: Mapping[str, str]
    notices: int = 0
    forgets: int = 0
    before: int = 10

    def case(self, name: str, *spans: Span, replicas: Sequence[str] = ("a",)) -> Case:
        case = Case(name)
        self.give(case, spans, replicas)
        return case


def minutes(length: str) -> int:
    """`10m` is 10."""
    return int(length.removesuffix("m"))


def rules_of(alert: Alert) -> Path:
    return READINGS if alert.audience == "lead" else SERVICE


def _replica(name: str, labels: Mapping[str, str]) -> dict[str, str]:
    return {**labels, "instance": f"{name}:8750", "pod": f"earshot-{name}"}


def _gauge(name: str, well: float, bad: float | str, *always: tuple[str, float], **labels: str) -> Give:
    """A series of the service, and `always` others."""

    def give(case: Case, spans: Sequence[Span], replicas: Sequence[str]) -> None:
        length = sum(length for _, length in spans)
        stands: dict[str, Any] = {"well": well, "bad": bad, "-": "-"}
        for replica in replicas:
            of = _replica(replica, {**JOB, **labels})
            case.given(name, of, values([(stands[word], length) for word, length in spans]))
            for other, value in always:
                case.given(other, _replica(replica, JOB), f"{value}x{length}")
            if "source" in labels:
                case.given("earshot_source_info", {**of, "channel": "email", "decoder": "sendgrid"}, f"1x{length}")

    return give


def _counted(case: Case, spans: Sequence[Span], replicas: Sequence[str]) -> None:
    """A thousand records a minute, all understood or none; the first replica reads them, the others stand by."""
    length = sum(length for _, length in spans)
    each = [word for word, length in spans for _ in range(length)]
    for replica in replicas:
        for name, when, label in (
            ("earshot_dead_letters_total", "bad", {"reason": "bad_json"}),
            ("earshot_events_total", "well", {"outcome": "recorded"}),
        ):
            counts = accumulate(1000 * (word == when and replica == replicas[0]) for word in each)
            shown = " ".join("_" if word == "-" else str(count) for word, count in zip(each, counts, strict=True))
            case.given(name, _replica(replica, {**SOURCE, **label}), shown)
        case.given("earshot_source_info", _replica(replica, {**SOURCE, "channel": "email"}), f"1x{length}")


def _judged(well: str, bad: str, **labels: str) -> Give:
    def give(case: Case, spans: Sequence[Span], replicas: Sequence[str]) -> None:
        words = {"well": well, "bad": bad}
        judged(case, *((words.get(word, word), length) for word, length in spans), replicas=replicas, **labels)

    return give


def _signed(name: str) -> Give:
    """A sign beside a verdict: it says nothing while nobody can tell, whatever the verdict is."""

    def give(case: Case, spans: Sequence[Span], replicas: Sequence[str]) -> None:
        verdicts = {"well": "immature", "bad": "immature"}
        judged(case, *((verdicts.get(word, word), length) for word, length in spans), replicas=replicas)
        stands = {"well": 0, "bad": 1}
        signed(case, name, *((stands.get(word, "-"), length) for word, length in spans), replicas=replicas)

    return give


_GOAL = {"target": "goals", "indicator": "awareness", "segment": "goal=growth"}
_OF_SOURCE = {**SOURCE, "channel": "email"}
_FUTURE, _PAST = 1e9, -1e6  # of what is compared with the clock, which begins at 0 here

WORLDS: dict[tuple[str, str], World] = {
    ("EarshotTargetMissed", ""): World(_judged("met", "missed"), {**OWNED, "severity": "warning"}),
    ("EarshotTargetAtRisk", "info"): World(_signed("earshot_indicator_at_risk"), OWNED),
    ("EarshotIndicatorFalling", "info"): World(_signed("earshot_indicator_falling"), OWNED),
    ("EarshotGoalUnknown", "info"): World(_judged("met", "missed", **_GOAL), {**OWNED, **_GOAL}),
    ("EarshotNoLongerJudged", "info"): World(_judged("missed", "suppressed"), OWNED),
    ("EarshotIntakeGap", "warning"): World(_gauge("earshot_gaps", 1, 2, source="mail"), _OF_SOURCE),
    ("EarshotSourceSilent", "warning"): World(
        _gauge("earshot_source_silent_at_timestamp_seconds", _FUTURE, _PAST, source="mail"), _OF_SOURCE
    ),
    ("EarshotSourceDown", "warning"): World(_gauge("earshot_source_up", 1, 0, source="mail"), _OF_SOURCE),
    ("EarshotSourcePaused", "critical"): World(_gauge("earshot_source_paused", 0, 1, source="mail"), _OF_SOURCE),
    # More than 6 % of the last hour are bad with the fourth minute, more than 3 % of six hours with the eleventh.
    ("EarshotDeadLettersHigh", "critical"): World(_counted, _OF_SOURCE, notices=3, forgets=4, before=90),
    ("EarshotDeadLettersHigh", "warning"): World(_counted, _OF_SOURCE, notices=10, forgets=29, before=400),
    ("EarshotLagHigh", "warning"): World(
        _gauge("earshot_source_caught_up_timestamp_seconds", _FUTURE, _PAST, source="mail"), _OF_SOURCE
    ),
    ("EarshotWorkerStalled", "critical"): World(_gauge("earshot_last_progress_timestamp_seconds", _FUTURE, _PAST), JOB),
    ("EarshotDatabaseAway", "critical"): World(_gauge("earshot_database_up", 1, 0), JOB),
    ("EarshotSnapshotStale", "critical"): World(
        _gauge("earshot_snapshot_timestamp_seconds", _FUTURE, _PAST, ("earshot_evaluation_interval_seconds", 120)), JOB
    ),
    # What was scraped last is looked back at for five minutes.
    ("EarshotEvaluatorAbsent", "critical"): World(
        _gauge("earshot_snapshot_timestamp_seconds", 60, "-"), JOB, notices=5
    ),
    ("EarshotConfigurationRefused", "warning"): World(_gauge("earshot_config_refused", 0, 1), JOB),
    ("EarshotSeriesDropped", "warning"): World(
        _gauge("earshot_series_dropped", 0, 40, what="segments"), {**JOB, "what": "segments"}
    ),
}
