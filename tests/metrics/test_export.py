"""The collector that renders the published snapshot, scraped as Prometheus scrapes it."""

import math
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Sample

from metrics.catalogue import FROM_SNAPSHOT
from metrics.export import SnapshotCollector, new_registry
from metrics.snapshot import REASONS, VERDICTS, Parts, Snapshot
from tests.metrics.made_up import AS_OF, READINGS, SNAPSHOT, reading, target, unknown
from tests.metrics.scraping import LIMIT, scrape, with_readings


def key(sample: Sample) -> tuple[str, ...]:
    return tuple(sample.labels[name] for name in ("target", "indicator", "channel", "segment"))


def test_every_reading_has_five_verdict_series_of_which_exactly_one_is_1() -> None:
    samples = scrape(SNAPSHOT)["earshot_indicator_verdict"]
    found: dict[tuple[str, ...], dict[str, float]] = {}
    for sample in samples:
        found.setdefault(key(sample), {})[sample.labels["verdict"]] = sample.value
    assert len(found) == len(READINGS)
    for one in READINGS:
        verdicts = found[one.target, one.indicator, one.channel, one.segment]
        assert verdicts == {verdict: float(verdict == one.verdict) for verdict in VERDICTS}


def test_every_reading_has_a_series_for_each_reason_and_1_only_where_it_holds() -> None:
    samples = scrape(SNAPSHOT)["earshot_indicator_reason"]
    assert len(samples) == len(READINGS) * len(REASONS)
    holding = {(key(sample), sample.labels["reason"]) for sample in samples if sample.value == 1}
    expected = {((r.target, r.indicator, r.channel, r.segment), r.reason) for r in READINGS if r.reason}
    assert holding == expected


def test_a_ratio_and_a_time_stand_in_families_of_their_own_unit() -> None:
    samples = scrape(SNAPSHOT)
    assert {sample.labels["indicator"] for sample in samples["earshot_indicator_seconds"]} == {"time_to_reach"}
    assert "time_to_reach" not in {sample.labels["indicator"] for sample in samples["earshot_indicator_ratio"]}
    assert samples["earshot_indicator_target_seconds"][0].value == 28_800


def test_all_figures_of_a_reading_are_exported_as_they_were_published() -> None:
    samples = scrape(with_readings(reading(coarse="at_most", maturity=0.75)))
    assert {name: found[0].value for name, found in samples.items() if len(found) == 1} == {
        "earshot_indicator_ratio": 0.861,
        "earshot_indicator_target_ratio": 0.8,
        "earshot_indicator_lower_ratio": 0.842,
        "earshot_indicator_upper_ratio": 0.893,
        "earshot_indicator_raw_ratio": 0.902,
        "earshot_indicator_numerator": 517,
        "earshot_indicator_denominator": 600,
        "earshot_indicator_coarse": 1,
        "earshot_indicator_maturity_ratio": 0.75,
        "earshot_reading_info": 1,
        "earshot_suppressed_ratio": 0,
        "earshot_snapshot_as_of_timestamp_seconds": AS_OF / 1_000_000,
    }


def test_what_is_hidden_is_absent_and_only_the_target_the_verdict_and_the_reason_show() -> None:
    samples = scrape(with_readings(unknown("board-letter", "reach", "suppressed", "hidden"), targets=()))
    assert set(samples) == {
        "earshot_indicator_target_ratio",
        "earshot_indicator_verdict",
        "earshot_indicator_reason",
        "earshot_suppressed_ratio",
        "earshot_series_dropped",
        "earshot_snapshot_as_of_timestamp_seconds",
    }
    assert samples["earshot_suppressed_ratio"][0].value == 1


@pytest.mark.parametrize(
    ("of", "message", "expected"),
    [("people", None, ("people", "")), ("amounts", None, ("people", "")), ("items", "m-1", ("feedback items", "m-1"))],
    ids=str,
)
def test_a_reading_tells_what_it_counts_and_of_which_message_it_is(
    of: str, message: str | None, expected: tuple[str, str]
) -> None:
    samples = scrape(with_readings(reading(of=of, message=message, period=None if message else "rolling 28 days")))
    labels = samples["earshot_reading_info"][0].labels
    assert (labels["counted"], labels["message"]) == expected


@pytest.mark.parametrize("figure", [math.nan, math.inf, -math.inf], ids=str)
def test_what_is_no_number_is_absent_rather_than_poisoning_an_average(figure: float) -> None:
    samples = scrape(with_readings(reading(value=figure, upper=figure)))
    assert "earshot_indicator_ratio" not in samples
    assert "earshot_indicator_upper_ratio" not in samples
    assert samples["earshot_indicator_lower_ratio"][0].value == 0.842


def test_without_a_snapshot_there_is_no_series_at_all() -> None:
    assert scrape(None) == {}


def test_a_target_stands_beside_its_reading_even_where_the_reading_is_unknown() -> None:
    samples = scrape(SNAPSHOT)["earshot_indicator_target_ratio"]
    assert 0.75 in {sample.value for sample in samples if sample.labels["target"] == "site-news"}


