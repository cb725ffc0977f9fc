"""`python -m bench.soak MINUTES`: a worker and whoever evaluates for hours at twice the rated load, asked for series and page meanwhile.
Whether their memory grows, and how many handles and threads they hold, is printed; the exit status is 1 where memory is not bounded."""

import argparse
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bench.freshness import Company
from config.progress import Progress
from tests.real.broker import needs_kafka, shared_broker
from tests.real.cluster import ask
from tests.real.postgresql import Server, find_programs
from tests.real.topics import Topics

A_SECOND = 700
"""Twice what 100,000 people make in their busiest hour."""
MOST_AN_HOUR = 1.0  # MiB
_WARMING = 0.25  # the share of the time in which caches fill
_EVERY_SECONDS = 10


class Sample(NamedTuple):
    """Of a process, at a moment (seconds): its memory in MiB, its open handles, its threads."""

    moment: float
    resident: float
    handles: int
    threads: int


def look_at(pid: int) -> Sample:
    """As Linux tells it. OSError where it is gone."""
    here = Path("/proc", str(pid))
    told = dict(line.split(":\t", 1) for line in (here / "status").read_text().splitlines() if ":\t" in line)
    resident = int(told["VmRSS"].split()[0]) / 1024
    return Sample(time.monotonic(), resident, len(list((here / "fd").iterdir())), int(told["Threads"]))


def grows(samples: list[Sample]) -> float:
    """MiB an hour: the median of the slopes between the two halves, which one large moment does not move."""
    half = len(samples) // 2
    pairs = zip(samples[:half], samples[-half:], strict=True)
    return float(np.median([(b.resident - a.resident) / (b.moment - a.moment) for a, b in pairs])) * 3600


def soak(minutes: float) -> dict[str, list[Sample]]:
    """Samples by process, from when they were warm."""
    programs = find_programs()
    assert programs is not None, "no PostgreSQL here: make setup-dev installs it"
    server, topics = Server(programs, settings=""), Topics(shared_broker().address)
    server.start()
    server.create("fresh")
    with tempfile.TemporaryDirectory(prefix="earshot-soak-") as folder:
        company = Company(Path(folder), topics, server)
        try:
            company.start()
            writing = threading.Thread(target=company.write, args=(int(minutes * 60), A_SECOND), daemon=True)
            writing.start()
            return _watch(company, minutes * 60, writing)
        finally:
            company.end()
            topics.close()
            server.remove()


def _watch(company: Company, seconds: float, writing: threading.Thread) -> dict[str, list[Sample]]:
    samples: dict[str, list[Sample]] = {name: [] for name in company.processes}
    progress, began = Progress(), time.monotonic()
    while writing.is_alive():
        gone = time.monotonic() - began
        progress.report("soaking, minutes", int(gone // 60), int(seconds // 60))
        for port, path in ((company.probes, "/metrics"), (company.page, "/metrics"), (company.page, "/")):
            with suppress(OSError):
                ask(port, path)
        if gone > seconds * _WARMING:
            for name, process in company.processes.items():
                samples[name].append(look_at(process.pid))
        writing.join(_EVERY_SECONDS)
    return samples


def main() -> int:
    parser = argparse.ArgumentParser("python -m bench.soak", description=__doc__)
    parser.add_argument("minutes", type=float)
    needs_kafka()
    bounded = True
    for name, samples in soak(asked := parser.parse_args().minutes).items():
        growth = grows(samples)
        handles, threads = ([each[place] for each in samples] for place in (2, 3))
        print(
            f"{name}: {samples[0].resident:.1f} MiB when warm, {samples[-1].resident:.1f} after {asked:.0f} minutes, {growth:+.2f} MiB an"
            f" hour (asked: {MOST_AN_HOUR:.0f} at most); {min(handles)} to {max(handles)} handles, {min(threads)} to {max(threads)} threads"
        )
        bounded = bounded and growth <= MOST_AN_HOUR
    return 0 if bounded else 1


if __name__ == "__main__":
    sys.exit(main())
