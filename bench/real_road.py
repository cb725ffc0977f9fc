"""A folder with streams, catalogue and directory, taken down the whole road as of a moment, and what came of it. Making the folder, and
holding the outcome against a plain computation, is left to `real_pages` and `real_chat`."""

import gzip
import random
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import yaml

from config.load import load
from config.progress import Progress
from config.schema import Settings
from metrics.evaluate import Answers
from metrics.ledger.database import open_readonly
from metrics.ledger.letters import Letter, list_letters
from metrics.ledger.sets import list_references
from metrics.messages import Catalogue
from metrics.reading import Reading
from metrics.snapshot import Snapshot
from metrics.unmatched import find_unmatched
from roles import Service
from sites import Site

# So that nothing that is compared is forgotten before; what is forgotten when is a matter of other tests.
KEEP = {"sets": "800 days", "late_grace": "300 days"}
_PARTS = 3


@dataclass(frozen=True)
class Trip:
    """What came of one run. `answers`: before disclosure; `unmatched`: references nobody described, to their facts; `series`: of
    the service itself, as scraped; `seconds`: of reading the streams, and of the rest."""

    answers: Answers
    snapshot: Snapshot
    letters: list[Letter]
    unmatched: dict[str, int]
    series: dict[str, float]
    seconds: tuple[float, float]


@dataclass
class Check:
    """One question asked of both sides. `compared`: figures; `differences`: what they do not agree on, as sentences."""

    what: str
    compared: int = 0
    differences: list[str] = field(default_factory=list)

    def hold(self, name: str, theirs: object, ours: object) -> None:
        """One figure: the road's, and the plain one."""
        self.compared += 1
        if theirs != ours:
            self.differences.append(f"{name}: the road says {theirs}, plainly it is {ours}")


def write_settings(folder: Path, written: dict[str, Any]) -> Settings:
    """The configuration, read back as the service would."""
    file = folder / "earshot.yaml"
    file.write_text(yaml.safe_dump({"data": "data", "retention": KEEP, **written}), encoding="utf-8")
    loaded = load(file, {})
    assert loaded.settings is not None, loaded.problems
    return loaded.settings


def travel(settings: Settings, as_of: int, progress: Progress) -> Trip:
    """The whole road as of a moment (seconds since 1970 UTC), in a data directory of its own."""
    site = Site(settings, as_of * 1_000_000)
    with Service(site, finish=True) as service:
        began = time.perf_counter()
        service.catch_up(progress, threading.Event())
        read = time.perf_counter()
        snapshot = service.tick(progress)
        ended = time.perf_counter()
        answers = service.evaluation.answer(as_of * 1_000_000)
        catalogue = service.evaluation.described.catalogue
        series = _scrape(service)
    progress.end()
    letters, unmatched = _look(site, catalogue)
    return Trip(answers, snapshot, letters, unmatched, series, (read - began, ended - read))


def _look(site: Site, catalogue: Catalogue) -> tuple[list[Letter], dict[str, int]]:
    engine = open_readonly(site.url)
    with engine.connect() as connection:
        letters = list_letters(connection)
        unmatched = {each.reference: each.facts for each in find_unmatched(list_references(connection), catalogue)}
    engine.dispose()
    return letters, unmatched


def _scrape(service: Service) -> dict[str, float]:
    """What Prometheus would see, by series."""
    environ: dict[str, Any] = {"PATH_INFO": "/metrics"}
    setup_testing_defaults(environ)
    body = b"".join(service.front.app()(environ, lambda *_: lambda _: None)).decode()
    lines = (line.rpartition(" ") for line in body.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def exactly(answers: Answers) -> list[str]:
    """Every reading before disclosure, to the last bit of every float."""
    return [_exactly(reading) for _, reading in (*answers.readings, *answers.messages)]


def _exactly(reading: Reading) -> str:
    times = [
        (each.seconds.tolist(), each.reached.tolist(), each.open, each.unknown, each.window) for each in reading.times
    ]
    return repr(vars(reading) | {"units": reading.units.tolist(), "times": times})


def disturb(lines: Sequence[bytes], folder: Path, seed: int) -> None:
    """The lines of a stream twice over, shuffled, cut into files, one of them packed."""
    many = [*lines, *lines]
    random.Random(seed).shuffle(many)
    for part in range(_PARTS):
        body = b"".join(many[part::_PARTS])
        (folder / f"part-{part}").write_bytes(gzip.compress(body) if part == 0 else body)


def hold_equal(check: Check, one: Answers, other: Answers) -> None:
    """Two sets of readings before disclosure, which must be the same to the last bit."""
    left, right = exactly(one), exactly(other)
    check.compared += len(left)
    if len(left) != len(right):
        check.differences.append(f"{len(left):,} readings and {len(right):,}")
    unlike = [pair[0] for pair in zip(left, right, strict=False) if pair[0] != pair[1]]
    check.differences += [f"differs: {reading}" for reading in unlike[:3]]


def class_readings(answers: Answers, target: str) -> dict[str, Reading]:
    """Of one target, by segment."""
    return {reading.segment: reading for asked, reading in answers.readings if asked.name == target}


def message_readings(answers: Answers, indicator: str) -> dict[str, Reading]:
    """Of one indicator, by message."""
    return {reading.message or "": reading for _, reading in answers.messages if reading.indicator == indicator}


def total(readings: Iterable[Reading], column: int) -> int:
    """People of one column, over all units of all readings."""
    return sum(int(reading.units[:, column].sum()) for reading in readings)
