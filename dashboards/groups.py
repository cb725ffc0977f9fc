"""Groups: departments, sites, topics and owners side by side, with their ranges, hidden ones named as hidden. The whole audience is
left to `overview`."""

from dashboards.board import CHANNEL, INDICATOR, Board, Variable
from dashboards.panels import Query, Row
from dashboards.questions import OF_CHANNEL, OF_INDICATOR, OF_SEGMENT, OF_TARGET, PARTS, how_many, read, titled, verdict
from dashboards.shapes import bars, figure, text, with_target, words
from dashboards.tables import readings, table
from metrics import catalogue

_CHOSEN = (OF_TARGET, OF_INDICATOR, OF_CHANNEL, OF_SEGMENT, PARTS)
_LEGEND = "{{segment}}"
_LABELS = {"title": "what", "segment": "segment", "channel": "channel"}
_HOW = """\
**Is anybody left out?** Choose a target that is broken down: its groups stand beside each other, each with the range in which its truth
lies. Where two ranges overlap, chance may be all the difference. **hidden** groups are too small to show, or would let a small one be
reckoned out; that says nothing about how they do. Never add groups up: people of two departments may be the same."""

# Of these alone there are groups.
_PARTED = Variable("target", catalogue.VERDICT, "Target", (OF_INDICATOR, PARTS), many=False)
_GROUP = Variable("segment", catalogue.VERDICT, "Group", (OF_TARGET, PARTS))

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
        ),
        figure("Hidden here", "How many of the chosen readings are hidden.", how_many(verdict("suppressed", *_CHOSEN))),
        figure("Missed here", "How many of the chosen readings are missed.", how_many(verdict("missed", *_CHOSEN))),
        bars(
            "Shares, group by group",
            "The value of each chosen group's reading. The range, which matters as much, stands in the table beside it.",
            (Query(read(catalogue.VALUE["ratio"], *_CHOSEN), _LEGEND, True),),
            unit="percentunit",
            highest=1.0,
            width=8,
            height=12,
        ),
        readings("ratio", *_CHOSEN, title="Groups: shares", labels=_LABELS, height=12, width=16),
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
            "$target: $segment",
            "Value (line), range in which the truth lies (band) and target (dashed) of one group; all on the same scale.",
            *("ratio", *_CHOSEN),
            repeat="segment",
            width=8,
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
    (INDICATOR, _PARTED, CHANNEL, _GROUP),
)
