"""The published snapshot as series: a collector that renders it afresh at each scrape.

It never waits, keeps no state between scrapes and sets no timestamps. Names and helps stand in `metrics.catalogue`;
what the service counts of its own work is left to `metrics.service_series`.
"""

import logging
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from metrics import catalogue
from metrics.catalogue import Series
from metrics.snapshot import REASONS, VERDICTS, MessageInfo, PublishedReading, Snapshot, TargetInfo, Unit

_LOG = logging.getLogger(__name__)

# What a reading of the wrong shape raises while a family is made: that family is left out, the others are served.
_MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

_Labels = tuple[str, ...]
_Samples = Iterable[tuple[_Labels, float | None]]
_Item = TypeVar("_Item")

_READING_VALUES: tuple[tuple[dict[Unit, Series], Callable[[PublishedReading], float | None]], ...] = (
    (catalogue.VALUE, lambda reading: reading.value),
    (catalogue.TARGET_VALUE, lambda reading: reading.target_value),
    (catalogue.LOWER, lambda reading: reading.lower),
    (catalogue.UPPER, lambda reading: reading.upper),
    (catalogue.RAW, lambda reading: reading.raw),
)
_READING_COUNTS: tuple[tuple[Series, Callable[[PublishedReading], float | None]], ...] = (
    (catalogue.NUMERATOR, lambda reading: reading.numerator),
    (catalogue.DENOMINATOR, lambda reading: reading.denominator),
    (catalogue.COARSE, lambda reading: None if reading.numerator is None else float(reading.coarse != "")),
    (catalogue.MATURITY, lambda reading: reading.maturity),
    (catalogue.AT_RISK, lambda reading: reading.at_risk),
    (catalogue.FALLING, lambda reading: reading.falling),
)
_MESSAGE_VALUES: tuple[tuple[dict[Unit, Series], Callable[[PublishedReading], float | None]], ...] = (
    (catalogue.MESSAGE_VALUE, lambda reading: reading.value),
    (catalogue.MESSAGE_LOWER, lambda reading: reading.lower),
    (catalogue.MESSAGE_UPPER, lambda reading: reading.upper),
)


@lru_cache(maxsize=1000)
def log_once(sentence: str) -> None:
    """A scrape comes every few seconds and finds the same thing wrong: said once is enough."""
    _LOG.error("%s", sentence)


def new_registry() -> CollectorRegistry:
    """A registry that also finds the snapshot's families when a scrape asks for some by name, though it is told no names."""
    return CollectorRegistry(support_collectors_without_names=True)


def most_series(*, readings: int, targets: int, messages: int, indicators: int) -> int:
    """The most series a snapshot can come to: `readings` of all targets, whole and by segment; `messages` shown, each
    under `indicators` indicators. The service's own are not in it."""
    a_reading = len(_READING_VALUES) + len(_READING_COUNTS) + len(VERDICTS) + len(REASONS)
    a_message = indicators * len(_MESSAGE_VALUES) + 1
    return readings * a_reading + targets + messages * a_message + len(catalogue.DROPPED_KINDS) + 2


class SnapshotCollector(Collector):
    """Serves what `current` gives; nothing at all where it gives None (a standby, or no snapshot yet).

    `limit`: the most series to serve, of which `others()` are somebody else's. `complain` is told, at every scrape, what
    had to be left out because it makes no sense.
    """

    def __init__(
        self,
        current: Callable[[], Snapshot | None],
        *,
        limit: int,
        others: Callable[[], int] = lambda: 0,
        complain: Callable[[str], None] = log_once,
    ) -> None:
        self._current = current
        self._limit = limit
        self._others = others
        self._complain = complain

    def describe(self) -> Iterable[Metric]:
        """Nothing: a registry that is told no names does not collect while registering."""
        return []

    def collect(self) -> Iterator[Metric]:
        snapshot = self._current()
        if snapshot is None:
            return
        dropped = Counter(dict.fromkeys(catalogue.DROPPED_KINDS, 0))
        readings = self._alone(snapshot.readings, _reading_labels, dropped)
        targets = self._alone(snapshot.targets, lambda target: (target.target,), dropped)
        families = self._made([_target_info(targets), *_of_readings(readings), *_of_snapshot(snapshot)])
        details = self._message_families(snapshot, dropped)
        room = self._limit - self._others() - len(catalogue.DROPPED_KINDS)
        if _size(families) + _size(details) > room:
            dropped["messages"], details = _size(details), []
        if _size(families) > room:
            whole = [reading for reading in readings if reading.segment == catalogue.ALL]
            kept = self._made([_target_info(targets), *_of_readings(whole), *_of_snapshot(snapshot)])
            dropped["segments"], families = _size(families) - _size(kept), kept
        yield from families
        yield from details
        yield from self._made([(catalogue.DROPPED, [((what,), count) for what, count in dropped.items()])])

    def _message_families(self, snapshot: Snapshot, dropped: Counter[str]) -> list[Metric]:
        readings = self._alone(snapshot.message_readings, _message_labels, dropped)
        messages = self._alone(snapshot.messages, lambda message: (message.message,), dropped)
        return self._made([*_of_messages(readings), _message_info(messages)])

    def _alone(self, items: Sequence[_Item], labels: Callable[[_Item], _Labels], dropped: Counter[str]) -> list[_Item]:
        """Those whose labels nobody else claims: of two that contradict each other nobody can tell which is right."""
        claims = Counter(labels(item) for item in items)
        for claimed, count in claims.items():
            if count > 1:
                dropped["clashes"] += count
                self._complain(f"{count} readings or descriptions claim the labels {claimed}: none of them is exported")
        return [item for item in items if claims[labels(item)] == 1]

    def _made(self, plans: Iterable[tuple[Series, _Samples]]) -> list[Metric]:
        """The families that have samples; one that cannot be made is left out and complained about."""
        made = []
        for series, samples in plans:
            try:
                family = _family(series, samples)
            except _MALFORMED as error:
                self._complain(f"{series.name} is left out: {type(error).__name__}: {error}")
                continue
            if family.samples:
                made.append(family)
        return made


