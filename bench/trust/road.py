"""Simulated companies taken down the whole road: what is published of them at one moment after the other, beside their truth. What to ask
of both is left to the experiments."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bench.real_road import write_settings
from collectors.simulation.parameters import DAY, Parameters
from collectors.simulation.simulate import simulate
from config.progress import Progress
from config.schema import Settings
from metrics.snapshot import Snapshot
from roles import Service
from sites import Site

UNTIL = 1_794_996_000_000_000  # Wednesday 18 November 2026, 10:00 UTC
LATENESS = 2 * DAY  # as the sample's sources declare
_SAMPLE = Path(__file__).parents[2] / "config" / "sample.yaml"

Truth = Mapping[str, Any]
"""A message's line of the truth."""


@dataclass(frozen=True)
class Trip:
    """`snapshots`: what was published at each of the moments asked for; `truth`: of every message, by its id."""

    snapshots: Sequence[Snapshot]
    truth: Mapping[str, Truth]


@contextmanager
def _company(
    parameters: Parameters, targets: Sequence[Mapping[str, Any]], segments: Sequence[str]
) -> Iterator[tuple[Path, Settings]]:
    """A folder with a simulated company, and a configuration: the sample's, with targets of our own."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        simulate(folder / "company", parameters)
        sample = _SAMPLE.read_text(encoding="utf-8").replace("../var/sample", "company")
        written = yaml.load(sample, yaml.BaseLoader)  # every scalar as it is written
        del written["sample"], written["data"]
        written["directory"]["segments"] = list(segments)
        apart = [
            json.loads(json.dumps(target)) for target in targets
        ]  # what two of them share would be written as an anchor
        yield folder, write_settings(folder, written | {"targets": apart})


def travel(
    parameters: Parameters, targets: Sequence[Mapping[str, Any]], moments: Sequence[int], segments: Sequence[str]
) -> Trip:
    """`moments`: microseconds, ascending. The streams are read to their end first: only what has settled is judged, so nothing that is
    judged at a moment hangs on what came after it."""
    with _company(parameters, targets, segments) as (folder, settings):
        now = [moments[-1]]  # read as at the end: what lies ahead of the clock is not believed
        with Service(Site(settings), lambda: now[0], finish=True) as service:
            service.catch_up(Progress(), threading.Event())
            snapshots = []
            for now[0] in moments:
                snapshots.append(service.tick())
        lines = (folder / "company" / "truth" / "messages.ndjson").read_text(encoding="utf-8").splitlines()
        return Trip(snapshots, {truth["message"]: truth for truth in map(json.loads, lines)})


def micros(text: str) -> int:
    """A moment of the truth."""
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000)


def settled(truth: Mapping[str, Truth], kind: str, since: int, now: int) -> list[Truth]:
    """The messages sent after a moment whose windows for a kind of act have closed and settled by another."""
    return [
        each
        for each in truth.values()
        if since < micros(each["sent_at"]) and micros(each["closes"][kind]) + LATENESS <= now
    ]
