"""The catalogue of series: its own rules, its agreement with the contract, and that no name is spelled elsewhere."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from metrics import catalogue
from metrics.catalogue import CATALOGUE, Series
from metrics.indicators import INDICATORS
from metrics.snapshot import Unit

ROOT = Path(__file__).parents[2]

# Metadata keys of messages (contract, section 1) that begin like a series and are none.
NOT_SERIES = {"earshot_message"}

# They clash with labels that Prometheus gives the scrape target, which renames ours.
CLASHING = {"type", "service", "env", "owner", "region", "stage", "customer", "job", "instance", "pod", "namespace"}

READING = ("target", "indicator", "channel", "segment")
MESSAGE = ("message", "indicator", "channel")
CONTRACT = {
    **{f"earshot_indicator_{unit}": READING for unit in ("ratio", "seconds")},
    **{
        f"earshot_indicator_{part}_{unit}": READING
        for part in ("target", "lower", "upper", "raw")
        for unit in ("ratio", "seconds")
    },
    "earshot_indicator_numerator": READING,
    "earshot_indicator_denominator": READING,
    "earshot_indicator_coarse": READING,
    "earshot_indicator_maturity_ratio": READING,
    "earshot_indicator_verdict": (*READING, "verdict"),
    "earshot_indicator_reason": (*READING, "reason"),
    "earshot_target_info": (
        "target",
        "indicator",
        "title",
        "target_owner",
        "severity",
        "direction",
        "judge",
        "period",
    ),
    **{f"earshot_message_{unit}": MESSAGE for unit in ("ratio", "seconds")},
    **{f"earshot_message_{part}_{unit}": MESSAGE for part in ("lower", "upper") for unit in ("ratio", "seconds")},
}

each_series = pytest.mark.parametrize("series", CATALOGUE, ids=lambda series: series.name)


def test_every_series_of_the_contract_is_there_with_its_labels() -> None:
    spelled = {series.name: series.labels for series in CATALOGUE}
    assert {name: spelled.get(name) for name in CONTRACT} == CONTRACT


def test_no_two_series_share_a_name() -> None:
    names = [series.name for series in CATALOGUE]
    assert len(names) == len(set(names))


@each_series
def test_a_name_is_snake_case_with_our_prefix(series: Series) -> None:
    assert re.fullmatch(r"earshot(_[a-z]+)+", series.name)


@each_series
def test_only_counters_end_in_total(series: Series) -> None:
    assert (series.kind == "counter") == series.name.endswith("_total")


@each_series
def test_a_base_unit_stands_last_in_the_name(series: Series) -> None:
    if series.unit in ("ratio", "seconds"):
        assert series.name.endswith(f"_{series.unit}")
    if series.unit == "unix seconds":
        assert series.name.endswith("_timestamp_seconds")


@each_series
def test_help_is_a_sentence_on_one_line(series: Series) -> None:
    assert series.help.endswith(".")
    assert series.help[0].isupper() or series.help[0].isdigit()
    assert "\n" not in series.help
    assert "  " not in series.help


@pytest.mark.parametrize(
    "series", [catalogue.VALUE, catalogue.LOWER, catalogue.UPPER], ids=lambda both: both["ratio"].name
)
def test_help_names_what_may_be_above_one(series: Mapping[Unit, Series]) -> None:
    above = [name for name, indicator in INDICATORS.items() if "above 1" in indicator.formula]
    assert above == ["two_way"]
    assert "`two_way`" in series["ratio"].help
    assert "`two_way`" not in series["seconds"].help


@each_series
def test_no_label_clashes_with_those_of_a_scrape_target_or_names_a_person(series: Series) -> None:
    assert not set(series.labels) & (CLASHING | {"person", "address", "name", "sender"})


def test_no_counter_has_a_label_value_that_stands_for_the_total() -> None:
    assert not {"all", "total", "any"} & {*catalogue.OUTCOMES, *catalogue.FACT_OUTCOMES}


def test_no_series_is_spelled_outside_the_catalogue() -> None:
    rooms = [path for room in ("collectors", "metrics", "dashboards", "config") for path in (ROOT / room).rglob("*.py")]
    files = [path for path in (*rooms, *ROOT.glob("*.py")) if path.name != "catalogue.py"]
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in files
        for name in re.findall(r"earshot_[a-z0-9_]+", path.read_text(encoding="utf-8"))
        if name not in NOT_SERIES
    }
    assert len(files) > 20
    assert not found
