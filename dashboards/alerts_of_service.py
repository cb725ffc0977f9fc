"""Alerts for those who run the service: whether what comes in is whole, and whether the work is done. A sick intake makes every indicator
look low, so most of these mute the lead's (docs/alerts.md)."""

from dashboards.promql import A_SOURCE, once, select, with_labels
from dashboards.recordings import DEAD, EVENTS, GAPS
from dashboards.rule import Alert
from metrics import catalogue

_AGE = "{{ $value | humanizeDuration }}"
_BOARD = "/d/earshot-service"
# Of what comes in, this much may fail to be understood; a burn rate of 1 uses just that. Paused is a source of which 10 % fail, so
# faster burning than ten times cannot last.
_ALLOWED = 0.01
_FEWEST = 10  # dead letters within the long window: three bad lines in a quiet night wake nobody


def _of_source(expression: str) -> str:
    return with_labels(expression, catalogue.SOURCE_INFO.name, A_SOURCE, "channel")


def _burning(rate: int, long: str, short: str) -> str:
    parts = [
        f"{DEAD}{window} > {rate * _ALLOWED:.2f} * ({DEAD}{window} + on ({', '.join(A_SOURCE)}) {EVENTS}{window})"
        for window in (long, short)
    ]
    dead = f"sum without (instance, pod, reason) (increase({catalogue.DEAD_LETTERS.name}[{long}])) >= {_FEWEST}"
    same = f"\nand on ({', '.join(A_SOURCE)})\n"
    return same.join(f"({part})" for part in (*parts, dead))


def _age(name: str) -> str:
    return f"time() - {once(name)}"


_NAME = "{{ $labels.source }} ({{ $labels.channel }})"
_DEAD = f"Records of source {_NAME} cannot be understood: "
_DEAD_MORE = (
    " They are kept as dead letters and are missing from every reading until they are replayed. Has the sender's format changed?"
    " Mend the decoder or its options, then: ./earshot replay {{ $labels.source }}"
)
_PAUSED = once(catalogue.SOURCE_PAUSED.name)
_DROPPED = once(select(catalogue.DROPPED, 'what=~"segments|clashes"'))
_STAMP = catalogue.SNAPSHOT_AT.name

