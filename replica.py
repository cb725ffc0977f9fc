"""What serves on a site whose database is on a server: one of several such processes works (evaluates, and collects unless others do),
the others stand by and take its place when it dies. What the work is, is left to `roles.py` (docs/decisions/0006-files-that-join.md)."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from config.progress import Progress
from front import VERSION, Clock, Front, system_clock
from metrics.evaluation import Evaluation
from metrics.ledger.database import open_readonly
from metrics.ledger.door import LedgerError, open_ledger
from metrics.ledger.grants import READER, WORKER, grant
from metrics.ledger.lock import AlreadyRunning
from metrics.ledger.snapshots import read_snapshot
from metrics.service_series import ServiceSeries
from metrics.snapshot import Snapshot
from roles import Service
from sites import Site

_LOG = logging.getLogger("earshot")
_LOOK_SECONDS = 2.0


class Replica:
    """One process of several. While it stands by it serves the page from what is published, and no indicator series: two verdicts must
    never stand beside each other."""

    def __init__(
        self,
        site: Site,
        clock: Clock = system_clock,
        *,
        collecting: bool = False,
        refused: Callable[[], bool] = lambda: False,
        told: Callable[[Snapshot], object] = lambda _: None,
    ) -> None:
        self.site = site
        self._collecting = collecting
        self._clock = clock
        self._refused = refused
        self._told = told
        self._front = Front(site, clock, "the database was not asked yet")
        ServiceSeries(self._front.registry, sources=(), reasons=(), version=VERSION, digest=site.digest)
        self._serving = self._standby = self._front.app()

    def follow(self, stop: threading.Event, progress: Progress, append_due: Callable[[int], object]) -> None:
        """Until `stop`: work where nobody else does, else stand by. WrongKey where the database was begun with other keys."""
        while not stop.is_set():
            try:
                try:
                    self._work(stop, progress, append_due)
                except AlreadyRunning:
                    self._stand_by()
            except LedgerError as error:
                self._front.trouble = f"the database is away ({type(error).__name__})"
                _LOG.warning("%s; trying again", self._front.trouble)
            self._front.move()
            stop.wait(_LOOK_SECONDS)

    def _work(self, stop: threading.Event, progress: Progress, append_due: Callable[[int], object]) -> None:
        begun = Service(self.site, self._clock, refused=self._refused, told=self._told, collecting=self._collecting)
        with begun as service, self._served_by(service):
            _LOG.info("evaluating")
            service.catch_up(progress, stop)
            if not stop.is_set():
                service.tick(progress)
                progress.end()
                service.follow(stop, append_due)

    @contextmanager
    def _served_by(self, service: Service) -> Iterator[None]:
        self._serving = service.front.app()
        try:
            yield
        finally:
            # Others may publish from now on: the page shows what was published last, and no indicator stands beside theirs.
            self._front.snapshot = service.front.snapshot
            self._serving = self._standby

    def _stand_by(self) -> None:
        if self._front.trouble:
            _LOG.info("standing by: another process evaluates")
        engine = open_readonly(self.site.url)
        try:
            with engine.connect() as connection:
                self._front.snapshot = read_snapshot(connection)
            self._front.trouble = ""
        finally:
            engine.dispose()

    def app(self) -> WSGIApplication:
        """Page, series and probes, of whatever this process is just then."""

        def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            return self._serving(environ, start_response)

        return app


class Importer:
    """Reads files into a database on a server, beside those who evaluate. Usable as a context; LedgerError where the database is away."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def __enter__(self) -> "Importer":
        self._site.folder.mkdir(parents=True, exist_ok=True)
        self._engine = open_ledger(self._site.url, self._site.secrets, self._site.settings.mode)
        self.evaluation = Evaluation(self._engine, self._site.settings, self._site.surroundings())
        return self

    def allow(self, *, workers: Sequence[str], readers: Sequence[str]) -> None:
        """Let these roles of the database do what they are for, and nothing else."""
        for role in workers:
            grant(self._engine, role, WORKER)
        for role in readers:
            grant(self._engine, role, READER)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.dispose()
