"""What the service counts of its own work."""

import pytest
from prometheus_client import CollectorRegistry

from collectors.events import Collected, DeadLetter, Event
from metrics import catalogue
from metrics.service_series import ServiceSeries

MINUTE = 60_000_000


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def service(registry: CollectorRegistry) -> ServiceSeries:
    return ServiceSeries(
        registry, sources=["mail", "chat"], reasons=["not_json", "no_time"], version="0.1.0", digest="9be2"
    )


def letter(reason: str) -> DeadLetter:
    return DeadLetter("mail", 0, 17, 0, reason, "a sentence", b"{")


@pytest.mark.parametrize("source", ["mail", "chat"], ids=lambda source: f"of {source}")
def test_counters_of_every_known_label_set_are_0_from_the_start(
    registry: CollectorRegistry, service: ServiceSeries, source: str
) -> None:
    for outcome in catalogue.OUTCOMES:
        assert registry.get_sample_value("earshot_events_total", {"source": source, "outcome": outcome}) == 0
    for reason in ("not_json", "no_time"):
        assert registry.get_sample_value("earshot_dead_letters_total", {"source": source, "reason": reason}) == 0
    assert registry.get_sample_value("earshot_source_paused", {"source": source}) == 0
    assert registry.get_sample_value("earshot_gaps", {"source": source}) == 0
    assert service.count_series() > 0


@pytest.mark.usefixtures("service")
def test_what_nobody_knows_yet_is_absent_rather_than_1970(registry: CollectorRegistry) -> None:
    assert registry.get_sample_value("earshot_last_event_timestamp_seconds", {"source": "mail"}) is None
    assert registry.get_sample_value("earshot_source_up", {"source": "mail"}) is None
    assert registry.get_sample_value("earshot_snapshot_timestamp_seconds") is None


def test_a_hand_over_counts_outcomes_dead_letters_and_ignored_keys(
    registry: CollectorRegistry, service: ServiceSeries
) -> None:
    event = Event("opened", "m-1", occurred_at=5 * MINUTE)
    collected = Collected("mail", [event], dead=[letter("not_json"), letter("new_word")], skipped={"spamreport": 4})
    collected.drift = 2
    service.record_collected(collected, {"recorded": 1, "anonymous": 0})

    def count(name: str, **labels: str) -> float | None:
        return registry.get_sample_value(name, {"source": "mail", **labels})

    assert count("earshot_events_total", outcome="recorded") == 1
    assert count("earshot_events_total", outcome="skipped") == 4
    assert count("earshot_dead_letters_total", reason="not_json") == 1
    assert count("earshot_dead_letters_total", reason="new_word") == 1
    assert count("earshot_ignored_keys_total") == 2
    assert count("earshot_last_event_timestamp_seconds") == 300


def test_a_label_value_that_the_catalogue_does_not_list_is_refused(service: ServiceSeries) -> None:
    with pytest.raises(ValueError, match="not in the catalogue: lost"):
        service.record_collected(Collected("mail"), {"lost": 1})
    with pytest.raises(ValueError, match="not in the catalogue: lost"):
        service.count_facts({"lost": 1})
    with pytest.raises(ValueError, match="not in the catalogue: lost"):
        service.set_unmatched({"lost": 1})


def test_facts_are_counted_by_what_became_of_them(registry: CollectorRegistry, service: ServiceSeries) -> None:
    service.count_facts({"new": 40, "late": 7})
    service.count_facts({"late": 1})
    found = [registry.get_sample_value("earshot_facts_total", {"outcome": one}) for one in catalogue.FACT_OUTCOMES]
    assert found == [40, 8, 0]


def test_the_newest_event_stands_whatever_order_events_come_in(
    registry: CollectorRegistry, service: ServiceSeries
) -> None:
    untimed = Event("opened", "m-1", received_at=9 * MINUTE)
    service.record_collected(Collected("chat", [untimed, Event("opened", "m-1", occurred_at=2 * MINUTE)]), {})
    service.saw_event("chat", 3 * MINUTE)
    service.record_collected(Collected("chat"), {})
    assert registry.get_sample_value("earshot_last_event_timestamp_seconds", {"source": "chat"}) == 540


def test_a_source_that_is_paused_or_down_says_so(registry: CollectorRegistry, service: ServiceSeries) -> None:
    service.set_paused("mail", True)
    service.set_up("chat", False)
    service.set_gaps("mail", 2)
    assert registry.get_sample_value("earshot_source_paused", {"source": "mail"}) == 1
    assert registry.get_sample_value("earshot_source_paused", {"source": "chat"}) == 0
    assert registry.get_sample_value("earshot_source_up", {"source": "chat"}) == 0
    assert registry.get_sample_value("earshot_gaps", {"source": "mail"}) == 2


def test_durations_fall_into_classic_buckets(registry: CollectorRegistry, service: ServiceSeries) -> None:
    service.observe_fold(0.3)
    service.observe_evaluation(400.0)
    assert registry.get_sample_value("earshot_fold_seconds_bucket", {"le": "0.25"}) == 0
    assert registry.get_sample_value("earshot_fold_seconds_bucket", {"le": "0.5"}) == 1
    assert registry.get_sample_value("earshot_evaluation_seconds_bucket", {"le": "300.0"}) == 0
    assert registry.get_sample_value("earshot_evaluation_seconds_bucket", {"le": "+Inf"}) == 1


def test_the_time_of_the_newest_publication_stands(registry: CollectorRegistry, service: ServiceSeries) -> None:
    service.published(MINUTE)
    service.published(2 * MINUTE)
    assert registry.get_sample_value("earshot_snapshot_timestamp_seconds") == 120


@pytest.mark.usefixtures("service")
def test_version_and_configuration_stand_on_information_series(registry: CollectorRegistry) -> None:
    assert registry.get_sample_value("earshot_build_info", {"version": "0.1.0"}) == 1
    assert registry.get_sample_value("earshot_config_info", {"digest": "9be2"}) == 1


def test_lateness_is_absent_where_it_was_not_measured() -> None:
    registry = CollectorRegistry()
    service = ServiceSeries(registry, sources=["mail"], reasons=[], version="1", digest="d")
    service.set_lateness("mail", declared=3600, measured=None)
    which = {"source": "mail", "which": "declared"}
    assert registry.get_sample_value("earshot_source_lateness_seconds", which) == 3600
    assert registry.get_sample_value("earshot_source_lateness_seconds", which | {"which": "measured"}) is None
    service.set_lateness("mail", declared=3600, measured=60)
    assert registry.get_sample_value("earshot_source_lateness_seconds", which | {"which": "measured"}) == 60
