"""Message: the latest messages beside each other at the same age, and one of them from delivery to answer. Classes of messages are
left to
`indicator`."""

from dashboards.board import Board, Variable
from dashboards.panels import UNITS, Panel, Query, Row
from dashboards.promql import once, one_each, select
from dashboards.questions import JOB
from dashboards.shapes import bars, table, text
from metrics import catalogue
from metrics.snapshot import Unit

_MESSAGE = Variable("message", catalogue.MESSAGE_INFO, "Message")
_INDICATOR = Variable("indicator", catalogue.MESSAGE_MATURITY, "Indicator")
_CHOSEN = ('message=~"$message"', 'indicator=~"$indicator"')
_OF_ONE = ("job", "message", "indicator", "channel")
# From the mailbox to the answer; each a share of the same people or of those before.
_FUNNEL = "delivered|opened|reach|read|clicked|acknowledged|response|action"
_OF_MESSAGE = 'message=~"$message"'
_HOW = """\
**How did the last messages do?** They are compared at the same age alone: a figure counts here once its window has closed. Those still
open stand in a table of
their own, *so far*, and are not to be compared. Titles are shown where the configuration allows it."""


def _mature(expression: str, is_so: int, *matchers: str) -> str:
    closed = once(select(catalogue.MESSAGE_MATURITY, JOB, *matchers))
    return f"({expression}) and on ({', '.join(_OF_ONE)}) {closed} {'>= 1' if is_so else '< 1'}"


def _titled(expression: str) -> str:
    info = one_each(select(catalogue.MESSAGE_INFO, JOB), ("job", "message"), "title", "topic", "target_owner")
    return f"({expression})\n* on (job, message) group_left (title, topic, target_owner) {info}"


def _figures(unit: Unit, *, closed: int, title: str, told: str) -> Panel:
    pairs = {"value": catalogue.MESSAGE_VALUE, "lower": catalogue.MESSAGE_LOWER, "upper": catalogue.MESSAGE_UPPER}
    columns = {
        heading: (_titled(_mature(once(select(pair[unit], JOB, *_CHOSEN)), closed, *_CHOSEN)), UNITS[unit])
        for heading, pair in pairs.items()
    }
    renamed = {
        "message": "message",
        "title": "title",
        "topic": "topic",
        "target_owner": "owner",
        "channel": "channel",
        "indicator": "indicator",
    }
    return table(title, told, columns, renamed=renamed, sort="message")


_SIDE = Row(
    "Beside each other",
    (
        text(_HOW),
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
    ),
)
_ONE = Row(
    "From delivery to answer",
    (
        bars(
            "The way of the chosen messages",
            "Shares of each chosen message's people: delivered, opened, reached, read, clicked, confirmed, answered, done. Each bar "
            "has its own formula "
            "and window (docs/indicators.md), so a later one may be longer than an earlier one where another channel carried it.",
            (
                Query(
                    once(select(catalogue.MESSAGE_VALUE["ratio"], JOB, _OF_MESSAGE, f'indicator=~"{_FUNNEL}"')),
                    "{{message}} {{indicator}}",
                    True,
                ),
            ),
            unit="percentunit",
            highest=1.0,
            width=24,
            height=12,
        ),
        table(
            "When they were sent",
            "The moment each of the latest messages was sent.",
            {"sent": (_titled(f"{once(select(catalogue.MESSAGE_SENT, JOB, _OF_MESSAGE))} * 1000"), "dateTimeAsIso")},
            renamed={
                "message": "message",
                "title": "title",
                "topic": "topic",
                "target_owner": "owner",
                "channel": "channel",
            },
        ),
    ),
)
_SO_FAR = Row(
    "Still open: so far",
    (
        _figures(
            "ratio",
            closed=0,
            title="So far: shares",
            told="Figures of messages whose time still runs. They grow; do not compare them with the others.",
        ),
    ),
    collapsed=True,
)

BOARD = Board(
    "earshot-message",
    "Earshot: messages",
    "How did the last messages do, beside each other at the same age, and from delivery to answer?",
    (_SIDE, _ONE, _SO_FAR),
    (_MESSAGE, _INDICATOR),
)
