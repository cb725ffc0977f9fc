"""Indicator: one target closely, by channel and segment, with its range, maturity, reasons and definition. Segments beside each other
are left to `groups`."""

from dataclasses import replace

from dashboards.board import CHANNEL, INDICATOR, ONE_TARGET, SEGMENT, Board
from dashboards.panels import Panel, Query, Row
from dashboards.promql import once, select
from dashboards.questions import JOB, OF_CHANNEL, OF_INDICATOR, OF_SEGMENT, OF_TARGET, read, titled
from dashboards.shapes import lines, text, with_target, words
from dashboards.tables import readings, table
from metrics import catalogue

_CHOSEN = (OF_TARGET, OF_INDICATOR, OF_CHANNEL, OF_SEGMENT)
_LEGEND = "{{segment}}"
_HOW = """\
**How does one target stand, and what lies behind it?** Choose a target, then a segment or several: each has a chart of its own. Topics
and owners are segments too (`topic=brand`, `owner=Editors`); *all* is everybody. The line is the estimate, the band the range in which
the truth lies, the dashed line what was wanted. A wide band is no bad news: it says how little can be seen."""


def _definition() -> Panel:
    info = select(catalogue.INDICATOR_INFO, JOB, OF_INDICATOR)
    columns = {"is": (once(info), "none")}
    renamed = {"indicator": "indicator", "question": "question", "formula": "formula"}
    return table(
        "What is measured",
        "The question that each indicator asks and its formula in words.",
        columns,
        renamed=renamed,
        height=5,
    )


_STANDS = Row(
    "How it stands",
    (
        text(_HOW),
        words("Verdict", "The verdict of each chosen reading over time, as a word.", *_CHOSEN, legend=_LEGEND),
        with_target(
            "$target, share: $segment",
            "Value (line), range in which the truth lies (band) and target (dashed) of one reading, where it is a share of people. Marks: "
            "messages sent.",
            "ratio",
            *_CHOSEN,
            repeat="segment",
            width=12,
        ),
        _definition(),
    ),
)
_TIMES = Row(
    "As a time",
    (
        with_target(
            "$target, time: $segment",
            "Value (line), range (band) and target (dashed) of one reading, where it is a time. No upper end: it may never be reached.",
            "seconds",
            *_CHOSEN,
            repeat="segment",
            width=12,
        ),
    ),
    collapsed=True,
)
_BEHIND = Row(
    "What lies behind it",
    (
        lines(
            "People",
            "Whom the readings are about (the lower part of the fraction) and for whom they hold (the upper), as published. Never "
            "events.",
            (
                Query(read(catalogue.DENOMINATOR, *_CHOSEN), f"{_LEGEND} all"),
                Query(read(catalogue.NUMERATOR, *_CHOSEN), f"{_LEGEND} yes"),
            ),
            unit="locale",
        ),
        lines(
            "Maturity",
            "Share of the messages whose window has closed: only these are judged. 100 % is said only where every window has closed.",
            (Query(read(catalogue.MATURITY, *_CHOSEN), _LEGEND),),
            unit="percentunit",
            highest=1.0,
        ),
        lines(
            "With machines counted",
            "The reading beside what a naive count would give, with what scanners and proxies did counted as if people had done it. "
            "Nothing is "
            "deleted.",
            (
                Query(read(catalogue.VALUE["ratio"], *_CHOSEN), f"{_LEGEND} people"),
                Query(read(catalogue.RAW["ratio"], *_CHOSEN), f"{_LEGEND} raw"),
            ),
            unit="percentunit",
            highest=1.0,
        ),
        lines(
            "At risk, falling",
            "1 where open messages will probably miss, or where the latest messages are worse than their own history makes likely.",
            (
                Query(read(catalogue.AT_RISK, *_CHOSEN), f"{_LEGEND} at risk"),
                Query(read(catalogue.FALLING, *_CHOSEN), f"{_LEGEND} falling"),
            ),
            highest=1.0,
        ),
    ),
)
_ALL = Row(
    "Figures",
    (
        readings(
            *("ratio", *_CHOSEN),
            title="Shares, by channel and segment",
            labels={"title": "what", "target_owner": "owner", "channel": "channel", "segment": "segment"},
        ),
        readings(
            *("seconds", *_CHOSEN),
            title="Times, by channel and segment",
            labels={"title": "what", "target_owner": "owner", "channel": "channel", "segment": "segment"},
            height=6,
        ),
        table(
            "Why there is no verdict",
            "The reason of each chosen reading that is neither met nor missed, by its name (docs/series.md says what each means).",
            {"since": (titled(once(f"{select(catalogue.REASON, JOB, *_CHOSEN)} == 1")), "none")},
            renamed={"title": "what", "channel": "channel", "segment": "segment", "reason": "reason"},
            height=8,
        ),
    ),
    collapsed=True,
)

BOARD = Board(
    "earshot-indicator",
    "Earshot: indicator",
    "How does one target stand, by channel, segment, topic and owner, and what lies behind it?",
    (_STANDS, _TIMES, _BEHIND, _ALL),
    (INDICATOR, ONE_TARGET, CHANNEL, replace(SEGMENT, first="all")),
    marks_messages=True,
)
