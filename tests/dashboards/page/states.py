"""A made-up state of the service, with a source in every condition."""

from typing import Any
from zoneinfo import ZoneInfo

from dashboards.page.state import ServiceState, SourceState
from metrics.wording import Definition
from tests.metrics.made_up import AS_OF

MINUTE = 60_000_000

SOURCES = (
    SourceState(
        "mail", "email", AS_OF - MINUTE, events=182_331, dead_letters=3, declared_seconds=3600, measured_seconds=120
    ),
    SourceState(
        "intranet",
        "intranet",
        AS_OF - 120 * MINUTE,
        events=40_112,
        dead_letters=1_204,
        gaps=1,
        declared_seconds=3600,
        measured_seconds=30_720,
        paused="112 of its last 1,000 records could not be understood.",
    ),
    SourceState("chat", "chat", failing="the folder streams/chat is not there"),
    SourceState("survey", "survey", AS_OF - 3 * 1440 * MINUTE, events=812, waiting=12_000),
)


def state(**changed: Any) -> ServiceState:
    usual: dict[str, Any] = {
        "organisation": "Northwind Mills",
        "version": "0.1.0",
        "now": AS_OF + 3 * MINUTE,
        "minimum_people": 10,
        "zone": ZoneInfo("Europe/Paris"),
        "sources": SOURCES,
        "unmatched": 14,
        "definitions": {"reach": Definition("Did it arrive?", "people exposed on any channel / audience")},
    }
    return ServiceState(**(usual | changed))
