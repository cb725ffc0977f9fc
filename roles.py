"""What runs on a site: the rooms joined, and the loop that drives them. Commands are left to `service.py` and
`reports.py`; nothing else may know every room (docs/decisions/0006-files-that-join.md)."""

import gc
import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from types import TracebackType

from collectors import build
from collectors.events import REASONS
from collectors.replay import SecondReader
from collectors.rounds import Rounds, Turn
from config.progress import Progress
from front import VERSION, Clock, Front, system_clock
from metrics.cli import DEFINITIONS
from metrics.errands import Errands
from metrics.evaluation import Evaluation
from metrics.export import SnapshotCollector
from metrics.forget import Eraser
from metrics.ledger.door import LedgerError, name_reason, open_alone
from metrics.ledger.folding import is_waiting
from metrics.ledger.lags import has_read_all, read_waiting
from metrics.ledger.snapshots import read_snapshot
from metrics.service_series import ServiceSeries
from metrics.settings_series import show_settings, show_sources
from metrics.snapshot import Snapshot
from on_disk import OnDisk
from recording import Recording
from sites import Site

_LOG = logging.getLogger("earshot")
_FOLD_SECONDS = 30.0
_IDLE_SECONDS = 1.0
_AWAY_SECONDS = 5.0
_SOON_SECONDS = 3.0
WHOLE_EVERY = 50  # ticks


