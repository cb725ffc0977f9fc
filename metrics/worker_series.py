"""What a worker counts of its own work with Kafka and the database. What it counts of its sources is `metrics.service_series`."""

from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from metrics import catalogue

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class WorkerSeries:
    """Callable from any thread. `sources`: those that are read from Kafka."""

    def __init__(self, registry: CollectorRegistry, sources: Sequence[str]) -> None:
        def gauge(series: catalogue.Series) -> Gauge:
            return Gauge(series.name, series.help, series.labels, registry=registry)

        def counter(series: catalogue.Series) -> Counter:
            return Counter(series.name, series.help, series.labels, registry=registry)

        self._lag, self._lag_seconds = gauge(catalogue.LAG), gauge(catalogue.LAG_SECONDS)
        self._stalled, self._database = gauge(catalogue.STALLED), gauge(catalogue.DATABASE_UP)
        self._batches, self._rebalances = counter(catalogue.BATCHES), counter(catalogue.REBALANCES)
        self._stalls, self._renewals = counter(catalogue.STALLS), counter(catalogue.RENEWALS)
        self._insert = Histogram(catalogue.INSERT.name, catalogue.INSERT.help, registry=registry, buckets=_BUCKETS)
        self._seen: dict[str, tuple[int, int, int]] = dict.fromkeys(sources, (0, 0, 0))
        self._partitions: set[tuple[str, str, str]] = set()
        for source in sources:
            self._stalled.labels(source).set(0)
            for family in (self._batches, self._rebalances, self._stalls, self._renewals):
                family.labels(source)

    def recorded(self, source: str, seconds: float) -> None:
        """A batch is in the database."""
        self._batches.labels(source).inc()
        self._insert.observe(seconds)
        self._database.set(1)

    def set_database(self, up: bool) -> None:
        self._database.set(up)

    def set_lags(self, source: str, lags: Mapping[tuple[str, int], tuple[int, float | None]]) -> None:
        """Records that wait, and how old the last one read is (None where nobody knows), by topic and partition. Partitions that are not
        named any more are read by somebody else."""
        standing = set()
        for (topic, partition), (records, seconds) in lags.items():
            labels = (source, topic, str(partition))
            standing.add(labels)
            self._lag.labels(*labels).set(records)
            if seconds is not None:
                self._lag_seconds.labels(*labels).set(seconds)
        for gone in {labels for labels in self._partitions if labels[0] == source} - standing:
            self._lag.remove(*gone)
            self._lag_seconds.remove(*gone)
        self._partitions = {labels for labels in self._partitions if labels[0] != source} | standing

    def set_stalled(self, source: str, seconds: float) -> None:
        self._stalled.labels(source).set(seconds)

    def count(self, source: str, *, rebalances: int, stalls: int, renewals: int) -> None:
        """How many there were so far, all told."""
        before = self._seen[source]
        self._seen[source] = (rebalances, stalls, renewals)
        families = (self._rebalances, self._stalls, self._renewals)
        for family, old, new in zip(families, before, self._seen[source], strict=True):
            family.labels(source).inc(max(0, new - old))
