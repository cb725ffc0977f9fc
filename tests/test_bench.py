"""Every bench at toy size, so that none rots; what they measure is for `make bench`."""

from pathlib import Path

import pytest

from bench import evaluation, freshness, growth, ingestion, kafka_road, kafka_scaling, on_postgresql, scale, sizes
from bench.crowd import Crowd
from bench.table import Figure, print_table, write_results
from config.progress import Progress
from tests.real.broker import needs_kafka
from tests.real.postgresql import find_programs


def test_every_bench_measures_something(tmp_path: Path) -> None:
    crowd, progress = Crowd(300, 8), Progress()
    figures = ingestion.measure(60, tmp_path, progress, rounds=1) + sizes.measure(2000)
    figures += growth.measure(crowd, progress)
    figures += evaluation.measure(crowd, tmp_path, progress) + scale.measure(crowd, tmp_path, progress)
    # A sampler may find nobody at work in a stage as short as this; all of them together are the whole.
    shares = [figure.value for figure in figures if figure.unit == "%"]
    assert min(shares) >= 0
    assert sum(shares) == pytest.approx(100 * len(ingestion.AIMS))
    assert all(figure.value > 0 for figure in figures if figure.unit != "%")
    table = print_table(figures)
    assert all(figure.name in table for figure in figures)
    write_results(figures, tmp_path / "results.json")
    assert (tmp_path / "results.json").read_text(encoding="utf-8").count('"name"') == len(figures)


def test_the_bench_on_real_servers_measures_something(tmp_path: Path) -> None:
    needs_kafka()
    figures = kafka_road.measure_apart(60, tmp_path, records=6000, rounds=1)
    assert "kafka_to_postgresql_vs_bare_poll" in {figure.name for figure in figures}
    figures += kafka_scaling.measure(60, tmp_path, Progress(), records=2000, rounds=1)
    figures += freshness.measure(Progress(), a_second=100, seconds=3)
    assert {"a second worker", "from topic to page"} <= {figure.name for figure in figures}
    assert all(figure.value > 0 for figure in figures)


def test_small_values_are_printed_with_their_decimals() -> None:
    assert "0.128 s" in print_table([Figure("a tick", 0.1283, "s", "")])


def test_the_bench_on_postgresql_finds_the_same_figures_by_sets_and_by_rows() -> None:
    if find_programs() is None:
        pytest.skip("PostgreSQL is not here (Debian's package postgresql)")
    figures = on_postgresql.measure(Crowd(300, 4), Progress(), rounds=1)
    assert all(figure.value > 0 for figure in figures)
