"""What the configuration says of the service, and of each source, as series: what alerts compare with, so that they hold no number."""

from collections.abc import Mapping

from config.schema import Settings
from metrics.clock import MICROSECONDS, Clocks
from metrics.intake_record import SourceRecord
from metrics.service_series import ServiceSeries
from metrics.wording import Definition

_RUNBOOKS = "docs/runbooks"  # in the repository


def show_settings(series: ServiceSeries, settings: Settings, definitions: Mapping[str, Definition]) -> None:
    """`definitions`: of every indicator, by its id."""
    series.describe(
        minimum_people=settings.disclosure.k,
        interval_seconds=settings.evaluate_every.seconds(0),
    )
    series.link(grafana=settings.grafana.url, runbooks=settings.grafana.runbooks or _RUNBOOKS)
    for indicator in sorted({target.indicator for target in settings.targets}):
        series.define(indicator, **definitions[indicator]._asdict())
    for source in settings.sources:
        series.describe_source(source.name, channel=source.channel, decoder=source.decoder)


def show_sources(series: ServiceSeries, settings: Settings, records: Mapping[str, SourceRecord]) -> None:
    """How late each source's events come, and from when on it is silent if nothing more comes in."""
    clocks = Clocks(settings.organisation)
    for source in settings.sources:
        record = records[source.name]
        series.set_lateness(source.name, declared=source.lateness.seconds(0), measured=record.measured_seconds)
        if record.last_event_at is not None:
            silent = clocks.deadline(record.last_event_at // MICROSECONDS, source.silent_after)
            series.set_silent_at(source.name, silent * MICROSECONDS)
