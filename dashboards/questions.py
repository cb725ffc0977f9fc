"""Questions to Prometheus that panels share: readings counted once and held to the variables of the dashboard, the verdict as a number
that
stands for a word. Drawing them is left to `panels`."""

from dashboards.promql import A_READING, A_TARGET, once, one_each, select
from metrics import catalogue
from metrics.catalogue import Series
from metrics.snapshot import Reason, Unit, Verdict
from metrics.wording import MEANINGS, Word

JOB = 'job=~"$job"'
# The variables of a dashboard that narrow down readings.
OF_TARGET = 'target=~"$target"'
OF_INDICATOR = 'indicator=~"$indicator"'
OF_CHANNEL = 'channel=~"$channel"'
OF_SEGMENT = 'segment=~"$segment"'
WHOLE = f'segment="{catalogue.ALL}"'
PARTS = f'segment!="{catalogue.ALL}"'

# Which word a verdict and its reason make, as the page has it; the numbers are the places of the words, worst first.
NUMBER: dict[Word, int] = {word: place for place, word in enumerate(MEANINGS, start=1)}
_BY_REASON: dict[Reason, Word] = {"no_data": "no data", "not_applicable": "does not apply", "no_target": "watched"}
_BY_VERDICT: dict[Verdict, Word] = {
    "missed": "missed",
    "undetermined": "cannot be told",
    "immature": "not yet",
    "suppressed": "hidden",
    "met": "met",
}


def read(series: Series, *matchers: str) -> str:
    """A series of readings, each once."""
    return once(select(series, JOB, *matchers))


def verdict(word: Verdict, *matchers: str) -> str:
    return once(select(catalogue.VERDICT, JOB, f'verdict="{word}"', *matchers), "verdict")


def _reason(word: Reason, *matchers: str) -> str:
    return once(select(catalogue.REASON, JOB, f'reason="{word}"', *matchers), "reason")


def word_number(*matchers: str) -> str:
    """For each reading the number of its word."""
    undetermined = f"and on ({', '.join(A_READING)}) {verdict('undetermined', *matchers)} == 1"
    parts = [
        f"({_reason(reason, *matchers)} == 1 {undetermined}) * {NUMBER[word]}" for reason, word in _BY_REASON.items()
    ]
    parts += [f"({verdict(found, *matchers)} == 1) * {NUMBER[word]}" for found, word in _BY_VERDICT.items()]
    return "\nor ".join(parts)


def standing(*matchers: str) -> str:
    """For each target the number of its word: that of its reading for everybody, or of its worst part where it has parts alone."""
    whole, parts = (f"min by ({', '.join(A_TARGET)}) ({word_number(*matchers, which)})" for which in (WHOLE, PARTS))
    return f"{whole}\nor {parts}"


# What an alert of the lead's is about, the most pressing first: the page that says what helps is called like the alert.
RUNBOOKS = ("EarshotTargetMissed", "EarshotTargetAtRisk", "EarshotIndicatorFalling")


def runbook(*matchers: str) -> str:
    """Readings with the address of the page that says what to do about them, in a label `runbook`."""
    holds = (verdict("missed", *matchers), read(catalogue.AT_RISK, *matchers), read(catalogue.FALLING, *matchers))
    named = (
        f'label_replace({expression} == 1, "runbook", "{name}.md", "", "")'
        for name, expression in zip(RUNBOOKS, holds, strict=True)
    )
    chosen = f"\nor on ({', '.join(A_READING)}) ".join(named)
    links = one_each(select(catalogue.LINKS_INFO, JOB), ("job",), "runbooks")
    return f'label_join(({chosen})\n* on (job) group_left (runbooks) {links}, "runbook", "/", "runbooks", "runbook")'


def gap(unit: Unit, *matchers: str) -> str:
    """How far beyond its target a reading is: positive is good, whichever way is good."""
    value, target = catalogue.VALUE[unit], catalogue.TARGET_VALUE[unit]
    over = f"{read(value, *matchers)} - {read(target, *matchers)}"
    parts = []
    for direction, sign in {"at_least": "", "at_most": "-1 * "}.items():
        such = read(catalogue.TARGET_INFO, f'direction="{direction}"')
        parts.append(f"{sign}({over}) and on ({', '.join(A_TARGET)}) {such}")
    return "\nor ".join(parts)


def of_unit(expression: str, unit: Unit, *matchers: str) -> str:
    """Of all readings those that are measured so; one that has neither value nor target counts as a share."""
    times = f"({read(catalogue.VALUE['seconds'], *matchers)} or {read(catalogue.TARGET_VALUE['seconds'], *matchers)})"
    return f"({expression})\n{'and' if unit == 'seconds' else 'unless'} on ({', '.join(A_READING)}) {times}"


def how_many(expression: str) -> str:
    """How many series are 1; 0 where there is none."""
    return f"count({expression} == 1) or vector(0)"


def titled(expression: str) -> str:
    """With the target's title and owner, for tables."""
    info = one_each(select(catalogue.TARGET_INFO, JOB), A_TARGET, "title", "target_owner")
    return f"({expression})\n* on ({', '.join(A_TARGET)}) group_left (title, target_owner) {info}"


def age(series: Series, *matchers: str) -> str:
    return f"time() - {read(series, *matchers)}"
