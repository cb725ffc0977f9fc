"""Every exported series: name, kind, unit, labels, help and which way is good. Spelled here and nowhere else.

Rendering readings is left to `metrics.export`, counting the service's own work to `metrics.service_series`.
"""

from dataclasses import dataclass
from typing import Literal

from metrics.snapshot import Unit

Kind = Literal["gauge", "counter", "histogram"]
Good = Literal["up", "down", "as the target says", "neither"]


@dataclass(frozen=True)
class Series:
    """One family. `unit`: what a value counts or measures; empty for yes-or-no and information series (always 0 or 1).
    `good`: the direction in which a change is good news."""

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    good: Good
    help: str


READING = ("target", "indicator", "channel", "segment")
MESSAGE = ("message", "indicator", "channel")
ALL = "all"  # the value of `channel` and `segment` where a reading is not split

_UNIT_WORDS: dict[Unit, str] = {"ratio": "as a ratio from 0 to 1", "seconds": "in seconds"}
# One is compared with what was sent, and no share; it is asked of no single message, and has no target over 1.
_OVER_ONE: dict[Unit, str] = {"ratio": " (of `two_way`, which is no share, also above 1)", "seconds": ""}


def _in_both_units(stem: str, labels: tuple[str, ...], text: str) -> dict[Unit, Series]:
    """Two units carry every indicator, so that one set of dashboards and rules serves all."""
    return {
        unit: Series(
            f"{stem}_{unit}", "gauge", unit, labels, "as the target says", text.format(unit=words, more=_OVER_ONE[unit])
        )
        for unit, words in _UNIT_WORDS.items()
    }


# A table to be read by people: a row each, its help below it.
# fmt: off
VALUE = _in_both_units("earshot_indicator", READING,
    "Value of a reading, {unit}{more}: the estimate from those about whom something is known; absent where unknown or hidden, "
    "never to be summed or averaged.")
TARGET_VALUE = _in_both_units("earshot_indicator_target", READING,
    "What the reading should be, {unit}, from the configuration.")
LOWER = _in_both_units("earshot_indicator_lower", READING,
    "Lower end of the range in which the true reading lies, {unit}{more}; chance between messages counts too where a process is "
    "judged.")
UPPER = _in_both_units("earshot_indicator_upper", READING,
    "Upper end of the range in which the true reading lies, {unit}{more}; absent for a time that may never be reached.")
RAW = _in_both_units("earshot_indicator_raw", READING,
    "The reading as a naive count would give it, {unit}, with what machines did counted as if people had done it.")
NUMERATOR = Series("earshot_indicator_numerator", "gauge", "people", READING, "as the target says",
    "People for whom the reading holds, as published (see the coarse series): the upper part of its fraction. Of some indicators "
    "deliveries, feedback items, messages, facts or readings, as the manual says.")
DENOMINATOR = Series("earshot_indicator_denominator", "gauge", "people", READING, "neither",
    "People whom the reading is about, as published: the lower part of its fraction. Of some indicators deliveries, feedback items, "
    "messages, facts or readings, as the manual says.")
COARSE = Series("earshot_indicator_coarse", "gauge", "", READING, "neither",
    "1 where the numerator is published as 'at most' or 'at least', so that no single person shows, else 0.")
MATURITY = Series("earshot_indicator_maturity_ratio", "gauge", "ratio", READING, "up",
    "Share of the reading's messages whose window has closed, each by its people, as a ratio from 0 to 1; only these are judged. The "
    "indicator `maturity` is a target's own question, each message counted once.")
VERDICT = Series("earshot_indicator_verdict", "gauge", "", (*READING, "verdict"), "neither",
    "The verdict on a target: five series a reading, one for each verdict, exactly one of them 1. No data is never met.")
REASON = Series("earshot_indicator_reason", "gauge", "", (*READING, "reason"), "neither",
    "Why a reading is neither met nor missed: one series for each reason, 1 where it holds, else 0.")
AT_RISK = Series("earshot_indicator_at_risk", "gauge", "", READING, "down",
    "1 where messages still open will probably miss the target, by how earlier ones grew, else 0; absent where too few of them are "
    "known. Information, no verdict.")
