"""Groups: departments, sites, topics and owners side by side, with their ranges, hidden ones named as hidden. The whole audience is
left to
`overview`."""

from dashboards.board import CHANNEL, INDICATOR, SEGMENT, TARGET, Board
from dashboards.panels import Query, Row
from dashboards.questions import OF_CHANNEL, OF_INDICATOR, OF_SEGMENT, OF_TARGET, PARTS, how_many, read, titled, verdict
from dashboards.shapes import bars, figure, readings, table, text, with_target, words
from metrics import catalogue

_CHOSEN = (OF_TARGET, OF_INDICATOR, OF_CHANNEL, OF_SEGMENT, PARTS)
_LEGEND = "{{target}} {{segment}}"
_LABELS = {"title": "what", "segment": "segment", "channel": "channel"}
_HOW = """\
**Is anybody left out?** Groups beside each other, each with the range in which its truth lies. Where two ranges overlap, chance may be
all the difference.
**hidden** groups are too small to show, or would let a small one be reckoned out; that says nothing about how they do. Never add
groups up: people of
two departments may be the same."""

_SIDES = Row(
    "Side by side",
    (
        text(_HOW),
        figure(
            "Smallest group that shows",
            "Groups of fewer people are hidden (disclosure.k of the configuration).",
            read(catalogue.MINIMUM_PEOPLE),
        ),
        figure(
            "Hidden",
            "Share of all published readings that are hidden.",
            read(catalogue.SUPPRESSED),
            unit="percentunit",
            decimals=1,
        ),
        figure("Hidden here", "How many of the chosen readings are hidden.", how_many(verdict("suppressed", *_CHOSEN))),
        figure("Missed here", "How many of the chosen readings are missed.", how_many(verdict("missed", *_CHOSEN))),
        bars(
            "Shares, group by group",
            "The value of each chosen group's reading. The range, which matters as much, stands in the table.",
            (Query(read(catalogue.VALUE["ratio"], *_CHOSEN), _LEGEND, True),),
            unit="percentunit",
            highest=1.0,
            width=24,
            height=10,
        ),
        readings("ratio", *_CHOSEN, title="Groups: shares", labels=_LABELS, height=12),
        readings("seconds", *_CHOSEN, title="Groups: times", labels=_LABELS, height=8),
        table(
            "Hidden groups",
            "Groups that are not shown, named so that nobody takes them for forgotten. They are no bad news.",
            {"is": (titled(f"{verdict('suppressed', *_CHOSEN)} == 1"), "none")},
            renamed=_LABELS,
            height=6,
        ),
    ),
)
_TIME = Row(
    "Over time",
    (
        with_target(
            "Shares, with what was wanted",
            "Value, range and target of the chosen groups. Choose five at most: more lines than that nobody can read.",
            *("ratio", *_CHOSEN),
            legend=_LEGEND,
        ),
        words(
            "Verdicts", "The verdict on each chosen group over time, as a word.", *_CHOSEN, legend=_LEGEND, height=10
        ),
    ),
    collapsed=True,
)

BOARD = Board(
    "earshot-groups",
    "Earshot: groups",
    "Is anybody left out? Departments, sites, topics and owners side by side.",
    (_SIDES, _TIME),
    (INDICATOR, TARGET, CHANNEL, SEGMENT),
)
