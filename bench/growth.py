"""Recording while the ledger grows: decoded events into folded sets, and into a table with a row an event, whose two indexes soon
outgrow its cache. Reading and decoding are left out; `ingestion` has the whole way."""

import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine

from bench.crowd import NOW, Crowd, Happenings
from bench.filling import BATCH
from bench.plain import PlainTable
from bench.table import Figure
from collectors.events import Collected, Event
from config.progress import Progress
from config.schema import Settings
from metrics.ledger.door import open_ledger
from metrics.ledger.folding import fold
from metrics.ledger.writer import Writer
from sites import Site

_LAST = 4  # a quarter of the messages is measured: what it costs by then, not on the way there


def measure(crowd: Crowd, progress: Progress) -> list[Figure]:
    """The same batches into both, message by message, which is the kindest order to the table's index by message."""
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Settings(data=Path(folder)))
        happenings = Happenings(crowd, site.pseudonym)
        engine = open_ledger(site.url, site.secrets)
        writer = Writer(engine, tombstone=site.secrets.tombstone, seal=site.secrets.seal, now=lambda: NOW)
        ours: list[float] = []
        rows: list[float] = []
        lean: list[float] = []
        events = 0
        plain, leaner = Path(folder) / "plain.db", Path(folder) / "lean.db"
        with PlainTable(plain) as table, PlainTable(leaner, lean=True) as lean_table:
            for message in range(crowd.messages):
                progress.report("recording while it grows", message, crowd.messages)
                batches = _batches(happenings.of_message(message), message)
                events += sum(len(batch.events) for batch in batches)
                ours.append(_time(batches, writer.record) + _time([engine], _fold))
                rows.append(_time(batches, table.insert))
                lean.append(_time(batches, lean_table.insert))
        engine.dispose()
        sizes = [file.stat().st_size for file in (plain, leaner, Path(folder) / "earshot.db")]
    progress.end()
    last, what = -(-crowd.messages // _LAST), f"{events:,} events of {crowd.people:,} people, CPU time"
    by_then = f"as a row an event, with {sizes[0] / 2**20:,.0f} MiB of them"
    leaner_by_then = f"as a lean row an event (its content the only key), with {sizes[1] / 2**20:,.0f} MiB of them"
    recent = sum(ours[-last:])
    return [
        Figure("recording, all of it", sum(rows) / sum(ours), "times as fast", f"as a row an event; aim: 10; {what}"),
        Figure("recording, the last quarter", sum(rows[-last:]) / recent, "times as fast", by_then),
        Figure("recording, the last quarter", sum(lean[-last:]) / recent, "times as fast", leaner_by_then),
        Figure("recording, the last quarter", events / crowd.messages * last / recent, "events/s", what),
        Figure("what was recorded", sizes[0] / sizes[2], "times as large", "with a row an event"),
        Figure("what was recorded", sizes[1] / sizes[2], "times as large", "with a lean row an event"),
    ]


def _time(given: Iterable[Any], work: Callable[[Any], object]) -> float:
    began = time.process_time()
    for each in given:
        work(each)
    return time.process_time() - began


def _fold(engine: Engine) -> None:
    with engine.begin() as connection:
        while fold(connection).more:
            pass


def _batches(events: Sequence[Event], message: int) -> list[Collected]:
    """With ids as vendors give them: at random."""
    tokens = np.random.default_rng([3, message]).bytes(11 * len(events)).hex()
    for place, event in enumerate(events):
        event.id = tokens[22 * place : 22 * place + 22]
    return [Collected("", events[start : start + BATCH]) for start in range(0, len(events), BATCH)]