FALLING = Series("earshot_indicator_falling", "gauge", "", READING, "down",
    "1 where the latest messages are worse than their own history makes likely, else 0; absent where it is too short. Information, no "
    "verdict.")
SETTLED = Series("earshot_indicator_settled_timestamp_seconds", "gauge", "unix seconds", READING, "neither",
    "When the message that a target per message shows was ready to be judged: its window closed and late events in; absent where several "
    "messages are judged together.")
READING_INFO = Series("earshot_reading_info", "gauge", "", (*READING, "counted", "message"), "neither",
    "Always 1: what the denominator of a reading counts, and of which message it is, empty where several are judged together; absent "
    "where the denominator is.")
EVIDENCE = Series("earshot_indicator_evidence_ratio", "gauge", "ratio", (*READING, "evidence"), "neither",
    "What the reading rests on, as shares of its denominator from 0 to 1: people (human), a privacy proxy that may hide one (proxy), "
    "scanners alone (scanner), and those whom no source could see (unseen). The rest did nothing that was seen.")
TARGET_INFO = Series("earshot_target_info", "gauge", "",
    ("target", "indicator", "title", "target_owner", "severity", "direction", "judge", "period"), "neither",
    "Always 1: what a target is called, the role or team that owns it, how and over which period it is judged.")
TARGET_ADVICE = Series("earshot_target_advice_info", "gauge", "", ("target", "what_to_do"), "neither",
    "Always 1: what the owner of a target does when it is missed, as the configuration says.")
MESSAGE_VALUE = _in_both_units("earshot_message", MESSAGE,
    "Value of an indicator for one of the latest messages, {unit}, whole audience.")
MESSAGE_LOWER = _in_both_units("earshot_message_lower", MESSAGE,
    "Lower end of the range of an indicator for one of the latest messages, {unit}, whole audience.")
MESSAGE_UPPER = _in_both_units("earshot_message_upper", MESSAGE,
    "Upper end of the range of an indicator for one of the latest messages, {unit}, whole audience.")
MESSAGE_INFO = Series("earshot_message_info", "gauge", "",
    ("message", "channel", "title", "topic", "target_owner"), "neither",
    "Always 1: title (empty where titles are switched off), topic and owning role of one of the latest messages.")
MESSAGE_MATURITY = Series("earshot_message_maturity_ratio", "gauge", "ratio", MESSAGE, "up",
    "1 where the indicator's window for one of the latest messages has closed, else 0: only those at 1 are of the same age.")
MESSAGE_SENT = Series("earshot_message_sent_timestamp_seconds", "gauge", "unix seconds", ("message", "channel"), "neither",
    "When one of the latest messages was sent.")
DROPPED = Series("earshot_series_dropped", "gauge", "series or readings", ("what",), "down",
    "Left out of this answer: series of messages, then of segments, where the limit would be passed; readings that claim "
    "the same labels (clashes).")
SUPPRESSED = Series("earshot_suppressed_ratio", "gauge", "ratio", (), "down",
    "Share of the published readings that are hidden because too few people stand behind them, as a ratio from 0 to 1: the indicator "
    "`suppressed` of everything, whether or not a target asks for it.")
AS_OF = Series("earshot_snapshot_as_of_timestamp_seconds", "gauge", "unix seconds", (), "up",
    "The moment that the published readings describe; long past where a recorded past is looked at.")

EVENTS = Series("earshot_events_total", "counter", "events", ("source", "outcome"), "neither",
    "Events understood, by what became of them: recorded, anonymous (nobody to count), published "
    "(describes a message), skipped (of no use to us). Repeats count again here, in readings never.")
DEAD_LETTERS = Series("earshot_dead_letters_total", "counter", "records", ("source", "reason"), "down",
    "Records, or elements of one, that could not be understood, by reason; kept and replayable.")
IGNORED_KEYS = Series("earshot_ignored_keys_total", "counter", "keys", ("source",), "down",
    "Unknown keys ignored in records otherwise understood; a rise means that the source has changed its format.")