def _family(series: Series, samples: _Samples) -> Metric:
    family = GaugeMetricFamily(series.name, series.help, labels=series.labels)
    for labels, value in samples:
        # Unknown and hidden are absent; one NaN would poison every average over its window.
        if value is not None and math.isfinite(value):
            family.add_metric(labels, value)
    return family


def _size(families: Iterable[Metric]) -> int:
    return sum(len(family.samples) for family in families)


def _reading_labels(reading: PublishedReading) -> _Labels:
    return reading.target, reading.indicator, reading.channel, reading.segment


def _message_labels(reading: PublishedReading) -> _Labels:
    return reading.message or "", reading.indicator, reading.channel


def _of_readings(readings: Sequence[PublishedReading]) -> Iterator[tuple[Series, _Samples]]:
    for pair, value in _READING_VALUES:
        yield from _by_unit(pair, readings, _reading_labels, value)
    for series, count in _READING_COUNTS:
        yield series, _each(readings, _reading_labels, count)
    yield (
        catalogue.VERDICT,
        (((*_reading_labels(one), verdict), float(one.verdict == verdict)) for one in readings for verdict in VERDICTS),
    )
    yield (
        catalogue.REASON,
        (((*_reading_labels(one), reason), float(one.reason == reason)) for one in readings for reason in REASONS),
    )


def _of_messages(readings: Sequence[PublishedReading]) -> Iterator[tuple[Series, _Samples]]:
    for pair, value in _MESSAGE_VALUES:
        yield from _by_unit(pair, readings, _message_labels, value)


def _by_unit(
    pair: dict[Unit, Series],
    readings: Sequence[PublishedReading],
    labels: Callable[[PublishedReading], _Labels],
    value: Callable[[PublishedReading], float | None],
) -> Iterator[tuple[Series, _Samples]]:
    for unit, series in pair.items():
        yield series, _each([reading for reading in readings if reading.unit == unit], labels, value)


def _each(
    readings: Sequence[PublishedReading],
    labels: Callable[[PublishedReading], _Labels],
    value: Callable[[PublishedReading], float | None],
) -> _Samples:
    # Lazily, so that a value of the wrong shape fails inside its own family.
    return ((labels(reading), value(reading)) for reading in readings)


def _of_snapshot(snapshot: Snapshot) -> Iterator[tuple[Series, _Samples]]:
    yield catalogue.AS_OF, [((), snapshot.as_of / 1_000_000)]
    hidden = sum(reading.verdict == "suppressed" for reading in snapshot.readings)
    share = hidden / len(snapshot.readings) if snapshot.readings else None
    yield catalogue.SUPPRESSED, [((), share)]


def _target_info(targets: Sequence[TargetInfo]) -> tuple[Series, _Samples]:
    return catalogue.TARGET_INFO, (
        (
            (
                one.target,
                one.indicator,
                one.title,
                one.target_owner,
                one.severity,
                one.direction,
                one.judge,
                one.period,
            ),
            1.0,
        )
        for one in targets
    )


def _message_info(messages: Sequence[MessageInfo]) -> tuple[Series, _Samples]:
    return catalogue.MESSAGE_INFO, (
        ((one.message, one.channel, one.title, one.topic, one.target_owner), 1.0) for one in messages
    )
