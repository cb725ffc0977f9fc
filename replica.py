"""What serves on a site whose database is on a server: one of several such processes works (evaluates, and collects unless others do),
the others stand by and take its place when it dies. What the work is, is left to `roles.py` (docs/decisions/0006-files-that-join.md)."""

import logging
import threading
from collections.abc import Callable, Sequence
from types import TracebackType

from config.progress import Progress
from front import VERSION, Clock, Front, Shown, system_clock
from metrics.evaluation import Evaluation
from metrics.ledger.database import open_readonly
from metrics.ledger.door import LedgerError, name_reason, open_ledger
from metrics.ledger.grants import READER, WORKER, grant
from metrics.ledger.lock import AlreadyRunning
from metrics.ledger.snapshots import read_snapshot
from metrics.service_series import ServiceSeries
from metrics.snapshot import Snapshot
from on_disk import OnDisk
from roles import Service
from sites import Site

_LOG = logging.getLogger("earshot")
_LOOK_SECONDS = 2.0


class Replica:
    """One process of several. While it stands by it serves the page from what is published, and no indicator series: two verdicts must
    never stand beside each other."""

    def __init__(
        self,
        disk: OnDisk,
        clock: Clock = system_clock,
        *,
        collecting: bool = False,
        told: Callable[[Snapshot], object] = lambda _: None,
    ) -> None:
        self._disk = disk
        self._collecting = collecting
        self._clock = clock
        self._told = told
        self._working: Front | None = None
        self._stand(disk.site, "the database was not asked yet", None)
        self.shown = Shown(self._front.app())

    def _stand(self, site: Site, trouble: str, snapshot: Snapshot | None) -> None:
        """What shows a site while others evaluate it."""
        self._site = site
        self._front = Front(site, self._clock, trouble)
        self._front.snapshot = snapshot
        self._series = ServiceSeries(self._front.registry, sources=(), reasons=(), version=VERSION, digest=site.digest)

    def follow(self, stop: threading.Event, progress: Progress, append_due: Callable[[int], object]) -> None:
        """Until `stop`: work where nobody else does, else stand by. WrongKey where the database was begun with other keys."""
        while not stop.is_set():
            site = self._disk.look()
            if site is not self._site:
                self._stand(site, self._front.trouble, self._front.snapshot)
            self._series.set_config_refused(bool(self._disk.refused))
            try:
                try:
                    self._work(stop, progress, append_due)
                    continue
                except AlreadyRunning:
                    self._stand_by()
            except LedgerError as error:
                self._front.trouble = f"the database is away ({name_reason(error)})"
                _LOG.warning("%s; trying again", self._front.trouble)
            # Others may publish: the page shows what was published last, and no indicator stands beside theirs.
            self._working, self.shown.app = None, self._front.app()
            self._front.move()
            stop.wait(_LOOK_SECONDS)
        self.shown.app = self._front.app()

    def _work(self, stop: threading.Event, progress: Progress, append_due: Callable[[int], object]) -> None:
        """Until `stop`, or until the configuration is another; then what was served goes on being served by whatever comes next."""
        service = Service(
            self._site,
            self._clock,
            disk=self._disk,
            before=self._working,
            told=self._told,
            collecting=self._collecting,
        )
        with service:
            self._working, self.shown.app = service.front, service.front.app()
            _LOG.info("evaluating")
            try:
                service.catch_up(progress, stop)
                if not stop.is_set():
                    service.tick(progress)
                    progress.end()
                    service.follow(stop, append_due)
            finally:
                self._front.snapshot = service.front.snapshot

    def _stand_by(self) -> None:
        if self._front.trouble:
            _LOG.info("standing by: another process evaluates")
        engine = open_readonly(self._site.url)
        try:
            with engine.connect() as connection:
                self._front.snapshot = read_snapshot(connection)
            self._front.trouble = ""
        finally:
            engine.dispose()


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
