"""What the intake hands over, recorded and counted: the ledger's writer with the service's own series beside it, and what is known of
each source besides its facts."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from collectors.events import Collected, Events
from metrics.ledger import source_state
from metrics.ledger.database import Connection, Engine
from metrics.ledger.delays import measure_delays
from metrics.ledger.intervals import count_read, read_gaps
from metrics.ledger.last_events import note_last_events, read_last_events
from metrics.ledger.letters import count_letters
from metrics.ledger.writer import Writer
from metrics.service_series import ServiceSeries


@dataclass(frozen=True)
class SourceRecord:
    """One source, as the ledger knows it. `events`: recorded by this process; `records`: of a source that others read, how many they have
    read, None where that is us. `gaps`: what was lost to us. `last_event_at`: microseconds since 1970 UTC; `paused`: why, or "";
    `measured_seconds`: how late its events come, None while too few are known."""

    last_event_at: int | None
    events: int
    records: int | None
    dead_letters: int
    gaps: int
    paused: str
    measured_seconds: int | None


class IntakeRecord:
    """`sources`: all that are configured, by name; `elsewhere`: those of them that others read. Not for several threads."""

    def __init__(
        self,
        engine: Engine,
        writer: Writer,
        series: ServiceSeries,
        sources: Sequence[str],
        elsewhere: Collection[str] = (),
    ) -> None:
        self._engine = engine
        self._writer = writer
        self._series = series
        self._sources = sources
        self._elsewhere = elsewhere
        self._events: Counter[str] = Counter()
        self._last: dict[str, int] = {}

    def start(self) -> None:
        """Take up what earlier processes knew."""
        with self._engine.connect() as connection:
            self._ask_others(connection)

    def _ask_others(self, connection: Connection) -> dict[str, int]:
        """When the last event of each source was, as far as the database knows."""
        known = read_last_events(connection)
        for source in self._sources:
            self._hear(source, known.get(source, 0))
        return known

    def take(self, collected: Collected) -> None:
        """Record a batch entirely, or raise and record nothing."""
        recorded = self._writer.record(collected)
        outcomes = {
            "recorded": recorded.events - recorded.anonymous,
            "anonymous": recorded.anonymous,
            "published": recorded.published,
        }
        self._series.record_collected(collected, outcomes)
        self._series.count_facts({"forgotten": recorded.forgotten, "late": recorded.late})
        self._events[collected.source] += recorded.events
        self._hear(collected.source, Events.of(collected.events).newest())

    def _hear(self, source: str, at: int) -> None:
        if at > self._last.get(source, 0):
            self._last[source] = at
            self._series.saw_event(source, at)

    def pause(self, source: str, reason: str, at: int) -> None:
        """Note that a source is paused until somebody resumes it."""
        with self._engine.begin() as connection:
            source_state.pause(connection, source, reason, at)

    def paused(self) -> dict[str, str]:
        """The paused sources and why."""
        with self._engine.connect() as connection:
            return {source: paused.reason for source, paused in source_state.list_paused(connection).items()}

    def survey(self, now: int) -> dict[str, SourceRecord]:
        """What is known of every source at `now` (microseconds), by name; remembered for the next process, and shown in the series."""
        with self._engine.begin() as connection:
            known = self._ask_others(connection)
            newer = {source: at for source, at in self._last.items() if at > known.get(source, 0)}
            note_last_events(connection, newer)
            gaps = Counter(found.source for found in read_gaps(connection) if found.gap.is_loss)
            paused = source_state.list_paused(connection)
            measured = measure_delays(connection, now // 1_000_000)
            records = {source: count_read(connection, source) for source in self._elsewhere}
            letters: Counter[str] = Counter()
            for (source, _), count in count_letters(connection).items():
                letters[source] += count
        for source in self._sources:
            self._series.set_gaps(source, gaps[source])
            self._series.set_paused(source, source in paused)
        return {
            source: SourceRecord(
                last_event_at=self._last.get(source),
                events=self._events[source],
                records=records.get(source),
                dead_letters=letters[source],
                gaps=gaps[source],
                paused=paused[source].reason if source in paused else "",
                measured_seconds=measured.get(source),
            )
            for source in self._sources
        }
