"""What collects on a site beside others: topics of Kafka into the database, by as many of these as are needed. Evaluating and serving
readings is left to `roles.py` (docs/decisions/0006-files-that-join.md)."""

import logging
import random
import threading
import time
from wsgiref.types import WSGIApplication

from collectors import build
from collectors.events import Collected, Interval
from collectors.kafka import KafkaSource
from collectors.kafka_letters import LetterTopic
from collectors.kafka_watch import Watch
from collectors.rounds import Rounds, Turn
from collectors.source import Position
from dashboards.page.probes import Probes, make_probe_app
from metrics.export import new_registry
from metrics.intake_record import IntakeRecord
from metrics.ledger.database import Engine
from metrics.ledger.door import LedgerError, open_ledger
from metrics.ledger.intervals import read_intervals
from metrics.ledger.writer import Writer
from metrics.service_series import ServiceSeries
from metrics.worker_series import WorkerSeries
from roles import VERSION, Clock, system_clock
from sites import Site

_LOG = logging.getLogger("earshot")
_SURVEY_SECONDS = 5.0
_STUCK_SECONDS = 120.0
_IDLE_SECONDS = 0.05
_FAILING_SECONDS = 1.0
_LONGEST_DELAY = 10.0


class Worker:
    """Reads the site's topics until told to stop. Keeps no state but what stands in the database: it may be killed at any moment.

    What is away is waited for: the brokers while connected to nothing, the database while reading is held and polling goes on.
    """

    def __init__(self, site: Site, clock: Clock = system_clock) -> None:
        self.site = site
        self._clock = clock
        self._settings = [source for source in site.settings.sources if source.origin.from_kafka]
        names = [source.name for source in self._settings]
        self._registry = new_registry()
        self._counts = ServiceSeries(self._registry, sources=names, reasons=(), version=VERSION, digest=site.digest)
        self._series = WorkerSeries(self._registry, names)
        self._letters = LetterTopic(site.settings.kafka)
        self._engine: Engine | None = None
        self._record: IntakeRecord
        self._rounds: Rounds
        self._sources: list[KafkaSource] = []
        self._watch: Watch | None = None
        self._trouble = "nothing was read yet"
        self._paused: set[str] = set()
        self._beat = time.monotonic()
        self._surveyed = float("-inf")

    def follow(self, stop: threading.Event) -> None:
        """Until `stop`, and then until what is in hand is recorded. WrongKey where the database was begun with another one."""
        delay = 1.0
        while not stop.is_set():
            try:
                if self._engine is None:
                    self._open()
                turn = self._turn()
                delay = 1.0
                if not turn.records:
                    failing = len(self._rounds.failing) == len(self._settings)
                    stop.wait(_FAILING_SECONDS if failing else _IDLE_SECONDS)
            except LedgerError as error:
                self._database_is_away(error, delay, stop)
                delay = min(_LONGEST_DELAY, delay * 2)

    def close(self) -> None:
        """Leave the groups and tell the broker how far we got."""
        if self._watch is not None:
            self._watch.stop()
        if self._engine is not None:
            self._rounds.close()
            self._engine.dispose()
        self._letters.close()

    def _open(self) -> None:
        site = self.site
        site.folder.mkdir(parents=True, exist_ok=True)
        engine = open_ledger(site.url, site.secrets)
        writer = Writer(
            engine,
            tombstone=site.secrets.tombstone,
            seal=site.secrets.seal,
            now=system_clock,
            people=site.settings.mode == "people",
        )
        self._record = IntakeRecord(engine, writer, self._counts, [source.name for source in self._settings])
        self._record.start()
        needs = build.Needs(site.pseudonym, self._take, self._clock, kafka=site.settings.kafka)
        self._paused = set(self._record.paused())
        intakes = []
        for settings in self._settings:
            source = KafkaSource(settings.name, needs.kafka, settings.origin, now=self._clock)
            self._sources.append(source)
            intakes.append(build.make_intake(settings, needs, source, paused=settings.name in self._paused))
        self._rounds = Rounds(intakes, self._read_so_far)
        self._engine = engine
        self._watch = Watch(self._sources, site.settings.kafka, self._clock, self._report)
        self._watch.start()

    def _take(self, collected: Collected) -> None:
        began = time.monotonic()
        self._record.take(collected)
        self._series.recorded(collected.source, time.monotonic() - began)
        self._letters.tell(collected.source, collected.dead)

    def _read_so_far(self, source: str) -> dict[Position, list[Interval]]:
        assert self._engine is not None
        with self._engine.connect() as connection:
            return read_intervals(connection, source)

    def _turn(self) -> Turn:
        turn = self._rounds.turn()
        for name, why in turn.tripped.items():
            self._record.pause(name, why, self._clock())
            self._paused.add(name)
            _LOG.error("source %s is paused: %s. Mend it, then: ./earshot resume %s", name, why, name)
        self._beat = time.monotonic()
        if self._beat - self._surveyed > _SURVEY_SECONDS:
            self._survey()
            self._surveyed = time.monotonic()
        failing = "; ".join(f"source {name}: {why}" for name, why in sorted(self._rounds.failing.items()))
        paused = f"paused: {', '.join(sorted(self._paused))}" if self._paused else ""
        self._trouble = failing or paused
        return turn

    def _survey(self) -> None:
        """What the other processes have done: sources that were paused or resumed, gaps that were found."""
        self._record.survey(self._clock())
        paused = set(self._record.paused()) & {source.name for source in self._settings}
        for name in paused - self._paused:
            self._rounds.pause(name)
        for name in self._paused - paused:
            self._rounds.resume(name)
        self._paused = paused
        for source in self._settings:
            self._counts.set_up(source.name, source.name not in self._rounds.failing)
        self._series.set_database(True)

    def _database_is_away(self, error: LedgerError, delay: float, stop: threading.Event) -> None:
        """Nothing is read, and the brokers are polled all the same: they would take us for dead."""
        self._trouble = f"the database is away ({type(error).__name__})"
        _LOG.warning("%s; trying again", self._trouble)
        self._series.set_database(False)
        late = time.monotonic() + random.uniform(delay / 2, delay)
        while not stop.is_set() and time.monotonic() < late:
            if self._engine is not None:
                self._rounds.hold()
            self._beat = time.monotonic()
            stop.wait(0.25)
        if self._engine is not None:
            # Another database may answer, in an older state: everything begins at the first hole that it has.
            self._rounds.restart()

    def _report(self) -> None:
        assert self._watch is not None
        for watch in self._watch.watches:
            source = watch.source
            self._series.set_lags(source.name, watch.lags)
            self._series.set_stalled(source.name, watch.stalled)
            counts = {"rebalances": source.rebalances, "renewals": source.renewals}
            self._series.count(source.name, stalls=watch.stalls, **counts)

    def ready(self) -> str:
        """ "" where it reads what it should, else why not."""
        return self._trouble

    def healthy(self) -> str:
        """ "" where work goes on, else why not."""
        silent = time.monotonic() - self._beat
        if silent > _STUCK_SECONDS:
            return f"nothing has moved for {silent:.0f} seconds"
        return self._watch.failed() if self._watch is not None else ""

    def app(self) -> WSGIApplication:
        """The series and the probes."""
        return make_probe_app(Probes(self.ready, self.healthy, self._registry))