ALERTS = (
    Alert(
        "EarshotIntakeGap",
        "operations",
        _of_source(f"{GAPS} > min_over_time({GAPS}[1d])"),
        "Part of a stream was gone before it was read.",
        f"Source {_NAME} lost a stretch of its stream within the last day: it was deleted, or retention "
        "ran out, before it was read. What overlaps it is not called missed. If the records still exist elsewhere, put them back: "
        "reading "
        "anything twice does no harm.",
        _BOARD,
        "warning",
        waits="2m",
    ),
    Alert(
        "EarshotSourceSilent",
        "operations",
        _of_source(f"time() - {once(catalogue.SILENT_AT.name)} > 0"),
        "A source has been silent for longer than the configuration allows.",
        f"Nothing has come in from source {_NAME} for longer than its silent_after, nights and holidays "
        "left out where that is in working time. Indicators that need it look low and are no news about people.",
        _BOARD,
        "warning",
    ),
    Alert(
        "EarshotSourceDown",
        "operations",
        _of_source(f"{once(catalogue.SOURCE_UP.name)} == 0"),
        "A source cannot be read.",
        f"The last looks at source {_NAME} failed; the page and the log say why. What waits there is read "
        "when it can be reached again, if its retention lasts.",
        _BOARD,
        "warning",
    ),
    Alert(
        "EarshotSourcePaused",
        "operations",
        _of_source(f"{_PAUSED} == 1"),
        "A source is paused because too much of it could not be understood.",
        f"Source {_NAME} is paused until somebody lets it go on. Mend what sends it or how it is decoded, "
        "then: ./earshot resume {{ $labels.source }}",
        _BOARD,
        "critical",
        waits="2m",
    ),
    Alert(
        "EarshotDeadLettersHigh",
        "operations",
        _of_source(_burning(6, "1h", "5m")),
        "Many records cannot be understood.",
        f"{_DEAD}more than 6 % over the last hour and the last five minutes.{_DEAD_MORE}",
        _BOARD,
        "critical",
        waits="2m",
    ),
    Alert(
        "EarshotDeadLettersHigh",
        "operations",
        _of_source(_burning(3, "6h", "30m")),
        "Many records cannot be understood.",
        f"{_DEAD}more than 3 % over the last six hours and the last half hour.{_DEAD_MORE}",
        _BOARD,
        "warning",
    ),
    Alert(
        "EarshotLagHigh",
        "operations",
        _of_source(
            f"{_age(catalogue.CAUGHT_UP.name)} > 1800\n"
            f"unless on ({', '.join(A_SOURCE)}) ({_PAUSED} == 1 or {once(catalogue.SOURCE_UP.name)} == 0)\n"
            f"or {once(catalogue.LAG_SECONDS.name, 'topic', 'partition')} > 1800"
        ),
        "A source has not been read to its end for half an hour.",
        f"More comes in from source {_NAME} than is read: it was last read to its end "
        f"{_AGE} ago. Readings are late. Is a backlog being read, or is there too little of machine or database?",
        _BOARD,
        "warning",
    ),
    Alert(
        "EarshotWorkerStalled",
        "operations",
        f"{_age(catalogue.PROGRESS.name)} > 300\nor {once(catalogue.STALLED.name)} > 300",
        "The worker gets nothing done.",
        f"The service answers, but nothing has moved for {_AGE}: it hangs, or the database is away. See its log; "
        "a restart is safe, since it goes on where it stopped.",
        _BOARD,
        "critical",
        waits="2m",
    ),
    Alert(
        "EarshotDatabaseAway",
        "operations",
        f"min without (instance, pod) ({catalogue.DATABASE_UP.name}) == 0",
        "A worker cannot reach the database.",
        "A worker's last transaction failed: what comes in is not recorded, and waits in Kafka for as long as its retention lasts. Is the "
        "database up, reachable, and its disk not full? Nothing has to be done here when it is back.",
        _BOARD,
        "critical",
        waits="5m",
    ),
    Alert(
        "EarshotSnapshotStale",
        "operations",
        f"{_age(_STAMP)} > on (job) (600 + 3 * {once(catalogue.EVALUATION_INTERVAL.name)})",
        "Readings have not been computed for too long.",
        f"The published readings are {_AGE} old. Verdicts and dashboards show an older state of things.",
        _BOARD,
        "critical",
        waits="5m",
    ),
    Alert(
        "EarshotEvaluatorAbsent",
        "operations",
        # Gone since less than a day: the job is still known. Else nothing is known at all, not even that.
        f"(max by (job) (last_over_time({_STAMP}[1d])) unless on (job) max by (job) ({_STAMP}))\n"
        f"or\nabsent(last_over_time({_STAMP}[1d]))",
        "Nobody publishes readings.",
        "No replica of Earshot serves readings: none runs, none is scraped, or none has published yet. No target is being watched.",
        _BOARD,
        "critical",
    ),
    Alert(
        "EarshotConfigurationRefused",
        "operations",
        f"{once(catalogue.CONFIG_REFUSED.name)} == 1 or {once(catalogue.IMPORT_PROBLEMS.name)} > 0",
        "A configuration, catalogue or directory file was changed and is refused.",
        "A file was changed and cannot be used as it is; what was read before it stands. ./earshot check names every problem and how to "
        "mend it. A refused configuration would keep the service from starting again.",
        _BOARD,
        "warning",
        waits="5m",
    ),
    Alert(
        "EarshotSeriesDropped",
        "operations",
        f"{_DROPPED} > 0",
        "Readings are left out of /metrics.",
        "Readings ({{ $labels.what }}) are left out of what is scraped: too many series for page.series_limit, or two readings that "
        "claim "
        "the same labels. No alert can fire for them; the log says which.",
        _BOARD,
        "warning",
    ),
)
