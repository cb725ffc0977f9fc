"""Every indicator by every breakdown that it makes sense for, over the whole road, held against the oracle; and those it makes none for."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from collectors.simulation.parameters import Parameters
from config.schema import Settings
from metrics.check import check
from metrics.indicators import INDICATORS
from tests.flow.company import KEEP, UNTIL, add_odd_events, differences, make_company, run_road

WORDS = ("topic", "purpose", "setting", "owner", "goal")
OF_NO_SEGMENT = {
    *("time_to_answer", "loop_closure", "actioned", "recognised", "critical_parity"),
    *("purpose_success", "maturity", "machine_share", "joined"),
}
# By what, and of which indicators nobody can be asked for it.
BREAKDOWNS: Mapping[str, tuple[dict[str, Any], set[str]]] = {
    **{
        f"by {word}": ({"by": word}, {"segment_gap"} | (set() if word in ("goal", "topic") else {"awareness"}))
        for word in WORDS
    },
    "by segment": ({"by": "department"}, OF_NO_SEGMENT | {"awareness"}),
    "of a channel": ({"scope": {"channel": "email"}}, {"segment_gap", "awareness"}),
    "of a segment": ({"scope": {"segment": "site=Lyon"}}, OF_NO_SEGMENT | {"segment_gap", "awareness"}),
    "by segment, of a topic": ({"by": "site", "scope": {"topic": "goals"}}, OF_NO_SEGMENT),
}


# What messages are judged by, each for itself, where their purpose is asked for.
JUDGING: list[dict[str, Any]] = [
    {"name": "judging", "indicator": "reach_on_time", "value": 0.8, "period": "message"},
    {"name": "engaging", "indicator": "response", "value": 0.05, "period": "message"},
]


def targets(breakdown: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "indicator": name, "period": _period(indicator.periods), **deepcopy(breakdown)}
        for name, indicator in INDICATORS.items()
    ]


def _period(allowed: tuple[str, ...]) -> str:
    return "rolling 60 days" if not allowed or "rolling" in allowed else allowed[0]


@pytest.mark.parametrize("name", BREAKDOWNS)
def test_every_indicator_by_a_breakdown_is_that_of_the_oracle(tmp_path: Path, name: str) -> None:
    breakdown, senseless = BREAKDOWNS[name]
    asked = [target for target in targets(breakdown) if target["indicator"] not in senseless]
    company = make_company(tmp_path, Parameters(60, 45, 31, UNTIL), targets=[*asked, *JUDGING], retention=KEEP)
    add_odd_events(tmp_path, 31, 300)
    assert refused(company.settings, targets(breakdown)) == senseless
    with company.service() as service:
        run_road(service)
        assert differences(company, service, UNTIL) == []
        answered = {reading.indicator for _, reading in service.evaluation.answer(UNTIL).readings if reading.people}
    assert len(answered) > 0.6 * len(asked), answered


def refused(settings: Settings, asked: list[dict[str, Any]]) -> set[str]:
    """Of which `check` says that they make no sense."""
    found = settings.model_copy(update={"targets": Settings.model_validate({"targets": [*asked, *JUDGING]}).targets})
    paths = [problem.path for problem in check(found) if problem.path.startswith("targets[")]
    return {asked[int(path.split("[")[1].split("]")[0])]["indicator"] for path in paths}
