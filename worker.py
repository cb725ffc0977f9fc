"""What collects on a site beside others: topics of Kafka into the database, by as many of these as are needed. Evaluating and serving
readings is left to `roles.py` (docs/decisions/0006-files-that-join.md)."""

import logging
import random
import threading
import time
from wsgiref.types import WSGIApplication

from collectors import build
from collectors.cautious import Cautious
from collectors.events import REASONS, Collected
from collectors.kafka import KafkaSource
from collectors.kafka_watch import Watch
from collectors.rounds import Rounds
from config.schema import SourceSettings
from dashboards.page.probes import Probes, make_probe_app
from front import VERSION, Clock, system_clock
from metrics.export import new_registry
from metrics.ledger.attempts import Attempts
from metrics.ledger.database import Engine
from metrics.ledger.door import LedgerError, name_reason, open_ledger
from metrics.ledger.lags import note_lags
from metrics.service_series import ServiceSeries
from metrics.worker_series import WorkerSeries
from on_disk import OnDisk
from recording import Recording
from sites import Site

_LOG = logging.getLogger("earshot")
_SURVEY_SECONDS = 5.0
_STUCK_SECONDS = 120.0
_IDLE_SECONDS = 0.02
_FAILING_SECONDS = 1.0
_LONGEST_DELAY = 10.0
_LOOK_SECONDS = 0.5


class Lane:
    """One source on its way into the database, in a thread and over a connection of its own: its client has to be polled without a break.

    What is away is waited for: the brokers while connected to nothing, the database while reading is held and polling goes on.
    `trouble`: why it does not read, or "". `refused`: what cannot be mended by waiting. `waiting`: records by topic and partition, told
    to those who evaluate.
    """

    def __init__(
        self, site: Site, settings: SourceSettings, clock: Clock, counts: ServiceSeries, series: WorkerSeries
    ) -> None:
        self.name = settings.name
        self.source = KafkaSource(settings.name, site.settings.kafka, settings.origin, now=clock)
        self.trouble = "nothing was read yet"
        self.refused: Exception | None = None
        self.beat = time.monotonic()
        self.waiting: dict[tuple[str, int], int] = {}
        self._site = site
        self._settings = settings
        self._clock = clock
        self._counts = counts
        self._series = series
        self._engine: Engine | None = None
        self._recording: Recording
        self._rounds: Rounds
        self._paused = False
        self._surveyed = float("-inf")

    def follow(self, stop: threading.Event) -> None:
        """Until `stop`, and then until what is in hand is recorded."""
        try:
            self._follow(stop)
        except Exception as error:  # noqa: BLE001 # told by whoever waits for this thread, and ends the process
            self.refused = error
            stop.set()
        finally:
            if self._engine is not None:
                self._rounds.close()
                self._recording.close()
                self._engine.dispose()

    def _follow(self, stop: threading.Event) -> None:
        delay = 1.0
        while not stop.is_set():
            try:
                if self._engine is None:
                    self._engine = self._open()
                if not self._turn():
                    stop.wait(_FAILING_SECONDS if self._rounds.failing else _IDLE_SECONDS)
                delay = 1.0
            except LedgerError as error:
                self._wait_for_database(error, delay, stop)
                delay = min(_LONGEST_DELAY, delay * 2)

    def _open(self) -> Engine:
        site = self._site
        engine = open_ledger(site.url, site.secrets, site.settings.mode)
        try:
            self._prepare(engine)
        except BaseException:
            # It may go again before anything was asked of it, and another is opened the next time.
            engine.dispose()
            raise
        return engine

    def _prepare(self, engine: Engine) -> None:
        site = self._site
        self._recording = Recording(site, engine, self._counts, [self.name])
        needs = build.Needs(site.pseudonym, self._take, self._clock, kafka=site.settings.kafka)
        self._paused = self.name in self._recording.record.paused()
        source = Cautious(self.source, Attempts(engine, self.name))
        intake = build.make_intake(self._settings, needs, source, paused=self._paused)
        self._rounds = Rounds([intake], self._recording.read_so_far)

    def _take(self, collected: Collected) -> None:
        began = time.monotonic()
        self._recording.record.take(collected)
        self._series.recorded(collected.source, time.monotonic() - began)
        self._recording.tell(collected)

    def _turn(self) -> int:
        """How many records were read."""
        before = self._recording.writer.connections
        turn = self._rounds.turn()
        if before and self._recording.writer.connections != before:
            # The database went and came back unnoticed, and may be in an older state.
            self._rounds.restart()
        for name, why in turn.tripped.items():
            self._recording.pause(name, why, self._clock())
        self.beat = time.monotonic()
        if turn.tripped or self.beat - self._surveyed > _SURVEY_SECONDS:
            self._survey()
            self._surveyed = time.monotonic()
        self.trouble = self._rounds.failing.get(self.name, "paused" if self._paused else "")
        return turn.records

    def _survey(self) -> None:
        """What the other processes have done: the source was paused or resumed, gaps were found; and what they want of us."""
        self._recording.record.survey(self._clock())
        assert self._engine is not None
        with self._engine.begin() as connection:
            note_lags(connection, self.name, self.waiting, self._clock())
        paused = self.name in self._recording.record.paused()
        if paused:
            self._rounds.pause(self.name)
        elif self._paused:
            self._rounds.resume(self.name)
        self._paused = paused
        self._counts.set_up(self.name, self.name not in self._rounds.failing)
        self._series.set_database(True)

    def _wait_for_database(self, error: LedgerError, delay: float, stop: threading.Event) -> None:
        """Nothing is read, and the brokers are polled all the same: they would take us for dead."""
        if not self.trouble.startswith("the database"):
            _LOG.warning("source %s: the database is away (%s); trying again", self.name, name_reason(error))
        self.trouble = "the database is away"
        self._series.set_database(False)
        late = time.monotonic() + random.uniform(delay / 2, delay)
        while not stop.is_set() and time.monotonic() < late:
            if self._engine is not None:
                self._rounds.hold()
            self.beat = time.monotonic()
            stop.wait(0.1)
        if self._engine is not None:
            # Another database may answer, in an older state: everything begins at the first hole that it has.
            self._rounds.restart()


