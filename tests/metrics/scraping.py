"""Scraping the exporter as Prometheus does, for the tests of what it serves."""

from collections.abc import Callable
from typing import Any

import msgspec
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Sample
from prometheus_client.parser import text_string_to_metric_families

from collectors.events import Collected, DeadLetter, Event
from metrics import catalogue
from metrics.export import SnapshotCollector, new_registry
from metrics.service_series import ServiceSeries
from metrics.snapshot import PublishedReading, Snapshot
from metrics.worker_series import WorkerSeries
from tests.metrics.made_up import AS_OF, SNAPSHOT, reading

LIMIT = 20_000


def loudly(sentence: str) -> None:
    raise AssertionError(sentence)


def scrape(
    snapshot: Snapshot | None, *, limit: int = LIMIT, complain: Callable[[str], None] = loudly
) -> dict[str, list[Sample]]:
    """Samples by name, of what a scrape of this snapshot alone returns."""
    registry = new_registry()
    registry.register(SnapshotCollector(lambda: snapshot, limit=limit, complain=complain))
    samples: dict[str, list[Sample]] = {}
    for family in text_string_to_metric_families(generate_latest(registry).decode()):
        for sample in family.samples:
            samples.setdefault(sample.name, []).append(sample)
    return samples


def with_readings(*readings: PublishedReading, **changed: Any) -> Snapshot:
    return msgspec.structs.replace(SNAPSHOT, readings=readings, messages=(), message_readings=(), **changed)


def busy_service(registry: CollectorRegistry) -> ServiceSeries:
    """Every series of the service's own has a sample."""
    service = ServiceSeries(registry, sources=["mail"], reasons=["not_json"], version="0.1.0", digest="9be2")
    letter = DeadLetter("mail", 0, 17, 0, "not_json", "is not JSON", b"{")
    event = Event("opened", "m-1", occurred_at=AS_OF)
    service.record_collected(Collected("mail", [event], dead=[letter], drift=2), {"recorded": 1})
    service.set_up("mail", True)
    service.set_lateness("mail", declared=3600, measured=60)
    service.describe(minimum_people=10, interval_seconds=60)
    service.link(grafana="https://grafana.example.org", runbooks="docs/runbooks")
    service.define("reach", question="Did it get there?", formula="those reached / all")
    service.describe_source("mail", channel="email", decoder="sendgrid")
    service.set_silent_at("mail", AS_OF)
    service.caught_up("mail", AS_OF)
    service.progressed(AS_OF)
    service.set_unmatched(dict.fromkeys(catalogue.UNMATCHED_KINDS, 1))
    service.count_facts({"new": 40, "late": 3})
    service.observe_fold(0.2)
    service.observe_evaluation(0.4)
    service.published(AS_OF)
    return service


def busy_worker(registry: CollectorRegistry) -> WorkerSeries:
    """A worker that has read, stood still once and begun again."""
    worker = WorkerSeries(registry, ["mail"])
    worker.recorded("mail", 0.02)
    worker.set_lags("mail", {("mail.events", 0): (12, 3.5), ("mail.events", 1): (0, 0.0)})
    worker.set_stalled("mail", 31.0)
    worker.count("mail", rebalances=2, stalls=1, renewals=1)
    return worker


def whole_exposition() -> CollectorRegistry:
    registry = new_registry()
    service = busy_service(registry)
    busy_worker(registry)
    letter = reading("letter", message="m-2026-041", period=None, settled_at=AS_OF)
    snapshot = msgspec.structs.replace(SNAPSHOT, readings=(*SNAPSHOT.readings, letter))
    registry.register(SnapshotCollector(lambda: snapshot, limit=LIMIT, others=service.count_series, complain=loudly))
    return registry


def size(samples: dict[str, list[Sample]]) -> int:
    return sum(len(found) for found in samples.values())
