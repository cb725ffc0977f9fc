"""A process of its own that takes up a filled ledger, as a service does that starts again: how long until it has published, how long when
little changes after that, how much memory it ever held. Run as `python -m bench.evaluator_process FOLDER TICKS STARTED`; prints JSON."""

import argparse
import gc
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from bench.crowd import NOW, SECOND, Crowd, Happenings, read_settings
from collectors.events import Event
from config.progress import Progress
from roles import Service
from sites import Site

GC_THRESHOLD = (100_000, 50, 50)  # as `service.py` sets it
CHANGED_MESSAGES = 5
CHANGED_EVENTS = 1000


class Measured(msgspec.Struct):
    """Seconds on the wall, one entry a tick; bytes. `cold_cpu_seconds`: of both its threads, which says more where others are at work."""

    cold_seconds: float
    cold_cpu_seconds: float
    changed_seconds: list[float]
    idle_seconds: list[float]
    peak_bytes: int


class _Watch:
    """The service's clock: a minute passes between ticks, whatever they take."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now

    def pass_minute(self) -> None:
        self.now += 60 * SECOND


def measure(folder: Path, crowd: Crowd, *, ticks: int, started: float) -> Measured:
    """`started`: when the process began, in seconds since 1970."""
    site, watch = Site(read_settings(folder)), _Watch()
    with Service(site, watch) as service:
        service.catch_up(Progress(), threading.Event())
        service.tick()
        cold, cpu = time.time() - started, time.process_time()
        happenings = Happenings(crowd, site.pseudonym)
        changed, idle = [], []
        for number in range(ticks):
            _append(folder, happenings, crowd, number)
            watch.pass_minute()
            service.catch_up(Progress(), threading.Event())
            changed.append(_time(service.tick))
            watch.pass_minute()
            idle.append(_time(service.tick))
    return Measured(cold, cpu, changed, idle, _peak_bytes())


def _time(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _append(folder: Path, happenings: Happenings, crowd: Crowd, number: int) -> None:
    """New events of the latest messages, into the streams."""
    share = CHANGED_EVENTS / CHANGED_MESSAGES / crowd.people
    for message in range(crowd.messages - CHANGED_MESSAGES, crowd.messages):
        stream = "mail" if crowd.is_mail(message) else "news"
        events = happenings.of_message(message, share=share, salt=1 + number)
        with (folder / "streams" / stream / "late.ndjson").open("ab") as file:
            file.writelines(_line(event) for event in events)


def _line(event: Event) -> bytes:
    """As CloudEvents, by pseudonym."""
    told = ("person", "channel", "machine", "agent", "engaged_seconds", "link", "choice", "version")
    data = {name: value for name in told if (value := getattr(event, name)) not in (None, "unknown")}
    moment = (event.occurred_at or 0) / SECOND
    body = {
        "specversion": "1.0",
        "id": f"{event.message}-{event.action}-{event.person}",
        "source": "/bench",
        "type": f"earshot.{event.action}",
        "subject": event.message,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment)),
        "data": data,
    }
    return msgspec.json.encode(body) + b"\n"


def _peak_bytes() -> int:
    """The most this process ever held in memory. Not `getrusage`, which also tells of the process that started this one."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise OSError("/proc/self/status does not say VmHWM")


if __name__ == "__main__":
    gc.set_threshold(*GC_THRESHOLD)
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("people", type=int)
    parser.add_argument("messages", type=int)
    parser.add_argument("ticks", type=int)
    parser.add_argument("started", type=float)
    asked = parser.parse_args()
    crowd = Crowd(asked.people, asked.messages)
    print(json.dumps(msgspec.to_builtins(measure(asked.folder, crowd, ticks=asked.ticks, started=asked.started))))
