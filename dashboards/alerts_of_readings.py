"""Alerts for the lead: what the verdicts on targets say. Each compares series with series; how sick intakes mute them is left to
Alertmanager's configuration (docs/alerts.md)."""

from dashboards.promql import A_READING, A_TARGET, either, once, select, with_labels
from dashboards.recordings import LAST_MISSED, MISSED, SETTLED, verdict
from dashboards.rule import Alert
from dashboards.telling import ADVICE, BOUNDS, OWNER, PEOPLE, TARGET, TITLE, VALUE, WANTED, WHERE, WHOM
from metrics import catalogue

_SAME = f"on ({', '.join(A_READING)})"
_OF_A_CLASS = select(catalogue.TARGET_INFO, 'period!="message"')
_OF_A_MESSAGE = select(catalogue.TARGET_INFO, 'period="message"')
_OF_ANY = catalogue.TARGET_INFO.name
_DASHBOARD = (
    "/d/earshot-indicator?var-target={{ $labels.target | urlquery }}&var-channel={{ $labels.channel | urlquery }}"
    "&var-segment={{ $labels.segment | urlquery }}"
)
_STANDS = f"{TITLE}: {VALUE} ({BOUNDS}) for {WHOM}, {WHERE}; wanted: {WANTED}. Counted: {PEOPLE}."

# A day ago the same message was already missed: it has been told. The last thing known of that day counts, so that a gap in what was
# scraped does not tell it again.
_TOLD = f"""\
last_over_time({MISSED}[1d] offset 1d) == 1
and {_SAME}
{SETTLED} == {_SAME} last_over_time({SETTLED}[1d] offset 1d)"""

_MISSED_MESSAGE = f"""\
{with_labels(f"{MISSED} == 1", _OF_A_MESSAGE, A_TARGET, "severity", "target_owner")}
unless {_SAME}
({_TOLD})"""

_MISSED = either(
    with_labels(f"{MISSED} == 1", _OF_A_CLASS, A_TARGET, "severity", "target_owner"),
    _MISSED_MESSAGE,
)


def _owned(expression: str, info: str = _OF_ANY) -> str:
    return with_labels(expression, info, A_TARGET, "target_owner")


_AWARENESS = select(MISSED, 'indicator=~".*awareness"', 'segment!="all"')
_NO_LONGER = f"""\
{LAST_MISSED} == 1
and {_SAME}
({verdict("undetermined")} == 1 or {verdict("suppressed")} == 1)"""

ALERTS = (
    Alert(
        "EarshotTargetMissed",
        "lead",
        _MISSED,
        "A target is missed.",
        f"{_STANDS} The whole range of what is possible lies on the wrong side. {OWNER} {ADVICE}",
        _DASHBOARD,
        lingers="30m",
    ),
    Alert(
        "EarshotTargetAtRisk",
        "lead",
        _owned(f"{once(catalogue.AT_RISK.name)} == 1 unless {_SAME} {MISSED} == 1"),
        "Messages still open will probably miss their target.",
        f"{TITLE}: by how earlier messages went on from the same age, those still open will probably miss {TARGET} for {WHOM}, {WHERE}. "
        f"So far: {VALUE} ({BOUNDS}). There is still time. {OWNER} {ADVICE}",
        _DASHBOARD,
        "info",
        lingers="30m",
    ),
    Alert(
        "EarshotIndicatorFalling",
        "lead",
        _owned(f"{once(catalogue.FALLING.name)} == 1"),
        "The latest messages are worse than their own history makes likely.",
        f"{TITLE}: the latest messages are worse than their own history, at equal age, makes likely for {WHOM}, {WHERE}. "
        f"Now: {VALUE} ({BOUNDS}). The target may still be met. {OWNER} {ADVICE}",
        _DASHBOARD,
        "info",
        lingers="30m",
    ),
    Alert(
        "EarshotGoalUnknown",
        "lead",
        _owned(f"{_AWARENESS} == 1"),
        "A goal is not known where it should be.",
        f"{TITLE}: {VALUE} ({BOUNDS}) know it, {WHOM}, {WHERE}; wanted: {WANTED}. Counted: {PEOPLE}. {OWNER} {ADVICE}",
        _DASHBOARD,
        "info",
        lingers="30m",
    ),
    Alert(
        "EarshotNoLongerJudged",
        "lead",
        _owned(_NO_LONGER, _OF_A_CLASS),
        "A target was missed, and now nobody can tell: it is not resolved.",
        f"{TITLE}: missed when it was last judged; now not resolved: cannot be told for {WHOM}, {WHERE} (too little is seen, or so few "
        f"people that it is hidden). {OWNER} Look at what can be seen, before you take it for good news.",
        _DASHBOARD,
        "info",
        lingers="30m",
    ),
)
