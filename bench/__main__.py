"""`python -m bench`: everything measured in one run, as ratios where a machine's noise would say more than the code."""

import argparse
import gc
from pathlib import Path

from bench import evaluation, freshness, growth, ingestion, kafka_road, kafka_scaling, on_postgresql, scale, sizes
from bench.crowd import Crowd
from bench.evaluator_process import GC_THRESHOLD
from bench.peer import beside
from bench.table import print_table, write_results
from config.progress import Progress

HERE = Path(__file__).parent

if __name__ == "__main__":
    parser = argparse.ArgumentParser("python -m bench", description=__doc__)
    parser.add_argument("--full", action="store_true", help="100,000 people and 200 messages: minutes to fill, once")
    parser.add_argument("--results", type=Path, default=HERE / "results.json")
    asked = parser.parse_args()
    gc.set_threshold(*GC_THRESHOLD)
    cache, progress = HERE.parent / "var" / "bench", Progress()
    crowd = Crowd(100_000, 200) if asked.full else Crowd(20_000, 100)
    figures = ingestion.measure(4_000, cache, progress)
    figures += growth.measure(Crowd(100_000, 24) if asked.full else Crowd(20_000, 20), progress)
    figures += sizes.measure(100_000)
    for messages in (5, 20, 50):
        figures += evaluation.measure(Crowd(20_000, messages), cache, progress)
    figures += on_postgresql.measure(Crowd(20_000, 100), progress)
    figures += kafka_road.measure_apart(4_000, cache)
    figures += beside.measure(4_000, cache, progress)
    figures += kafka_scaling.measure(4_000, cache, progress)
    for a_second in freshness.LOADS:
        figures += freshness.measure(progress, a_second=a_second)
    figures += scale.measure(crowd, cache, progress)
    print(print_table(figures))
    write_results(figures, asked.results)