class Service:
    """Evaluates and publishes for one site, holding its lock, and collects unless others do; one thread drives it. Usable as a context.

    `disk`: told when the site is to be another. `before`: what showed the site before this one. AlreadyRunning where somebody else
    evaluates there, WrongKey, LedgerError and OSError where what it needs is away.
    """

    def __init__(
        self,
        site: Site,
        clock: Clock = system_clock,
        *,
        finish: bool = False,
        disk: OnDisk | None = None,
        before: Front | None = None,
        told: Callable[[Snapshot], object] = lambda _: None,
        collecting: bool = True,
    ) -> None:
        self.site = site
        self._collected = site.settings.sources if collecting else ()
        self._collecting = collecting
        self._clock = clock if site.as_of is None else partial(int, site.as_of)
        self._finish = finish
        self._disk = disk
        self._told = told
        self._begun = before is not None
        self.front = Front(site, self._clock, before.trouble if before is not None else "the streams are being read")
        self._folded = time.monotonic()
        self._caught_up = False
        self._ticks = 0
        self._closing = ExitStack()

    def __enter__(self) -> "Service":
        self.site.folder.mkdir(parents=True, exist_ok=True)
        site = self.site
        self._engine, self._lock = open_alone(site.url, site.secrets, site.folder, site.settings.mode)
        try:
            self._open()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()
        self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def _open(self) -> None:
        site, settings = self.site, self.site.settings
        names = [source.name for source in settings.sources]
        front, registry = self.front, self.front.registry
        self.series = ServiceSeries(registry, sources=names, reasons=REASONS, version=VERSION, digest=site.digest)
        show_settings(self.series, settings, DEFINITIONS)
        limit, others = settings.page.series_limit, self.series.count_series
        registry.register(SnapshotCollector(lambda: front.snapshot, limit=limit, others=others))
        elsewhere = [] if self._collecting else [each.name for each in settings.sources if each.origin.from_kafka]
        self._recording = Recording(site, self._engine, self.series, names, elsewhere)
        self._closing.callback(self._recording.close)
        self._record = self._recording.record
        with self._engine.connect() as connection:
            front.snapshot = read_snapshot(connection)  # stands until there is a newer one
        self.evaluation = Evaluation(self._engine, settings, site.surroundings())
        self.evaluation.start()
        needs = build.Needs(
            site.pseudonym, self._recording.take, self._clock, site.as_of, self._finish, settings.kafka, len(names) - 1
        )
        paused = self._record.paused()
        intakes = [
            build.make_intake(each, needs, build.make_source(each, needs), paused=each.name in paused)
            for each in self._collected
        ]
        self._rounds = Rounds(intakes, self._recording.read_so_far)
        self._closing.callback(self._rounds.close)
        self.errands = Errands(
            self._engine,
            eraser=Eraser(self._engine, site.pseudonym, site.secrets.tombstone, site.secrets.unseal),
            writer=self._recording.writer,
            read_again={each.name: SecondReader(each, site.pseudonym, self._clock).read for each in settings.sources},
            resumed=self._resumed,
            forgot=self.evaluation.forget_person,
        )
        self._survey()

    def _resumed(self, name: str) -> None:
        # Those who collect elsewhere read it in the database.
        if self._collecting:
            self._rounds.resume(name)

    def turn(self) -> Turn:
        """Let every source bring in what it has."""
        turn = self._rounds.turn()
        for name, why in turn.tripped.items():
            self._recording.pause(name, why, self._clock())
        for source in self._collected:
            self.series.set_up(source.name, source.name not in self._rounds.failing)
            if source.name not in self._rounds.behind:
                self.series.caught_up(source.name, self._clock())
        self._move()
        self._caught_up = turn.caught_up if self._collecting else self._others_caught_up()
        return turn

    def _others_caught_up(self) -> bool:
        """Whether those who collect for us have read, and we have folded, what there was a moment ago."""
        read_elsewhere = [source.name for source in self.site.read_from_kafka]
        with self._engine.connect() as connection:
            self._rounds.pending |= read_waiting(connection)
            return has_read_all(connection, read_elsewhere, self._clock())

    def catch_up(self, progress: Progress, stop: threading.Event) -> None:
        """Read everything that waits, folding now and then so that what is recorded stays small. Where only the configuration is another,
        nobody waits for what a new source may hold."""
        most = 1
        while not stop.is_set():
            turn = self.turn()
            if turn.caught_up or self._begun:
                return
            most = max(most, turn.pending)
            progress.report("reading the streams", most - turn.pending, most)
            if time.monotonic() - self._folded > _FOLD_SECONDS:
                self.fold()

    def fold(self) -> None:
        began = time.monotonic()
        folded = self.evaluation.fold()
        self.series.count_facts({"new": folded.new, "late": folded.late, "forgotten": folded.forgotten})
        self.series.observe_fold(time.monotonic() - began)
        self._folded = time.monotonic()
        self._move()

    def _move(self) -> None:
        """Something was got done."""
        self.front.move()
        self.series.progressed(system_clock())

    def tick(self, progress: Progress | None = None) -> Snapshot:
        """Import what changed, fold, answer every target and publish."""
        self.fold()
        began, now = time.monotonic(), self._clock()

        def report(what: str, done: float, total: float) -> None:
            self._move()
            if progress is not None:
                progress.report(what, done, total)

        self.evaluation.import_files(now, report, files=self._collecting)
        snapshot = self.evaluation.publish(now, caught_up=self._caught_up, progress=report)
        self.series.observe_evaluation(time.monotonic() - began)
        self.series.published(now)
        self.series.set_unmatched(self.evaluation.count_unmatched())
        self.series.set_import_problems(len(self.evaluation.described.problems))
        self._told(snapshot)
        self._survey()
        self.front.snapshot, self.front.trouble = snapshot, ""
        self._move()
        self._collect_garbage()
        return snapshot

    def _collect_garbage(self) -> None:
        """Every statement leaves a cycle behind. Python by itself comes to them when a hundred thousand objects have gathered: after an
        hour, and in the middle of something. The whole of memory takes longer: now and then."""
        self._ticks += 1
        gc.collect(1 if self._ticks % WHOLE_EVERY else 2)

    def follow(self, stop: threading.Event, append_due: Callable[[int], object]) -> None:
        """Until `stop`, or until the site is to be another: take what comes in, answer what is asked, publish every so often. What is away
        is waited for; LedgerError where the lock went with the connection to the database, and what is remembered may be outdated."""
        every = self.site.settings.evaluate_every.seconds(0)
        due = time.monotonic() + every
        soon = due if self._collecting else time.monotonic() + _SOON_SECONDS
        while not stop.is_set() and self._is_wanted():
            try:
                append_due(self._clock())
                turn, asked = self.turn(), self.errands.answer_waiting()
                began = time.monotonic()
                # Sooner where others have brought something: at most a fifth of the time is spent on that.
                if asked or turn.tripped or began >= due or (began >= soon and is_waiting(self._engine)):
                    self.tick()
                    took = time.monotonic() - began
                    due = time.monotonic() + every
                    soon = due if self._collecting else time.monotonic() + max(_SOON_SECONDS, 4 * took)
                stop.wait(_IDLE_SECONDS if turn.caught_up else 0)
            except LedgerError as error:
                if self._lock is None:
                    raise
                self.front.trouble = f"the database is away ({name_reason(error)})"
                _LOG.warning("%s; trying again", self.front.trouble)
                self._rounds.restart()
                stop.wait(_AWAY_SECONDS)

    def _is_wanted(self) -> bool:
        """Whether the configuration still says what it said when this began, or nothing that may run."""
        if self._disk is None:
            return True
        wanted = self._disk.look()
        self.series.set_config_refused(bool(self._disk.refused))
        return wanted is self.site

    def _survey(self) -> None:
        """What the page shows of the sources."""
        settings, records = self.site.settings, self._record.survey(self._clock())
        show_sources(self.series, settings, records)
        self.front.unmatched = self.evaluation.unmatched
        self.front.show_sources(records, failing=self._rounds.failing, pending=self._rounds.pending)
