"""What was published of periods that are over, kept as it was: never computed again, whatever is learnt, mended or forgotten later.
Which readings go in is left to `evaluation`, what a target makes of them to `aims`."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from config.baseline import BaselinePeriod
from config.schema import Target
from config.windows import baseline_periods
from metrics.classes import in_scope, period_end, period_start, seconds
from metrics.clock import Clocks
from metrics.ledger.database import Connection
from metrics.ledger.frozen import load_readings, save_readings
from metrics.messages import Message
from metrics.reading import Reading
from metrics.readings import Ask, readings_of_period
from metrics.snapshot import PublishedReading

_KIND = "period"


@dataclass(frozen=True)
class Past:
    """A period that has become past, with a target's readings of it, to be kept for good."""

    target: Target
    period: str
    start: date
    readings: Sequence[Reading]


class History:
    """Readings of past periods by the definition of their target: a new name, owner or value of a target keeps its past."""

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks
        self._readings: dict[tuple[str, str], dict[date, dict[str, PublishedReading]]] = {}

    def start(self, connection: Connection) -> None:
        """Take up what an earlier process kept."""
        for unit, readings in load_readings(connection, _KIND).items():
            _, period, start, defined = unit.split(" ")
            self._add(defined, period, date.fromisoformat(start), readings)

    def keep(
        self, connection: Connection, target: Target, period: str, start: date, readings: Sequence[PublishedReading]
    ) -> None:
        """Keep the readings of a period; what was kept of it before stands."""
        if save_readings(connection, f"{_KIND} {period} {start} {definition(target)}", readings):
            self.take(target, period, start, readings)

    def take(self, target: Target, period: str, start: date, readings: Sequence[PublishedReading]) -> None:
        """Go by them, kept or not."""
        self._add(definition(target), period, start, readings)

    def _add(self, defined: str, period: str, start: date, readings: Iterable[PublishedReading]) -> None:
        kept = self._readings.setdefault((defined, period), {})
        kept[start] = {reading.segment: reading for reading in readings}

    def has(self, target: Target, period: str, start: date) -> bool:
        return start in self._readings.get((definition(target), period), {})

    def last(self, target: Target, segment: str, period: BaselinePeriod, past: int) -> PublishedReading | None:
        """The reading of the last period kept of those that were over at a moment (seconds); None where there is none of the
        segment."""
        kept = self._readings.get((definition(target), period), {})
        over = [start for start in kept if self._clocks.local_midnight(period_end(period, start)) <= past]
        return kept[max(over)].get(segment) if over else None


def definition(target: Target) -> str:
    """A short digest of all that a target's values depend on, in any period."""
    parts = (
        target.indicator,
        str(target.window or ""),
        sorted(target.scope.model_dump().items()),
        target.by,
        target.assume,
        target.period == "message",
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def periods_kept(target: Target) -> tuple[str, ...]:
    """The kinds of calendar periods of which a target's readings are kept: its own, and those it goes by."""
    own = () if target.period == "message" or target.period.startswith("rolling ") else (target.period,)
    return tuple(sorted({*own, *baseline_periods(target)}))


def find_past(
    ask: Ask, period: str, history: History, forgotten: Collection[Message], *, now: int, clocks: Clocks
) -> Iterator[Past]:
    """Every period that is over at `now` (seconds), has settled and was not kept yet, with its readings by which nothing was
    lost. One with a message whose sets are `forgotten` is no whole one and is left out for good."""

    def start_of(moment: int) -> date:
        return period_start(period, clocks.local_date(moment))

    units = [unit for units in ask.units.values() for unit in units]
    incomplete = {
        start_of(seconds(message.sent_at))
        for message in forgotten
        if message.sent_at is not None and in_scope(message, ask.target.scope)
    }
    incomplete |= {start_of(unit.sent_at) for unit in units if unit.settles > now}
    for start in sorted({start_of(unit.sent_at) for unit in units} - incomplete):
        over = clocks.local_midnight(period_end(period, start)) <= now
        if over and not history.has(ask.target, period, start):
            readings = readings_of_period(ask, period, start, now=now, clocks=clocks)
            yield Past(ask.target, period, start, [reading for reading in readings if not reading.gap])
