"""Service: is the service sound? For those who run it: what comes in, what is not understood, how far behind, how fast."""

from dashboards.board import Board
from dashboards.panels import Panel, Query, Row
from dashboards.promql import select
from dashboards.questions import JOB, age, read
from dashboards.shapes import figure, lines, text
from dashboards.tables import table
from metrics import catalogue
from metrics.catalogue import Series

_WINDOW = "$__rate_interval"
_HOW = """\
**Is the service sound?** What comes in, what is not understood, how far it is behind, whether work goes on. The alerts are described
in docs/alerts.md. Whether the figures can be believed is a question of its own: see *trust*."""


def _rate(series: Series, *kept: str) -> str:
    """Replicas share the work, so here they add up."""
    return f"sum by ({', '.join(('job', *kept))}) (rate({select(series, JOB)}[{_WINDOW}]))"


def _quantile(share: float, series: Series) -> str:
    buckets = f"sum by (job, le) (rate({select(f'{series.name}_bucket', JOB)}[{_WINDOW}]))"
    return f"histogram_quantile({share}, {buckets})"


def _durations(title: str, description: str, series: Series) -> Panel:
    queries = (Query(_quantile(0.5, series), "half of them"), Query(_quantile(0.95, series), "95 of 100"))
    return lines(title, f"{description} From the histogram {series.name}.", queries, unit="s")


_STATE = Row(
    "State",
    (
        text(_HOW, height=3),
        figure(
            "Readings computed",
            "How long ago readings were last computed and published.",
            age(catalogue.SNAPSHOT_AT),
            unit="s",
        ),
        figure("Last progress", "How long ago the worker last got anything done.", age(catalogue.PROGRESS), unit="s"),
        figure(
            "Series left out",
            "Series or readings left out of /metrics for its limit, or for clashing labels.",
            read(catalogue.DROPPED),
            legend="{{what}}",
        ),
        figure(
            "Files refused",
            "Problems for which files of the catalogue or the directory were refused.",
            read(catalogue.IMPORT_PROBLEMS),
        ),
        figure(
            "Configuration refused",
            "1 where the configuration on disk was changed and is refused, or takes a restart.",
            read(catalogue.CONFIG_REFUSED),
        ),
        figure(
            "Versions",
            "The version of each running service.",
            read(catalogue.BUILD_INFO),
            legend="{{version}}",
            told="name",
        ),
        table(
            "Sources",
            "Whether each source can be read (1), whether it is paused (1), its gaps, how long ago it was read to its end and its "
            "newest event happened, and "
            "when it counts as silent (below zero: it does).",
            {
                "readable": (read(catalogue.SOURCE_UP), "short"),
                "paused": (read(catalogue.SOURCE_PAUSED), "short"),
                "gaps": (read(catalogue.GAPS), "short"),
                "read to its end": (age(catalogue.CAUGHT_UP), "s"),
                "newest event": (age(catalogue.LAST_EVENT), "s"),
                "silent in": (f"{read(catalogue.SILENT_AT)} - time()", "s"),
            },
            renamed={"source": "source"},
            height=8,
        ),
    ),
)
_FLOW = Row(
    "What comes in",
    (
        lines(
            "Events",
            "Events understood, a second, by source and by what became of them.",
            (Query(_rate(catalogue.EVENTS, "source", "outcome"), "{{source}} {{outcome}}"),),
            unit="cps",
        ),
        lines(
            "Dead letters",
            "Records that could not be understood, a second, by source and reason.",
            (Query(_rate(catalogue.DEAD_LETTERS, "source", "reason"), "{{source}} {{reason}}"),),
            unit="cps",
        ),
        lines(
            "Facts",
            "Facts a second: new, late (they change no reading) and of people who were erased.",
            (Query(_rate(catalogue.FACTS, "outcome"), "{{outcome}}"),),
            unit="cps",
        ),
        lines(
            "Unknown keys",
            "Unknown keys ignored in records otherwise understood, a second: a rise means a changed format.",
            (Query(_rate(catalogue.IGNORED_KEYS, "source"), "{{source}}"),),
            unit="cps",
        ),
    ),
)
_WORK = Row(
    "How fast",
    (
        _durations("Evaluation", "How long computing and publishing all readings takes.", catalogue.EVALUATION),
        _durations("Folding", "How long folding new facts into the sets takes.", catalogue.FOLD),
    ),
    collapsed=True,
)
_KAFKA = Row(
    "Workers of Kafka",
    (
        lines(
            "Lag",
            "Records of each partition that wait to be read.",
            (Query(read(catalogue.LAG), "{{source}} {{topic}} {{partition}}"),),
        ),
        lines(
            "Lag in time",
            "How old the last record read is, while others of its partition wait.",
            (Query(read(catalogue.LAG_SECONDS), "{{source}} {{topic}} {{partition}}"),),
            unit="s",
        ),
        lines(
            "Batches",
            "Batches recorded a second, each one transaction.",
            (Query(_rate(catalogue.BATCHES, "source"), "{{source}}"),),
            unit="cps",
        ),
        _durations("Recording a batch", "How long recording a batch in the database takes.", catalogue.INSERT),
        lines(
            "Stalls, rebalances, renewed clients",
            "How often partitions stood still, changed hands, or their client was replaced, a second.",
            (
                Query(_rate(catalogue.STALLS, "source"), "{{source}} stalls"),
                Query(_rate(catalogue.REBALANCES, "source"), "{{source}} rebalances"),
                Query(_rate(catalogue.RENEWALS, "source"), "{{source}} renewed"),
            ),
            unit="cps",
        ),
        lines(
            "Standing still",
            "How long a partition has stood still although records wait.",
            (Query(read(catalogue.STALLED), "{{source}}"),),
            unit="s",
        ),
        lines(
            "Database",
            "1 where the worker's last transaction worked.",
            (Query(f"min by (job) ({select(catalogue.DATABASE_UP, JOB)})", "database"),),
            highest=1.0,
        ),
    ),
    collapsed=True,
)

BOARD = Board(
    "earshot-service",
    "Earshot: service",
    "Is the service sound? For those who run it.",
    (_STATE, _FLOW, _WORK, _KAFKA),
    span="now-24h",
)
