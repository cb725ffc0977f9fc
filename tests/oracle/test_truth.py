"""A simulated company knows what is true of its items and its periods: the oracle, which was not told, finds the same."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.simulation.parameters import Parameters
from collectors.simulation.simulate import simulate
from config.schema import Target
from tests.oracle.oracle import Oracle
from tests.oracle.reading import OracleReading
from tests.oracle.test_independence import NOW_US, SHOWS, settings_of

NOW = datetime.fromisoformat("2026-11-20T12:00:00Z")
MONTH = timedelta(days=30)
ITEM_TOOL = frozenset({"raised", "answered", "decided", "implemented", "recognised"})
PERIODS = {
    **dict.fromkeys(("loop_closure", "recognised", "actioned", "time_to_answer"), "rolling 90 days"),
    **dict.fromkeys(("period_reach", "voice_reach", "participation", "channel_dependence"), "month"),
    **dict.fromkeys(("alignment", "advocacy"), "quarter"),
    "message_load": "week",
}
Truth = list[dict[str, Any]]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    simulate(folder, Parameters(people=150, days=100, seed=5, until_us=NOW_US))
    return folder


@pytest.fixture(scope="module")
def found(company: Path) -> Mapping[str, OracleReading]:
    targets = [Target(name=name, indicator=name, period=period) for name, period in PERIODS.items()]
    settings = settings_of(company).model_copy(update={"targets": tuple(targets)})
    shows = {**SHOWS, "cloudevents": SHOWS["cloudevents"] | ITEM_TOOL}
    return {reading.target: reading for reading in Oracle(settings, shows=shows).readings(NOW_US)}


@pytest.fixture(scope="module")
def items(company: Path) -> Truth:
    """Items with the moments of their steps, as far as anybody knows them by now."""
    rows = read(company, "items")
    for row in rows:
        for step in ITEM_TOOL:
            moment = datetime.fromisoformat(row[step]) if row[step] else None
            row[step] = moment if moment is not None and moment <= NOW else None
    return [row for row in rows if row["raised"]]


def read(company: Path, name: str) -> Truth:
    lines = (company / "truth" / f"{name}.ndjson").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def recent(items: Truth, step: str, window: timedelta = timedelta(0)) -> Truth:
    """Those of the last ninety days whose window has settled: the source may be an hour late."""
    late = window + timedelta(hours=1)
    return [row for row in items if row[step] and NOW - timedelta(days=90) < row[step] <= NOW - late]


def within(row: Mapping[str, Any], start: str, steps: tuple[str, ...], window: timedelta) -> bool:
    return any(row[step] is not None and row[step] < row[start] + window for step in steps)


def test_loops_are_closed_as_they_truly_were(found: Mapping[str, OracleReading], items: Truth) -> None:
    settled = recent(items, "raised", MONTH)
    closed = [within(row, "raised", ("decided", "implemented", "recognised"), MONTH) for row in settled]
    assert len(settled) > 20
    assert (found["loop_closure"].counts["n"], found["loop_closure"].counts["H"]) == (len(settled), sum(closed))


def test_credit_is_given_as_it_truly_was(found: Mapping[str, OracleReading], items: Truth) -> None:
    settled = recent(items, "implemented", timedelta(days=14))
    thanked = [within(row, "implemented", ("recognised",), timedelta(days=14)) for row in settled]
    assert (found["recognised"].counts["n"], found["recognised"].counts["H"]) == (len(settled), sum(thanked))


def test_decisions_came_to_what_they_truly_did(found: Mapping[str, OracleReading], items: Truth) -> None:
    settled = recent(items, "decided")
    done = [row["implemented"] is not None for row in settled]
    assert (found["actioned"].counts["n"], found["actioned"].counts["H"]) == (len(settled), sum(done))


def test_answers_came_when_they_truly_did(found: Mapping[str, OracleReading], items: Truth) -> None:
    raised = recent(items, "raised", timedelta(hours=-1))
    answered = [within(row, "raised", ("answered", "decided", "implemented"), MONTH) for row in raised]
    assert (found["time_to_answer"].counts["n"], found["time_to_answer"].counts["H"]) == (len(raised), sum(answered))


def test_people_were_employed_as_they_truly_were(company: Path, found: Mapping[str, OracleReading]) -> None:
    true = {(row["period"], row["begins"]): row["segments"]["all"] for row in read(company, "periods")}
    october, week = true["month", "2026-10-01"], true["week", "2026-11-09"]
    for name in ("period_reach", "voice_reach", "participation", "channel_dependence"):
        assert (found[name].period, found[name].counts["E"]) == ("2026-10", october["employed"])
    assert (found["message_load"].period, found["message_load"].counts["E"]) == ("2026-W46", week["employed"])
    # Whole seconds a message, and what nobody described, make a little less of the load.
    assert found["message_load"].value == pytest.approx(week["load_90th"], rel=0.1)
    # What people did and no source shows is missing; what a scanner did unseen is too much.
    for name, word in {"period_reach": "reached", "participation": "participated", "voice_reach": "voiced"}.items():
        assert found[name].counts["H"] == pytest.approx(october[word], abs=5)


def test_people_answered_what_they_truly_did(company: Path, found: Mapping[str, OracleReading]) -> None:
    (summer,) = [row["segments"]["all"] for row in read(company, "periods") if row["begins"] == "2026-07-01"]
    role, recommend = (
        {int(value): n for value, n in summer["answers"][name].items()} for name in ("role", "recommend")
    )
    alignment, advocacy = found["alignment"].counts, found["advocacy"]
    assert (alignment["E"], alignment["n"]) == (summer["employed"], sum(role.values()))
    assert alignment["H"] == sum(n for value, n in role.items() if value >= 4)
    worth = sum(n * (2 if value >= 9 else 1 if value >= 7 else 0) for value, n in recommend.items()) / 2
    assert advocacy.extra == (sum(recommend.values()), worth * 10_000)
