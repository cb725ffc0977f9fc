"""Forecasts over the whole road: the same whatever was forgotten meanwhile, and by another process."""

from pathlib import Path
from typing import Any

from collectors.simulation.parameters import Parameters
from metrics.snapshot import PublishedReading
from roles import Service
from sites import Site
from tests.flow.company import KEEP, UNTIL, Company, make_company, run_road

TARGETS: list[dict[str, Any]] = [
    {"name": "mails", "indicator": "reach", "value": 0.99, "scope": {"channel": "email"}, "period": "message"},
    {"name": "class", "indicator": "reach", "value": 0.5, "scope": {"channel": "email"}},
    {"name": "opened", "indicator": "opened", "value": 0.01, "scope": {"channel": "email"}, "period": "message"},
    {"name": "topics", "indicator": "reach", "value": 0.5, "by": "topic"},
    {"name": "sites", "indicator": "reach", "value": 0.5, "by": "site"},
]
DAY = 86_400_000_000
NOW = UNTIL + 3 * DAY // 4
FORGET = {"late_grace": "7 days", "sets": "45 days"}


def readings(company: Company, now: int) -> dict[tuple[str, str], PublishedReading]:
    with Service(Site(company.settings), lambda: now, finish=True) as service:
        run_road(service)
        snapshot = service.evaluation.publish(now, caught_up=True)
    return {(one.target, one.segment): one for one in snapshot.readings}


def test_what_is_foretold_does_not_hang_on_what_was_forgotten(tmp_path: Path) -> None:
    parameters = Parameters(90, 110, 7, NOW)
    keeping = make_company(tmp_path / "keeping", parameters, targets=TARGETS, retention=KEEP)
    forgetting = make_company(tmp_path / "forgetting", parameters, targets=TARGETS, retention=FORGET)
    expected = readings(keeping, NOW)
    assert readings(forgetting, NOW) == expected
    assert readings(forgetting, NOW) == expected, "in another process, whose curves come from the ledger"

    mails, opened = expected["mails", "all"], expected["opened", "all"]
    assert mails.ahead is not None
    assert mails.ahead.earlier > 20
    assert mails.at_risk is True, "hardly ever do so many read a mail"
    assert opened.ahead is not None
    assert opened.ahead.message
    assert not opened.at_risk
    assert {one.falling for one in (mails, opened, expected["class", "all"])} <= {True, False}
    assert all(one.ahead is None and one.at_risk is None for (name, _), one in expected.items() if name == "sites")