def _reads(disk: OnDisk) -> tuple[object, ...]:
    """All that a worker goes by: what else the configuration says is no reason to let go of a partition."""
    return disk.site.read_from_kafka, disk.site.settings.kafka, disk.site.url, disk.secrets


class Worker:
    """Reads the site's topics until told to stop. Keeps no state but what stands in the database: it may be killed at any moment."""

    def __init__(self, disk: OnDisk, clock: Clock = system_clock) -> None:
        self._disk, self._site, self._reads = disk, disk.site, _reads(disk)
        site, settings = disk.site, disk.site.read_from_kafka
        site.folder.mkdir(parents=True, exist_ok=True)
        names = [source.name for source in settings]
        self._registry = new_registry()
        self._counts = ServiceSeries(
            self._registry, sources=names, reasons=REASONS, version=VERSION, digest=site.digest
        )
        for source in settings:
            # Alerts on a source name its channel, also while nobody evaluates.
            self._counts.describe_source(source.name, channel=source.channel, decoder=source.decoder)
        self._series = WorkerSeries(self._registry, names)
        self._lanes = [Lane(site, source, clock, self._counts, self._series) for source in settings]
        self._watch = Watch([lane.source for lane in self._lanes], site.settings.kafka, clock, self._report)

    def follow(self, stop: threading.Event) -> None:
        """Until `stop`, or until topics are to be read otherwise; and then until what is in hand is recorded. Raises what cannot be mended
        by waiting, such as WrongKey."""
        leaving = threading.Event()
        self._watch.start()
        threads = [threading.Thread(target=lane.follow, args=(leaving,), name=lane.name) for lane in self._lanes]
        for thread in threads:
            thread.start()
        while not leaving.is_set() and self._is_wanted() and not stop.wait(_LOOK_SECONDS):
            pass
        leaving.set()
        for thread in threads:
            thread.join()
        self._watch.stop()
        for lane in self._lanes:
            if lane.refused is not None:
                raise lane.refused

    def _is_wanted(self) -> bool:
        """Whether the configuration still says of topics what it said when this began."""
        wanted = self._disk.look()
        self._counts.set_config_refused(bool(self._disk.refused))
        if wanted is not self._site and _reads(self._disk) == self._reads:
            self._site = wanted
            self._counts.set_digest(wanted.digest)
        return wanted is self._site

    def _report(self) -> None:
        for lane, watch in zip(self._lanes, self._watch.watches, strict=True):
            source = watch.source
            lane.waiting = {place: records for place, (records, _) in watch.lags.items()}
            self._series.set_lags(source.name, watch.lags)
            self._series.set_stalled(source.name, watch.stalled)
            self._series.count(source.name, rebalances=source.rebalances, stalls=watch.stalls, renewals=source.renewals)

    def ready(self) -> str:
        """ "" where it reads what it should, else why not."""
        return "; ".join(f"source {lane.name}: {lane.trouble}" for lane in self._lanes if lane.trouble)

    def healthy(self) -> str:
        """ "" where work goes on, else why not."""
        now = time.monotonic()
        stuck = [lane for lane in self._lanes if now - lane.beat > _STUCK_SECONDS]
        if stuck:
            return "; ".join(f"source {lane.name} has not moved for {now - lane.beat:.0f} seconds" for lane in stuck)
        return self._watch.failed()

    def app(self) -> WSGIApplication:
        """The series and the probes."""
        return make_probe_app(Probes(self.ready, self.healthy, self._registry))
