"""Which period figures about messages' purposes speak of."""

from pathlib import Path
from typing import Any

from tests.oracle.oracle import Oracle
from tests.oracle.small_company import LONG_AFTER, SHOWS, at, five_people


def test_a_message_without_an_owner_opens_no_period_for_owners(tmp_path: Path) -> None:
    company = five_people(tmp_path)
    informs = {"purpose": "inform", "due_at": "2026-11-06T09:00:00Z"}
    company.send("october", "2026-10-21T09:00:00Z", owner="executive office", **informs)
    company.send("november", **informs)
    company.send("young", "2026-11-03T09:00:00Z", owner="executive office", **informs | {"due_at": LONG_AFTER})
    purposes = {"indicator": "purpose_success", "period": "week"}
    targets: list[dict[str, Any]] = [
        {"name": "each", "indicator": "reach_on_time", "value": 0.8, "period": "message"},
        {"name": "all", **purposes},
        {"name": "by_owner", **purposes, "by": "owner"},
    ]
    readings = Oracle(company.settings(targets), shows=SHOWS).readings(at(LONG_AFTER))
    found = {one.target: (one.period, one.units) for one in readings if one.indicator == "purpose_success"}
    assert found == {"all": ("2026-W45", 1), "by_owner": ("2026-W43", 1)}
