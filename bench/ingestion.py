"""How fast records in files become facts in SQLite, through the real road: beside parsing the same bytes alone, beside a plain table
with a row an event (`plain`), and where the time goes (`stages`)."""

import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine

from bench.crowd import NOW
from bench.plain import PlainTable, run_script
from bench.stages import measure_stages
from bench.streams import Stream, make_streams
from bench.table import Figure
from bench.timing import take_turns
from collectors import build
from collectors.events import Collected
from collectors.rounds import Rounds
from config.progress import Progress
from config.schema import Settings
from metrics.ledger.door import open_ledger
from metrics.ledger.folding import fold
from metrics.ledger.writer import Writer
from roles import Service
from sites import Site

AIMS = {"cloudevents": 200_000, "sendgrid": 100_000}


# What a reader who wants speed alone would write: the decoder's own forms, which refuse more, would make the parsing it is held
# against slower, and the decoder look faster.
class _Data(msgspec.Struct):
    address: str | None = None
    channel: str | None = None
    evidence: str | None = None
    machine: str | None = None
    engaged_seconds: float | None = None
    link: str | None = None
    question: str | None = None
    choice: str | None = None
    value: float | None = None
    version: str | None = None


class _Event(msgspec.Struct):
    id: str
    source: str
    type: str
    subject: str | None = None
    time: str | None = None
    receivedtime: str | None = None
    data: _Data | None = None


class _Mail(msgspec.Struct):
    email: str
    event: str
    timestamp: int
    sg_event_id: str | None = None
    sg_message_id: str | None = None
    earshot_message: str | None = None
    useragent: str | None = None
    url: str | None = None
    sg_machine_open: bool | None = None


SHAPES = {"cloudevents": msgspec.json.Decoder(_Event), "sendgrid": msgspec.json.Decoder(list[_Mail] | _Mail)}


def measure(people: int, cache: Path, progress: Progress, *, rounds: int = 5) -> list[Figure]:
    """Of a simulated company's streams, doubled, late and broken records included. `people`: its size."""
    figures: list[Figure] = []
    for decoder, streams in make_streams(people, cache, progress).items():
        with tempfile.TemporaryDirectory() as folder:
            road = _Road(decoder, streams, Path(folder))
            progress.report(f"taking in {decoder}", 0, 1)
            figures += _measure_one(road, rounds)
    progress.end()
    return figures


@dataclass(frozen=True)
class _Road:
    """One decoder's streams on their way into ledgers and tables in `folder`; every run begins with an empty one."""

    decoder: str
    streams: Sequence[Stream]
    folder: Path

    def to_ledger(self) -> None:
        with tempfile.TemporaryDirectory(dir=self.folder) as data:
            settings = Settings(data=Path(data), sources=tuple(stream.settings for stream in self.streams))
            with Service(Site(settings), lambda: NOW, finish=True) as service:
                service.catch_up(Progress(), threading.Event())
                service.fold()

    def to_table(self) -> None:
        with tempfile.TemporaryDirectory(dir=self.folder) as data, PlainTable(Path(data) / "plain.db") as table:
            self.to(table.insert)

    def to_table_by_script(self) -> None:
        with tempfile.TemporaryDirectory(dir=self.folder) as data, PlainTable(Path(data) / "plain.db") as table:
            run_script(table, [file for stream in self.streams for file in stream.files])

    def seconds_of_recording(self) -> float:
        """CPU time from decoded events to folded sets, the reading of them left out."""
        with tempfile.TemporaryDirectory(dir=self.folder) as data:
            site = Site(Settings(data=Path(data)))
            engine = open_ledger(site.url, site.secrets)
            writer = Writer(engine, tombstone=site.secrets.tombstone, seal=site.secrets.seal, now=lambda: NOW)
            watch = _Watch()
            self.to(watch.around(writer.record))
            watch.around(_fold)(engine)
            engine.dispose()
        return watch.seconds

    def seconds_of_inserting(self) -> float:
        """CPU time from the same events to rows."""
        with tempfile.TemporaryDirectory(dir=self.folder) as data, PlainTable(Path(data) / "plain.db") as table:
            watch = _Watch()
            self.to(watch.around(table.insert))
        return watch.seconds

    def to(self, hand_over: Callable[[Collected], None]) -> None:
        """Read, decode and judge alone; what comes out is handed over in the batches that the service takes."""
        site = Site(Settings(data=self.folder))
        needs = build.Needs(site.pseudonym, hand_over, lambda: NOW, finish=True)
        rounds = Rounds(
            [
                build.make_intake(each.settings, needs, build.make_source(each.settings, needs), paused=False)
                for each in self.streams
            ],
            lambda _: {},
        )
        while not rounds.turn().caught_up:
            pass

    def parse(self) -> int:
        """Every line as typed structs, and nothing else; how many could be."""
        parse, parsed = SHAPES[self.decoder].decode, 0
        for line in (
            line for stream in self.streams for file in stream.files for line in file.read_bytes().split(b"\n")
        ):
            try:
                parse(line)
                parsed += 1
            except (ValueError, msgspec.DecodeError):
                continue
        return parsed


class _Watch:
    """Sums the CPU time of some calls among many others."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, work: Callable[[Any], object]) -> Callable[[Any], None]:
        def timed(given: Any) -> None:
            began = time.process_time()
            work(given)
            self.seconds += time.process_time() - began

        return timed


def _fold(engine: Engine) -> None:
    with engine.begin() as connection:
        while fold(connection).more:
            pass


def _measure_one(road: _Road, rounds: int) -> list[Figure]:
    counted: list[int] = []
    road.to(lambda collected: counted.append(len(collected.events)))
    events = sum(counted)
    ways = {"ledger": road.to_ledger, "parsing": road.parse, "table": road.to_table}
    if road.decoder == "cloudevents":
        ways["script"] = road.to_table_by_script
    best = take_turns(ways, rounds)
    recording = min(road.seconds_of_recording() for _ in range(rounds))
    inserting = min(road.seconds_of_inserting() for _ in range(rounds))
    name, what = f"{road.decoder}: file to SQLite", f"{events:,} events"
    stages = measure_stages(road.to_ledger)
    return [
        Figure(name, events / best["ledger"], "events/s", f"aim: {AIMS[road.decoder]:,}; {what}, CPU time"),
        Figure(name, best["ledger"] / best["parsing"], "times the time", "of parsing alone (msgspec, typed)"),
        Figure(
            name, best["table"] / best["ledger"], "times as fast", "as the same parsing into a row an event; aim: 10"
        ),
        *(
            Figure(name, best[way] / best["ledger"], "times as fast", "as a short script with json: a row an event")
            for way in best.keys() & {"script"}
        ),
        Figure(
            f"{road.decoder}: recording alone", inserting / recording, "times as fast", "as inserting a row an event"
        ),
        *(
            Figure(
                f"{road.decoder}: time in {stage}", 100 * share, "%", "of file to SQLite, sampled in a run of its own"
            )
            for stage, share in stages.items()
        ),
    ]
