"""What the exporter leaves out: clashes, families that cannot be made, what is over the limit. It says so each time."""

from typing import Any

import msgspec
import pytest
from prometheus_client import generate_latest
from prometheus_client.core import Sample

from metrics.export import SnapshotCollector, log_once, most_series, new_registry
from metrics.snapshot import MessageInfo, Parts, Snapshot
from tests.metrics.made_up import AS_OF, SNAPSHOT, message_reading, reading
from tests.metrics.scraping import busy_service, scrape, size, with_readings


def dropped(samples: dict[str, list[Sample]]) -> dict[str, float]:
    return {sample.labels["what"]: sample.value for sample in samples["earshot_series_dropped"]}


def replace_messages(snapshot: Snapshot, *, messages: int) -> Snapshot:
    names = [f"m-{number}" for number in range(messages)]
    return msgspec.structs.replace(
        snapshot,
        messages=tuple(MessageInfo(name, "", "email", "goals", "role", AS_OF) for name in names),
        message_readings=tuple(message_reading(name) for name in names),
    )


def test_two_readings_that_claim_the_same_labels_are_refused_loudly_by_a_test() -> None:
    with pytest.raises(AssertionError, match="claim the labels"):
        scrape(with_readings(reading(verdict="met"), reading(verdict="missed")))


def test_two_readings_that_claim_the_same_labels_are_both_left_out_and_counted() -> None:
    said: list[str] = []
    twice = with_readings(reading(verdict="met"), reading(value=None, verdict="missed"), reading(segment="site=Lyon"))
    samples = scrape(twice, complain=said.append)
    assert {sample.labels["segment"] for sample in samples["earshot_indicator_verdict"]} == {"site=Lyon"}
    assert {sample.labels["segment"] for sample in samples["earshot_indicator_ratio"]} == {"site=Lyon"}
    assert dropped(samples) == {"messages": 0, "segments": 0, "clashes": 2}
    assert len(said) == 1


def test_the_same_complaint_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        log_once("two readings claim the same labels, said by a test")
    assert len(caplog.records) == 1


def test_a_family_that_cannot_be_made_leaves_the_others_served() -> None:
    said: list[str] = []
    broken: Any = "not a number"
    samples = scrape(with_readings(reading(value=broken)), complain=said.append)
    assert "earshot_indicator_ratio" not in samples
    assert samples["earshot_indicator_verdict"]
    assert said == ["earshot_indicator_ratio is left out: TypeError: must be real number, not str"]


def test_at_the_limit_nothing_is_dropped() -> None:
    exactly = size(scrape(SNAPSHOT))
    assert dropped(scrape(SNAPSHOT, limit=exactly)) == {"messages": 0, "segments": 0, "clashes": 0}


def test_just_over_the_limit_the_detail_of_messages_is_dropped_first_and_that_is_exported() -> None:
    everything = scrape(SNAPSHOT)
    samples = scrape(SNAPSHOT, limit=size(everything) - 1)
    assert not [name for name in samples if name.startswith("earshot_message")]
    assert len(samples["earshot_indicator_verdict"]) == len(everything["earshot_indicator_verdict"])
    assert dropped(samples) == {"messages": size(everything) - size(samples), "segments": 0, "clashes": 0}


def test_far_over_the_limit_segments_go_too_and_readings_for_everybody_stay() -> None:
    everything = scrape(SNAPSHOT)
    samples = scrape(SNAPSHOT, limit=size(everything) // 2)
    assert {sample.labels["segment"] for sample in samples["earshot_indicator_verdict"]} == {"all"}
    assert sum(dropped(samples).values()) == size(everything) - size(samples)


def test_the_service_s_own_series_count_towards_the_limit() -> None:
    registry = new_registry()
    service = busy_service(registry)
    limit = size(scrape(SNAPSHOT)) + service.count_series() - 1
    registry.register(SnapshotCollector(lambda: SNAPSHOT, limit=limit, others=service.count_series))
    assert b"earshot_message_ratio{" not in generate_latest(registry)


def test_no_snapshot_comes_to_more_series_than_was_said_beforehand() -> None:
    full: dict[str, Any] = {
        "falling": False,
        "at_risk": True,
        "settled_at": 1,
        "parts": Parts(600, 590, 517, 20, 3, 10),
    }
    both = [reading(segment=segment, **full) for segment in ("all", "site=Lyon")]
    snapshot = replace_messages(with_readings(*both), messages=3)
    said = most_series(readings=2, targets=len(snapshot.targets), messages=3, indicators=1)
    assert size(scrape(snapshot)) == said
