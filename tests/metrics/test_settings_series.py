"""What the configuration says, as series beside what was seen."""

from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry

from config.schema import Settings
from metrics.intake_record import SourceRecord
from metrics.service_series import ServiceSeries
from metrics.settings_series import show_settings, show_sources
from metrics.wording import Definition

FRIDAY = datetime(2026, 11, 6, 16, tzinfo=UTC)


def settings(silent_after: str) -> Settings:
    source = {"name": "mail", "decoder": "sendgrid", "from": {"files": "mail"}, "channel": "email"}
    return Settings.model_validate(
        {
            "sources": [source | {"silent_after": silent_after}],
            "evaluate_every": "5 minutes",
            "targets": [{"name": "r", "indicator": "reach"}],
        }
    )


def shown(given: Settings, last: datetime | None) -> CollectorRegistry:
    registry = CollectorRegistry()
    series = ServiceSeries(registry, sources=["mail"], reasons=(), version="0.1.0", digest="9be2")
    show_settings(series, given, {"reach": Definition("Did it get there?", "those reached / all")})
    at = None if last is None else int(last.timestamp()) * 1_000_000
    show_sources(series, given, {"mail": SourceRecord(at, 0, None, 0, 0, "", None)})
    return registry


@pytest.mark.parametrize(
    ("silent_after", "expected"),
    [
        ("2 hours", datetime(2026, 11, 6, 18, tzinfo=UTC)),
        ("2 working hours", datetime(2026, 11, 9, 10, tzinfo=UTC)),
        ("1 working day", datetime(2026, 11, 9, 16, tzinfo=UTC)),
    ],
    ids=["on the wall", "over a weekend", "a working day"],
)
def test_a_source_is_silent_when_what_is_allowed_has_passed_on_its_clock(silent_after: str, expected: datetime) -> None:
    registry = shown(settings(silent_after), FRIDAY)
    found = registry.get_sample_value("earshot_source_silent_at_timestamp_seconds", {"source": "mail"})
    assert found == expected.timestamp()


def test_a_source_of_which_nothing_has_come_in_yet_is_not_silent() -> None:
    registry = shown(settings("1 hour"), None)
    assert registry.get_sample_value("earshot_source_silent_at_timestamp_seconds", {"source": "mail"}) is None


def test_alerts_find_in_series_what_the_configuration_says() -> None:
    registry = shown(settings("1 hour"), FRIDAY)
    assert registry.get_sample_value("earshot_evaluation_interval_seconds") == 300
    assert registry.get_sample_value("earshot_disclosure_minimum_people") == 10
    labels = {"source": "mail", "channel": "email", "decoder": "sendgrid"}
    assert registry.get_sample_value("earshot_source_info", labels) == 1
    assert registry.get_sample_value("earshot_links_info", {"grafana": "", "runbooks": "docs/runbooks"}) == 1
    asked = {"indicator": "reach", "question": "Did it get there?", "formula": "those reached / all"}
    assert registry.get_sample_value("earshot_indicator_info", asked) == 1