def test_an_information_series_says_what_a_target_is_called_and_which_role_owns_it() -> None:
    samples = scrape(SNAPSHOT)["earshot_target_info"]
    found = {sample.labels["target"]: sample for sample in samples}
    assert found["acknowledged"].value == 1
    assert found["acknowledged"].labels == {
        "target": "acknowledged",
        "indicator": "acknowledged",
        "title": "Safety briefings are acknowledged",
        "target_owner": "head of safety",
        "severity": "critical",
        "direction": "at_least",
        "judge": "count",
        "period": "month",
    }


def test_what_to_do_stands_on_a_series_of_its_own() -> None:
    advice = {
        sample.labels["target"]: sample.labels["what_to_do"]
        for sample in scrape(SNAPSHOT)["earshot_target_advice_info"]
    }
    assert advice["opened"] == "Try another subject line; send in working hours."


def test_what_a_reading_rests_on_is_told_as_shares_of_its_denominator() -> None:
    parts = Parts(E=600, D=590, H=517, P=20, S=3, U=10)
    samples = scrape(with_readings(reading(parts=parts)))["earshot_indicator_evidence_ratio"]
    shares = {sample.labels["evidence"]: sample.value for sample in samples}
    assert shares == {"human": 517 / 600, "proxy": 20 / 600, "scanner": 3 / 600, "unseen": 10 / 600}


@pytest.mark.parametrize(
    "changed", [{"coarse": "at_most"}, {"numerator": None}, {"unit": "seconds"}, {"parts": Parts()}], ids=str
)
def test_what_is_coarse_or_no_share_does_not_say_what_it_rests_on(changed: dict[str, Any]) -> None:
    parts = Parts(E=600, D=590, H=517, P=20, S=3, U=10)
    assert "earshot_indicator_evidence_ratio" not in scrape(with_readings(reading(**({"parts": parts} | changed))))


def test_only_a_target_per_message_says_when_its_message_was_ready_to_be_judged() -> None:
    told = reading(message="m-1", period=None, settled_at=AS_OF)
    samples = scrape(with_readings(told, reading(segment="site=Lyon")))["earshot_indicator_settled_timestamp_seconds"]
    assert [(sample.labels["segment"], sample.value) for sample in samples] == [("all", AS_OF / 1_000_000)]


def test_messages_say_when_they_were_sent_and_which_of_their_figures_are_of_the_same_age() -> None:
    samples = scrape(SNAPSHOT)
    sent = {sample.labels["message"] for sample in samples["earshot_message_sent_timestamp_seconds"]}
    assert sent == {"m-2026-041", "m-2026-042"}
    assert {sample.value for sample in samples["earshot_message_maturity_ratio"]} == {0.0, 1.0}


def test_the_latest_messages_have_a_value_a_range_and_an_information_series() -> None:
    samples = scrape(SNAPSHOT)
    assert samples["earshot_message_ratio"][0].labels == {
        "message": "m-2026-041",
        "indicator": "reach",
        "channel": "email",
    }
    assert samples["earshot_message_upper_seconds"][0].value == 15_300
    assert "m-2026-042" not in {sample.labels["message"] for sample in samples["earshot_message_ratio"]}
    titles = {sample.labels["message"]: sample.labels["title"] for sample in samples["earshot_message_info"]}
    assert titles == {"m-2026-041": "The new travel policy", "m-2026-042": ""}


def test_hostile_titles_come_through_a_scrape_unharmed() -> None:
    title = 'a "quoted" \\ title\nwith} two{lines and an é'
    samples = scrape(with_readings(targets=(target(title=title),)))
    assert samples["earshot_target_info"][0].labels["title"] == title


def test_no_label_set_is_ever_emitted_twice() -> None:
    for found in scrape(SNAPSHOT).values():
        labels = [tuple(sorted(sample.labels.items())) for sample in found]
        assert len(labels) == len(set(labels))


def test_registering_renders_nothing() -> None:
    asked: list[int] = []

    def current() -> Snapshot:
        asked.append(1)
        return SNAPSHOT

    CollectorRegistry(auto_describe=True).register(SnapshotCollector(current, limit=LIMIT))
    assert not asked


def test_a_scrape_renders_what_is_published_at_that_moment() -> None:
    published: list[Snapshot | None] = [None]
    registry = new_registry()
    registry.register(SnapshotCollector(lambda: published[-1], limit=LIMIT))
    before = generate_latest(registry)
    published.append(SNAPSHOT)
    assert before == b""
    assert b"earshot_indicator_verdict" in generate_latest(registry)
    published.append(None)
    assert generate_latest(registry) == b""


def test_every_sample_has_exactly_the_labels_of_the_catalogue() -> None:
    labels = {series.name: set(series.labels) for series in FROM_SNAPSHOT}
    for name, found in scrape(SNAPSHOT).items():
        assert {frozenset(sample.labels) for sample in found} == {frozenset(labels[name])}
