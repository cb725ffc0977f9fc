"""What is collected on a site on its way into the database: recorded, counted, and told to the topic of dead letters. Whoever collects,
beside others or alone, has one of these (docs/decisions/0006-files-that-join.md)."""

import logging
from collections.abc import Sequence

from collectors.events import Collected, Interval
from collectors.kafka_letters import LetterTopic
from collectors.source import Position
from front import system_clock
from metrics.intake_record import IntakeRecord
from metrics.ledger.database import Engine
from metrics.ledger.intervals import read_intervals
from metrics.ledger.writer import Writer
from metrics.service_series import ServiceSeries
from sites import Site

_LOG = logging.getLogger("earshot")


class Recording:
    """`record`: what the database knows of the sources, by the names given; `elsewhere`: those that others read. Not for several threads.
    Close it: it may hold a connection."""

    def __init__(
        self, site: Site, engine: Engine, series: ServiceSeries, sources: Sequence[str], elsewhere: Sequence[str] = ()
    ) -> None:
        self.writer = Writer(
            engine,
            tombstone=site.secrets.tombstone,
            seal=site.secrets.seal,
            now=system_clock,
            mode=site.settings.mode,
        )
        self.record = IntakeRecord(engine, self.writer, series, sources, elsewhere)
        self.record.start()
        self._engine = engine
        self._letters = LetterTopic(site.settings.kafka)

    def take(self, collected: Collected) -> None:
        """Record a batch entirely, or raise and record nothing."""
        self.record.take(collected)
        self.tell(collected)

    def tell(self, collected: Collected) -> None:
        """Tell the topic of dead letters of those that are in the database now."""
        self._letters.tell(collected.source, collected.dead)

    def pause(self, source: str, why: str, at: int) -> None:
        """Too much of it could not be understood: it waits for somebody, on every process."""
        self.record.pause(source, why, at)
        _LOG.error("source %s is paused: %s. Mend it, then: ./earshot resume %s", source, why, source)

    def read_so_far(self, source: str) -> dict[Position, list[Interval]]:
        with self._engine.connect() as connection:
            return read_intervals(connection, source)

    def close(self) -> None:
        self._letters.close()
