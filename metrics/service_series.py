"""What the service counts of its own work: events, dead letters, sources, times. Readings are left to `metrics.export`."""

from collections.abc import Iterable, Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from collectors.events import Collected, Events
from metrics import catalogue
from metrics.catalogue import Series

# A `_created` series beside each counter would give away moments, and doubles them.
disable_created_metrics()  # type: ignore[no-untyped-call]

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)


class ServiceSeries:
    """Counters stand at 0 for every label set known at the start; gauges are absent until somebody knows their value.

    Times are whole microseconds since 1970 UTC, durations seconds. Callable from any thread, for one source from one at
    a time. A source that was not named at the start raises KeyError.
    """

    def __init__(
        self, registry: CollectorRegistry, *, sources: Sequence[str], reasons: Sequence[str], version: str, digest: str
    ) -> None:
        self._registry = registry
        self._families: list[Counter | Gauge | Histogram] = []
        self._newest = dict.fromkeys(sources, 0)
        self._events = self._counter(catalogue.EVENTS)
        self._dead = self._counter(catalogue.DEAD_LETTERS)
        self._ignored = self._counter(catalogue.IGNORED_KEYS)
        self._facts = self._counter(catalogue.FACTS)
        self._unmatched = self._gauge(catalogue.UNMATCHED)
        self._last_event = self._gauge(catalogue.LAST_EVENT)
        self._up = self._gauge(catalogue.SOURCE_UP)
        self._paused = self._gauge(catalogue.SOURCE_PAUSED)
        self._gaps = self._gauge(catalogue.GAPS)
        self._lateness = self._gauge(catalogue.LATENESS)
        self._source_info = self._gauge(catalogue.SOURCE_INFO)
        self._indicators = self._gauge(catalogue.INDICATOR_INFO)
        self._links = self._gauge(catalogue.LINKS_INFO)
        self._silent_at = self._gauge(catalogue.SILENT_AT)
        self._caught_up = self._gauge(catalogue.CAUGHT_UP)
        self._problems = self._gauge(catalogue.IMPORT_PROBLEMS)
        self._refused = self._gauge(catalogue.CONFIG_REFUSED)
        self._fold = self._histogram(catalogue.FOLD)
        self._evaluation = self._histogram(catalogue.EVALUATION)
        # The client serves a gauge without labels as 0, which may mean 1970, from the moment it is registered: so only when it is known.
        self._known: dict[str, Gauge] = {}
        self._gauge(catalogue.BUILD_INFO).labels(version).set(1)
        self._config = self._gauge(catalogue.CONFIG_INFO)
        self.set_digest(digest)
        for outcome in catalogue.FACT_OUTCOMES:
            self._facts.labels(outcome)
        for source in sources:
            self._begin(source, reasons)

    def _begin(self, source: str, reasons: Sequence[str]) -> None:
        for outcome in catalogue.OUTCOMES:
            self._events.labels(source, outcome)
        for reason in reasons:
            self._dead.labels(source, reason)
        self._ignored.labels(source)
        self._paused.labels(source).set(0)
        self._gaps.labels(source).set(0)

    def record_collected(self, collected: Collected, outcomes: Mapping[str, int]) -> None:
        """One hand-over that is safe in the database. `outcomes`: how many events came to what (`catalogue.OUTCOMES`),
        each counted once; what was skipped is added from `collected` itself. ValueError for an unlisted outcome."""
        _refuse_unlisted(outcomes, catalogue.OUTCOMES)
        for outcome, count in outcomes.items():
            self._events.labels(collected.source, outcome).inc(count)
        self._events.labels(collected.source, "skipped").inc(sum(collected.skipped.values()))
        for letter in collected.dead:
            self._dead.labels(collected.source, letter.reason).inc()
        self._ignored.labels(collected.source).inc(collected.drift)
        self.saw_event(collected.source, Events.of(collected.events).newest())

    def saw_event(self, source: str, at: int) -> None:
        """The newest event so far happened `at`; an older one changes nothing. 0: none."""
        if at > self._newest[source]:
            self._newest[source] = at
            self._last_event.labels(source).set(at / 1_000_000)

    def set_up(self, source: str, up: bool) -> None:
        self._up.labels(source).set(up)

    def set_paused(self, source: str, paused: bool) -> None:
        self._paused.labels(source).set(paused)

    def set_gaps(self, source: str, count: int) -> None:
        self._gaps.labels(source).set(count)

    def set_lateness(self, source: str, *, declared: int, measured: int | None) -> None:
        """In seconds; `measured` is absent while nobody knows."""
        for which, seconds in zip(catalogue.LATENESS_KINDS, (declared, measured), strict=True):
            if seconds is not None:
                self._lateness.labels(source, which).set(seconds)

    def set_unmatched(self, counts: Mapping[str, int]) -> None:
        """By kind (`catalogue.UNMATCHED_KINDS`). ValueError for an unlisted kind."""
        _refuse_unlisted(counts, catalogue.UNMATCHED_KINDS)
        for kind, count in counts.items():
            self._unmatched.labels(kind).set(count)

    def count_facts(self, outcomes: Mapping[str, int]) -> None:
        """By what became of them (`catalogue.FACT_OUTCOMES`). ValueError for an unlisted outcome."""
        _refuse_unlisted(outcomes, catalogue.FACT_OUTCOMES)
        for outcome, count in outcomes.items():
            self._facts.labels(outcome).inc(count)

    def observe_fold(self, seconds: float) -> None:
        self._fold.observe(seconds)

    def observe_evaluation(self, seconds: float) -> None:
        self._evaluation.observe(seconds)

    def published(self, at: int) -> None:
        """A snapshot was computed and published."""
        self._know(catalogue.SNAPSHOT_AT, at / 1_000_000)

    def progressed(self, at: int) -> None:
        """Something was got done."""
        self._know(catalogue.PROGRESS, at / 1_000_000)

    def describe(self, *, minimum_people: int, interval_seconds: int) -> None:
        """What of the configuration one has to know to read the rest."""
        self._know(catalogue.MINIMUM_PEOPLE, minimum_people)
        self._know(catalogue.EVALUATION_INTERVAL, interval_seconds)

    def link(self, *, grafana: str, runbooks: str) -> None:
        """Where alerts link to."""
        self._links.labels(grafana, runbooks).set(1)

    def define(self, indicator: str, *, question: str, formula: str) -> None:
        self._indicators.labels(indicator, question, formula).set(1)

    def describe_source(self, source: str, *, channel: str, decoder: str) -> None:
        self._source_info.labels(source, channel, decoder).set(1)

    def set_silent_at(self, source: str, at: int) -> None:
        self._silent_at.labels(source).set(at / 1_000_000)

    def caught_up(self, source: str, at: int) -> None:
        self._caught_up.labels(source).set(at / 1_000_000)

    def set_import_problems(self, count: int) -> None:
        self._problems.set(count)

    def set_digest(self, digest: str) -> None:
        """The configuration that runs."""
        self._config.clear()
        self._config.labels(digest).set(1)

    def set_config_refused(self, refused: bool) -> None:
        self._refused.set(refused)

    def count_series(self) -> int:
        """How many series these are now."""
        return sum(len(made.samples) for family in self._families for made in family.collect())

    def _know(self, series: Series, value: float) -> None:
        gauge = self._known.get(series.name)
        if gauge is None:
            gauge = self._known[series.name] = self._gauge(series)
        gauge.set(value)

    def _counter(self, series: Series) -> Counter:
        family = Counter(series.name, series.help, series.labels, registry=self._registry)
        self._families.append(family)
        return family

    def _gauge(self, series: Series) -> Gauge:
        family = Gauge(series.name, series.help, series.labels, registry=self._registry)
        self._families.append(family)
        return family

    def _histogram(self, series: Series) -> Histogram:
        family = Histogram(series.name, series.help, series.labels, registry=self._registry, buckets=_BUCKETS)
        self._families.append(family)
        return family


def _refuse_unlisted(given: Iterable[str], listed: Sequence[str]) -> None:
    unlisted = set(given) - set(listed)
    if unlisted:
        raise ValueError(f"not in the catalogue: {', '.join(sorted(unlisted))}")