FACTS = Series("earshot_facts_total", "counter", "facts", ("outcome",), "neither",
    "Facts, by what became of them: new (not known before), late (their message is closed for good: they change no "
    "reading), forgotten (of somebody who has been erased).")
UNMATCHED = Series("earshot_unmatched", "gauge", "references or people", ("what",), "down",
    "What events speak of and nothing describes, at the last evaluation; describing it later mends it.")
LAST_EVENT = Series("earshot_last_event_timestamp_seconds", "gauge", "unix seconds", ("source",), "up",
    "When the newest event of the source happened; absent until one has come in.")
SOURCE_UP = Series("earshot_source_up", "gauge", "", ("source",), "up",
    "1 where the last look at the source worked, 0 where it failed; absent before the first look.")
SOURCE_PAUSED = Series("earshot_source_paused", "gauge", "", ("source",), "down",
    "1 where the source is paused because too much of it could not be understood, until it is resumed; else 0.")
GAPS = Series("earshot_gaps", "gauge", "gaps", ("source",), "down",
    "Stretches of the source that were gone before they were read; a target that they touch is not called missed.")
SOURCE_INFO = Series("earshot_source_info", "gauge", "", ("source", "channel", "decoder"), "neither",
    "Always 1: the channel that a source tells of, and how its records are read.")
SILENT_AT = Series("earshot_source_silent_at_timestamp_seconds", "gauge", "unix seconds", ("source",), "up",
    "From when on the source counts as silent: its newest event and the silence that the configuration allows, on the clock of working "
    "hours where that is in working time; absent until an event has come in.")
CAUGHT_UP = Series("earshot_source_caught_up_timestamp_seconds", "gauge", "unix seconds", ("source",), "up",
    "When the source was last read to its end; absent until it has been.")
LATENESS = Series("earshot_source_lateness_seconds", "gauge", "seconds", ("source", "which"), "down",
    "How late the source's events come: as declared, and as measured (99 of 100 events of the last four weeks came within this, rounded up "
    "to powers of two minutes; absent while too few are known). Nothing is called missed before the longer of both has passed.")
FOLD = Series("earshot_fold_seconds", "histogram", "seconds", (), "down",
    "How long folding new facts into the sets took.")
EVALUATION = Series("earshot_evaluation_seconds", "histogram", "seconds", (), "down",
    "How long computing and publishing all readings took.")
SNAPSHOT_AT = Series("earshot_snapshot_timestamp_seconds", "gauge", "unix seconds", (), "up",
    "When the readings were last computed and published; absent until then.")
EVALUATION_INTERVAL = Series("earshot_evaluation_interval_seconds", "gauge", "seconds", (), "neither",
    "How often readings are to be computed, from the configuration.")
PROGRESS = Series("earshot_last_progress_timestamp_seconds", "gauge", "unix seconds", (), "up",
    "When the worker last got anything done, were it only to find that nothing waits.")
IMPORT_PROBLEMS = Series("earshot_import_problems", "gauge", "problems", (), "down",
    "Problems for which files of the catalogue or the directory were refused; what was read before them stands.")
CONFIG_REFUSED = Series("earshot_config_refused", "gauge", "", (), "down",
    "1 where the configuration on disk was changed and may not run as it is, or takes a restart; what ran before goes on. Else 0.")
MINIMUM_PEOPLE = Series("earshot_disclosure_minimum_people", "gauge", "people", (), "neither",
    "The size under which groups are hidden, from the configuration.")
LAG = Series("earshot_lag_records", "gauge", "records", ("source", "topic", "partition"), "down",
    "Records of a partition of Kafka that wait to be read; told by the worker that reads it.")
LAG_SECONDS = Series("earshot_lag_seconds", "gauge", "seconds", ("source", "topic", "partition"), "down",
    "How old the last record read is while others of its partition wait, 0 where none does; absent before the first was read.")
BATCHES = Series("earshot_batches_total", "counter", "batches", ("source",), "neither",
    "Batches recorded: each is one transaction with its facts and the offsets read.")
