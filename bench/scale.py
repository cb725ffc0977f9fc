"""A large company's ledger: how long a tick takes when little changed, from cold, and how much memory the evaluator holds."""

import json
import subprocess
import sys
import time
from pathlib import Path

from bench.crowd import TARGETS, Crowd, write_settings
from bench.filling import facts_in, filled
from bench.table import Figure
from config.progress import Progress

_TICKS = 3


def measure(crowd: Crowd, cache: Path, progress: Progress) -> list[Figure]:
    """In a process of its own, so that what memory it held is its own too."""
    folder = filled(crowd, cache, progress)
    write_settings(folder, TARGETS)
    progress.report("evaluating", 0, 1)
    command = [sys.executable, "-m", "bench.evaluator_process", str(folder)]
    command += [str(crowd.people), str(crowd.messages), str(_TICKS), str(time.time())]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    progress.end()
    what = f"{crowd.people:,} people x {crowd.messages} messages x 30 segments, {facts_in(folder) / 1e6:.1f} M facts"
    return [
        Figure("a tick when little changed", min(told["changed_seconds"]), "s", f"aim: 0.5; {what}"),
        Figure("a tick when nothing changed", min(told["idle_seconds"]), "s", what),
        Figure("from cold to published", told["cold_seconds"], "s", f"aim: 5; {what}"),
        Figure("from cold to published", told["cold_cpu_seconds"], "s of CPU", f"two threads; {what}"),
        Figure("memory of the evaluator", told["peak_bytes"] / 2**20, "MiB", f"aim: 512; {what}"),
    ]
