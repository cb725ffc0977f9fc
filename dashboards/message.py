"""Message: the latest messages beside each other at the same age, and one of them from delivery to answer. Classes of messages are left to
`indicator`."""

from dataclasses import replace

from dashboards.board import Board, Variable
from dashboards.panels import UNITS, Panel, Query, Row
from dashboards.promql import once, one_each, select
from dashboards.questions import JOB
from dashboards.shapes import bars, text
from dashboards.tables import table
from metrics import catalogue
from metrics.catalogue import Series
from metrics.snapshot import Unit

_MESSAGE = Variable("message", catalogue.MESSAGE_INFO, "Messages", falling=True)
# A funnel shows one message alone; names of messages mostly begin with the day, so the last comes first.
_ONE = replace(_MESSAGE, text="From delivery to answer of", many=False, name="one")
_INDICATOR = Variable("indicator", catalogue.MESSAGE_MATURITY, "Indicator")
_CHOSEN = ('message=~"$message"', 'indicator=~"$indicator"')
_OF_THAT = 'message=~"$one"'
_OF_ONE = ("job", "message", "indicator", "channel")
# From the mailbox to the answer; each a share of the same people or of those before.
_FUNNEL = ("delivered", "opened", "reach", "read", "clicked", "acknowledged", "response", "action")
_LABELS = {"message": "message", "title": "title", "topic": "topic", "target_owner": "owner"}
_HOW = """\
**How did the last messages do?** They are compared at the same age alone: a figure counts here once its window has closed, and an empty
cell means that it has not, that nobody asks for it, or that it is hidden. Those still open stand in a table of their own, *so far*, and
are not to be compared. Titles are shown where the configuration allows it."""


def _mature(expression: str, is_so: int, *matchers: str) -> str:
    closed = once(select(catalogue.MESSAGE_MATURITY, JOB, *matchers))
    return f"({expression}) and on ({', '.join(_OF_ONE)}) {closed} {'>= 1' if is_so else '< 1'}"


def _titled(expression: str) -> str:
    info = one_each(select(catalogue.MESSAGE_INFO, JOB), ("job", "message"), "title", "topic", "target_owner")
    return f"({expression})\n* on (job, message) group_left (title, topic, target_owner) {info}"


def _of_each_message(series: Series, indicator: str) -> str:
    """The figure of an indicator, at full age, without what would keep it from standing in its message's row."""
    matchers = ('message=~"$message"', f'indicator="{indicator}"')
    figure = _mature(once(select(series, JOB, *matchers)), 1, *matchers)
    return _titled(f"max by (job, message) ({figure})")


def _side_by_side() -> Panel:
    sent = f"max by (job, message) ({once(select(catalogue.MESSAGE_SENT, JOB, _CHOSEN[0]))}) * 1000"
    columns = {"sent": (_titled(sent), "dateTimeAsIso")}
    for indicator in _FUNNEL[:-1]:
        columns[indicator] = (_of_each_message(catalogue.MESSAGE_VALUE["ratio"], indicator), UNITS["ratio"])
    return table(
        "At the same age",
        "A row a message, the last sent first; a column an indicator: its value for that message's whole audience, once its window has "
        "closed. Ranges stand below.",
        columns,
        renamed=_LABELS,
        height=14,
        sort="-sent",
    )


def _figures(unit: Unit, *, closed: int, title: str, told: str) -> Panel:
    pairs = {"value": catalogue.MESSAGE_VALUE, "lower": catalogue.MESSAGE_LOWER, "upper": catalogue.MESSAGE_UPPER}
    columns = {
        heading: (_titled(_mature(once(select(pair[unit], JOB, *_CHOSEN)), closed, *_CHOSEN)), UNITS[unit])
        for heading, pair in pairs.items()
    }
    renamed = {**_LABELS, "channel": "channel", "indicator": "indicator"}
    return table(title, told, columns, renamed=renamed, sort="-message")


def _step(indicator: str) -> Query:
    series = select(catalogue.MESSAGE_VALUE["ratio"], JOB, _OF_THAT, f'indicator="{indicator}"')
    return Query(f"max by (job) ({once(series)})", indicator, True)


_SIDE = Row("Beside each other", (text(_HOW), _side_by_side()))
_ONE_WAY = Row(
    "From delivery to answer",
    (
        bars(
            "The way of $one",
            "Shares of one message's people, from the mailbox to the answer. Each bar has its own formula and window "
            "(docs/indicators.md), so a later one may be longer than an earlier one where another channel carried it; one that is not "
            "there is not asked for, or hidden.",
            tuple(map(_step, _FUNNEL)),
            unit="percentunit",
            highest=1.0,
            width=24,
            height=9,
        ),
    ),
)
_RANGES = Row(
    "With their ranges",
    (
        _figures(
            "ratio",
            closed=1,
            title="At the same age: shares",
            told="Value and range for each message whose window has closed, as shares of its audience.",
        ),
        _figures(
            "seconds",
            closed=1,
            title="At the same age: times",
            told="Value and range for each message whose window has closed, as times from its sending.",
        ),
        _figures(
            "ratio",
            closed=0,
            title="Still open, so far: shares",
            told="Figures of messages whose time still runs. They grow; do not compare them with the others.",
        ),
    ),
    collapsed=True,
)

BOARD = Board(
    "earshot-message",
    "Earshot: messages",
    "How did the last messages do, beside each other at the same age, and from delivery to answer?",
    (_SIDE, _ONE_WAY, _RANGES),
    (_MESSAGE, _ONE, _INDICATOR),
)