INSERT = Series("earshot_insert_seconds", "histogram", "seconds", (), "down",
    "How long recording a batch in the database took.")
REBALANCES = Series("earshot_rebalances_total", "counter", "rebalances", ("source",), "down",
    "How often the partitions of a source changed hands, as seen by this worker.")
STALLED = Series("earshot_stalled_seconds", "gauge", "seconds", ("source",), "down",
    "How long a partition has stood still although records wait, the longest; 0 where none does, or reading is held on purpose.")
STALLS = Series("earshot_stalls_total", "counter", "stalls", ("source",), "down",
    "How often a partition stood still for half a minute although records waited.")
RENEWALS = Series("earshot_consumers_renewed_total", "counter", "consumers", ("source",), "down",
    "How often a client of Kafka was given up for a new one, after a stall or a failure.")
DATABASE_UP = Series("earshot_database_up", "gauge", "", (), "up",
    "1 where the worker's last transaction worked, 0 while the database is away and nothing is read.")
INDICATOR_INFO = Series("earshot_indicator_info", "gauge", "", ("indicator", "question", "formula"), "neither",
    "Always 1: what an indicator that targets are about asks, and its formula, in words.")
LINKS_INFO = Series("earshot_links_info", "gauge", "", ("grafana", "runbooks"), "neither",
    "Always 1: the addresses that alerts link to, from the configuration; empty, or a path in the repository, where there is none.")
BUILD_INFO = Series("earshot_build_info", "gauge", "", ("version",), "neither",
    "Always 1: the version of the service.")
CONFIG_INFO = Series("earshot_config_info", "gauge", "", ("digest",), "neither",
    "Always 1: the digest of the configuration in force.")
# fmt: on

FROM_SNAPSHOT: tuple[Series, ...] = (
    *(series for pair in (VALUE, TARGET_VALUE, LOWER, UPPER, RAW) for series in pair.values()),
    *(NUMERATOR, DENOMINATOR, COARSE, MATURITY, VERDICT, REASON, AT_RISK, FALLING),
    *(SETTLED, READING_INFO, EVIDENCE, TARGET_INFO, TARGET_ADVICE),
    *(series for pair in (MESSAGE_VALUE, MESSAGE_LOWER, MESSAGE_UPPER) for series in pair.values()),
    *(MESSAGE_MATURITY, MESSAGE_INFO, MESSAGE_SENT, DROPPED, SUPPRESSED, AS_OF),
)
OF_THE_SERVICE: tuple[Series, ...] = (
    *(EVENTS, DEAD_LETTERS, IGNORED_KEYS, FACTS, UNMATCHED, LAST_EVENT, SOURCE_UP, SOURCE_PAUSED, GAPS, LATENESS),
    *(SOURCE_INFO, SILENT_AT, CAUGHT_UP, FOLD, EVALUATION, EVALUATION_INTERVAL, SNAPSHOT_AT, PROGRESS),
    *(IMPORT_PROBLEMS, CONFIG_REFUSED, MINIMUM_PEOPLE, INDICATOR_INFO, LINKS_INFO, BUILD_INFO, CONFIG_INFO),
)
OF_A_WORKER: tuple[Series, ...] = (
    LAG,
    LAG_SECONDS,
    BATCHES,
    INSERT,
    REBALANCES,
    STALLED,
    STALLS,
    RENEWALS,
    DATABASE_UP,
)
CATALOGUE: tuple[Series, ...] = FROM_SNAPSHOT + OF_THE_SERVICE + OF_A_WORKER

# The closed lists of label values, which the counters of the service begin with; those of verdicts and reasons stand
# in `metrics.snapshot`.
OUTCOMES = ("recorded", "anonymous", "published", "skipped")
FACT_OUTCOMES = ("new", "late", "forgotten")
UNMATCHED_KINDS = ("reference", "person", "outside_audience")
LATENESS_KINDS = ("declared", "measured")
DROPPED_KINDS = ("messages", "segments", "clashes")
EVIDENCE_KINDS = ("human", "proxy", "scanner", "unseen")
