"""The published snapshot as series: a collector that renders it afresh at each scrape.

It never waits, keeps no state between scrapes and sets no timestamps. Which samples a snapshot becomes stands in `metrics.samples`;
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

from metrics import catalogue, samples
from metrics.catalogue import Series
from metrics.samples import Labels, Plan, Samples
from metrics.snapshot import Snapshot

_LOG = logging.getLogger(__name__)

# What a reading of the wrong shape raises while a family is made: that family is left out, the others are served.
_MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)

_Item = TypeVar("_Item")


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
    a_message = indicators * samples.OF_A_MESSAGE_READING + 2
    return readings * samples.OF_A_READING + targets * 2 + messages * a_message + len(catalogue.DROPPED_KINDS) + 2


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
        readings = self._alone(snapshot.readings, samples.reading_labels, dropped)
        targets = self._alone(snapshot.targets, lambda target: (target.target,), dropped)
        whole = self._made(samples.of_targets(targets)) + self._made(samples.of_snapshot(snapshot))
        families = whole + self._made(samples.of_readings(readings))
        details = self._message_families(snapshot, dropped)
        room = self._limit - self._others() - len(catalogue.DROPPED_KINDS)
        if _size(families) + _size(details) > room:
            dropped["messages"], details = _size(details), []
        if _size(families) > room:
            kept = whole + self._made(samples.of_readings([one for one in readings if one.segment == catalogue.ALL]))
            dropped["segments"], families = _size(families) - _size(kept), kept
        yield from families
        yield from details
        yield from self._made([(catalogue.DROPPED, [((what,), count) for what, count in dropped.items()])])

    def _message_families(self, snapshot: Snapshot, dropped: Counter[str]) -> list[Metric]:
        readings = self._alone(snapshot.message_readings, samples.message_labels, dropped)
        messages = self._alone(snapshot.messages, lambda message: (message.message,), dropped)
        return self._made([*samples.of_message_readings(readings), *samples.of_messages(messages)])

    def _alone(self, items: Sequence[_Item], labels: Callable[[_Item], Labels], dropped: Counter[str]) -> list[_Item]:
        """Those whose labels nobody else claims: of two that contradict each other nobody can tell which is right."""
        claims = Counter(labels(item) for item in items)
        for claimed, count in claims.items():
            if count > 1:
                dropped["clashes"] += count
                self._complain(f"{count} readings or descriptions claim the labels {claimed}: none of them is exported")
        return [item for item in items if claims[labels(item)] == 1]

    def _made(self, plans: Iterable[Plan]) -> list[Metric]:
        """The families that have samples; one that cannot be made is left out and complained about."""
        made = []
        for series, given in plans:
            try:
                family = _family(series, given)
            except _MALFORMED as error:
                self._complain(f"{series.name} is left out: {type(error).__name__}: {error}")
                continue
            if family.samples:
                made.append(family)
        return made


def _family(series: Series, given: Samples) -> Metric:
    family = GaugeMetricFamily(series.name, series.help, labels=series.labels)
    for labels, value in given:
        # Unknown and hidden are absent; one NaN would poison every average over its window.
        if value is not None and math.isfinite(value):
            family.add_metric(labels, value)
    return family


def _size(families: Iterable[Metric]) -> int:
    return sum(len(family.samples) for family in families)
