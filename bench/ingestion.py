"""How fast records in a file become facts in SQLite, beside parsing them alone and beside a plain table with a row an event."""

import json
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from bench.table import Figure
from config.progress import Progress
from config.schema import Settings
from roles import Service, Site

_START = 1_793_600_000
_KINDS = ("delivered", "opened", "clicked", "viewed")
_ROWS_AT_ONCE = 20_000


class _Data(msgspec.Struct):
    address: str
    channel: str = ""
    machine: str = "unknown"


class _Event(msgspec.Struct):
    id: str
    type: str
    subject: str
    time: str
    data: _Data


class _Mail(msgspec.Struct):
    email: str
    event: str
    timestamp: int
    sg_event_id: str
    sg_message_id: str
    useragent: str = ""


def _cloudevents(events: int) -> Iterator[bytes]:
    for number in range(events):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(_START + number // 50))
        data = {"address": f"p{number * 7919 % 20_000:05d}@example.org", "channel": "intranet", "machine": "unknown"}
        head = {"specversion": "1.0", "id": f"e{number}", "source": "/news", "type": f"earshot.{_KINDS[number % 4]}"}
        yield json.dumps({**head, "subject": f"m-{number * 31 % 40}", "time": at, "data": data}).encode()


def _sendgrid(events: int) -> Iterator[bytes]:
    kinds = ("delivered", "open", "click", "processed")
    for number in range(0, events, 10):
        yield json.dumps(
            [
                {
                    "email": f"p{one * 7919 % 20_000:05d}@example.org",
                    "event": kinds[one % 4],
                    "timestamp": _START + one // 50,
                    "sg_event_id": f"e{one}",
                    "sg_message_id": f"m-{one * 31 % 40}.filter0001",
                    "useragent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
                    "url": "https://intranet.example.org/a",
                    "ip": "10.0.0.1",
                }
                for one in range(number, number + 10)
            ]
        ).encode()


def measure(events: int) -> list[Figure]:
    """Events a second on one core, CPU time, the best of three runs that take turns."""
    figures = []
    for name, records, shape in (("cloudevents", _cloudevents, _Event), ("sendgrid", _sendgrid, list[_Mail])):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "streams" / "part.ndjson"
            file.parent.mkdir()
            file.write_bytes(b"\n".join(records(events)) + b"\n")
            runs: dict[str, Callable[[], object]] = {
                "road": partial(_road, Path(folder), name),
                "parsing": partial(_parse, file, shape),
                "rows": partial(_rows, file, shape),
            }
            best = _best(runs)
        figures += [
            Figure(
                f"{name}: file to SQLite",
                events / best["road"],
                "events/s",
                "aim: 200,000" if name == "cloudevents" else "aim: 100,000",
            ),
            Figure(
                f"{name}: file to SQLite",
                best["road"] / best["parsing"],
                "times the time",
                "of parsing alone (msgspec, typed)",
            ),
            Figure(
                f"{name}: file to SQLite",
                best["rows"] / best["road"],
                "times as fast",
                "as a table with a row an event",
            ),
        ]
    return figures


def _best(runs: dict[str, Callable[[], object]]) -> dict[str, float]:
    best: dict[str, float] = {}
    for _ in range(3):
        for name, run in runs.items():
            began = time.process_time()
            run()
            taken = time.process_time() - began
            best[name] = min(taken, best.get(name, taken))
    return best


def _road(folder: Path, decoder: str) -> None:
    source = {"name": "part", "decoder": decoder, "from": {"files": str(folder / "streams")}, "channel": "intranet"}
    with tempfile.TemporaryDirectory() as data:
        settings = Settings.model_validate({"data": data, "sources": [source]})
        with Service(Site(settings), finish=True) as service:
            service.catch_up(Progress(), threading.Event())
            service.fold()


def _parse(file: Path, shape: object) -> int:
    decoder = msgspec.json.Decoder(shape)
    return sum(1 for line in file.read_bytes().splitlines() if decoder.decode(line))


def _rows(file: Path, shape: object) -> None:
    """The plain way: a row an event, a unique key so that repeats count once, a transaction a batch."""
    decoder = msgspec.json.Decoder(shape)
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "plain.db")
        database.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            "CREATE TABLE event (id TEXT PRIMARY KEY, message TEXT, person TEXT, kind TEXT, at TEXT) WITHOUT ROWID;"
            "CREATE INDEX of_message ON event (message, kind, person);"
        )
        rows: list[tuple[str, str, str, str, str]] = []
        for line in file.read_bytes().splitlines():
            rows += _flatten(decoder.decode(line))
            if len(rows) >= _ROWS_AT_ONCE:
                _insert(database, rows)
        _insert(database, rows)
        database.close()


def _flatten(record: object) -> list[tuple[str, str, str, str, str]]:
    if isinstance(record, _Event):
        return [(record.id, record.subject, record.data.address, record.type, record.time)]
    assert isinstance(record, list)
    return [(one.sg_event_id, one.sg_message_id, one.email, one.event, str(one.timestamp)) for one in record]


def _insert(database: sqlite3.Connection, rows: list[tuple[str, str, str, str, str]]) -> None:
    with database:
        database.executemany("INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?, ?)", rows)
    rows.clear()
