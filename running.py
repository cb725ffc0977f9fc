"""The commands that go on running until they are told to stop: `run`, `evaluate`, `collect`. What they run is left to `roles`, `replica`
and `worker`, noticing a changed configuration to `on_disk` (docs/decisions/0006-files-that-join.md)."""

import argparse
import gc
import signal
import sys
import threading
from collections.abc import Callable

import publishing
import reports
from collectors.simulation.cli import describe_simulated
from collectors.simulation.live import Live
from collectors.simulation.parameters import Parameters
from collectors.simulation.simulate import read_simulated, simulate
from config.commands import WELL
from config.progress import Progress
from dashboards.page.server import Server, start
from front import Front, Shown, system_clock
from metrics.ledger.database import is_embedded
from metrics.ledger.lock import AlreadyRunning
from metrics.snapshot import Snapshot
from metrics.standings import standings, summary
from on_disk import OnDisk
from replica import Replica
from roles import Service
from sites import Refused, Site, choose_file, site_of
from worker import Worker

_AGAIN_SECONDS = 1.0

AppendDue = Callable[[int], object]


def do_run(asked: argparse.Namespace) -> int:
    site = site_of(asked)
    if asked.once:
        return _run_once(site)
    if not is_embedded(site.url):
        return _run_beside_others(asked, site, collecting=True)
    stop = _stopped_by_signals()
    append_due = _prepare_sample(site)
    with publishing.in_step(site) as told:
        _Alone(OnDisk(choose_file(asked), site), told).follow(stop, append_due)
    print("stopped cleanly; starting again resumes here", file=sys.stderr)
    return WELL


def _run_once(site: Site) -> int:
    stop = _stopped_by_signals()
    _prepare_sample(site)
    with publishing.in_step(site) as told, Service(site, finish=True, told=told) as service:
        if _catch_up(service, stop) is not None:
            sys.stdout.writelines(reports.readings_lines(site, as_json=False))
    return WELL


class _Alone:
    """The one process of an embedded database, under one configuration after the other."""

    def __init__(self, disk: OnDisk, told: Callable[[Snapshot], object]) -> None:
        self._disk = disk
        self._told = told
        self._shown: Shown | None = None
        self._server: Server | None = None
        self._before: Front | None = None

    def follow(self, stop: threading.Event, append_due: AppendDue) -> None:
        """Until `stop`. AlreadyRunning where another process works there."""
        try:
            while not stop.is_set():
                try:
                    self._work(stop, append_due)
                except AlreadyRunning:
                    if self._before is None:
                        raise
                    # A command did its errand in the moment between two configurations.
                    stop.wait(_AGAIN_SECONDS)
                # What the last one remembered goes before the next one remembers as much.
                gc.collect()
        finally:
            if self._server is not None:
                self._server.close()

    def _work(self, stop: threading.Event, append_due: AppendDue) -> None:
        with Service(self._disk.look(), disk=self._disk, before=self._before, told=self._told) as service:
            first, self._before = self._before is None, service.front
            server = self._serve(service)
            snapshot = _catch_up(service, stop)
            if snapshot is not None:
                if first:
                    print(summary(standings(snapshot)), file=sys.stderr)
                    _say_where(server)
                service.follow(stop, append_due)

    def _serve(self, service: Service) -> Server:
        """From the first moment: who watches over the service has to see that it works, though it is not ready for long."""
        if self._shown is None or self._server is None:
            page = service.site.settings.page
            self._shown = Shown(service.front.app())
            self._server = start(self._shown, page.host, page.port)
        self._shown.app = service.front.app()
        return self._server


def do_evaluate(asked: argparse.Namespace) -> int:
    site = site_of(asked)
    if is_embedded(site.url):
        raise Refused("the embedded database is for one process, ./earshot run: several share a PostgreSQL (`store`)")
    return _run_beside_others(asked, site, collecting=False)


def _run_beside_others(asked: argparse.Namespace, site: Site, *, collecting: bool) -> int:
    stop = _stopped_by_signals()
    append_due = _prepare_sample(site) if collecting else lambda _: None
    with publishing.in_step(site) as told:
        replica = Replica(OnDisk(choose_file(asked), site), collecting=collecting, told=told)
        server = start(replica.shown, site.settings.page.host, site.settings.page.port)
        _say_where(server)
        try:
            replica.follow(stop, Progress(), append_due)
        finally:
            server.close()
    print("stopped cleanly; whoever stands by takes over", file=sys.stderr)
    return WELL


def _catch_up(service: Service, stop: threading.Event) -> Snapshot | None:
    """What is there, read and published; None where it was stopped before."""
    progress = Progress()
    service.catch_up(progress, stop)
    snapshot = None if stop.is_set() else service.tick(progress)
    progress.end()
    return snapshot


def _prepare_sample(site: Site) -> AppendDue:
    """The simulated company, made where it is not there yet, and what lets it go on; nothing where the configuration has none."""
    sample, progress = site.settings.sample, Progress()
    if sample is None:
        return lambda _: None
    try:
        if read_simulated(sample.directory) is None:
            parameters = Parameters(sample.people, sample.days, sample.seed, system_clock())
            made = simulate(sample.directory, parameters, lambda what, share: progress.report(what, share, 1.0))
            progress.end()
            print(describe_simulated(made, sample.directory), file=sys.stderr)
        return Live(sample.directory).append_due if site.as_of is None else lambda _: None
    except ValueError as error:
        raise Refused(error) from None


def do_collect(asked: argparse.Namespace) -> int:
    site = site_of(asked)
    _must_read_topics(site)
    stop = _stopped_by_signals()
    disk = OnDisk(choose_file(asked), site, suits=_must_read_topics)
    worker = Worker(disk)
    shown = Shown(worker.app())
    server = start(shown, site.settings.worker.host, site.settings.worker.port)
    print(f"Series and probes: http://{server.host}:{server.port}   (Ctrl-C stops)", file=sys.stderr)
    try:
        worker.follow(stop)
        while not stop.is_set():
            worker = Worker(disk)
            shown.app = worker.app()
            worker.follow(stop)
    finally:
        server.close()
    print("stopped cleanly; whoever starts next resumes here", file=sys.stderr)
    return WELL


def _must_read_topics(site: Site) -> None:
    """Refused where a worker would have nothing to do."""
    if not site.read_from_kafka:
        raise Refused("no source reads topics of Kafka, and files are read by ./earshot run")


def _stopped_by_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _say_where(server: Server) -> None:
    print(f"Look at http://{server.host}:{server.port}   (Ctrl-C stops)", file=sys.stderr)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": do_run,
    "collect": do_collect,
    "evaluate": do_evaluate,
}
