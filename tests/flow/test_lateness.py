"""A source whose events come later than declared is waited for, once that has been measured."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from collectors.simulation.parameters import Parameters
from tests.flow.company import KEEP, UNTIL, Company, make_company, run_road

TARGETS: list[dict[str, Any]] = [
    {"name": channel, "indicator": "reach", "value": 0.99, "scope": {"channel": channel}, "window": "24 hours"}
    for channel in ("chat", "email")
]


def look(company: Company) -> tuple[dict[str, int], dict[str, int | None]]:
    """How many messages stand behind each target's figures before these are held back for the day, and how long sources are waited for."""
    with company.service() as service:
        run_road(service)
        service.evaluation.publish(UNTIL, caught_up=True)
        settled = {reading.target: len(reading.units) for _, reading in service.evaluation.answer(UNTIL).readings}
        measured = {source.name: source.measured_seconds for source in service.front.sources}
    return settled, measured


def come_late(company: Company, by: timedelta) -> None:
    """Two hundred events of the last days about something nobody described, received so much later."""
    end = datetime.fromtimestamp(UNTIL / 1_000_000, UTC) - by - timedelta(hours=1)
    lines = []
    for number in range(200):
        at = end - timedelta(minutes=30 * number)
        lines.append(
            f'{{"specversion":"1.0","id":"{number}","source":"/l","type":"earshot.opened","subject":"elsewhere",'
            f'"time":"{at.isoformat()}","receivedtime":"{(at + by).isoformat()}",'
            '"data":{"address":"p00001@example.org","channel":"chat"}}\n'
        )
    stream = company.settings.data.parent / "company" / "streams" / "chat" / "late.ndjson"
    stream.write_text("".join(lines), encoding="utf-8")


def test_what_comes_later_than_declared_is_waited_for(tmp_path: Path) -> None:
    company = make_company(tmp_path, Parameters(60, 20, 7, UNTIL), targets=TARGETS, retention=KEEP)
    before, measured = look(company)
    assert measured["chat"] is None
    come_late(company, timedelta(days=3))
    after, measured = look(company)
    assert measured["chat"] == 60 * 2**13
    assert after["chat"] < before["chat"], "some have not settled any more"
    assert after["email"] == before["email"], "other channels wait as long as before"
