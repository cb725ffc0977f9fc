"""Overview: are we meeting our targets, what is worst, how old is the data? One target looked at closely is left to `indicator`."""

from dashboards.board import CHANNEL, INDICATOR, TARGET, Board, Variable
from dashboards.panels import Panel, Query, Row, sign
from dashboards.promql import A_READING, A_TARGET
from dashboards.questions import (
    NUMBER,
    OF_CHANNEL,
    OF_INDICATOR,
    OF_TARGET,
    WHOLE,
    age,
    gap,
    how_many,
    read,
    standing,
    verdict,
)
from dashboards.shapes import figure, lines, painted, text, tile, with_target
from dashboards.tables import readings
from metrics import catalogue
from metrics.snapshot import VERDICTS
from metrics.wording import Word

_CHOSEN = (OF_TARGET, OF_INDICATOR, OF_CHANNEL)
_WHOLE = (*_CHOSEN, WHOLE)
_LABELS = {"title": "what", "target": "target", "target_owner": "owner", "channel": "channel", "segment": "segment"}
_HOW = """\
**Are we meeting our targets?** For whoever leads communication. Each target of the configuration has an owner and an answer. *Missed*
and *met* are said only where the whole range of what is possible lies on that side. **cannot be told** (what is seen does not decide),
**no data** (nothing was sent), **not yet** (people have time) and **hidden** (too few people stand behind it) are four different
things, and none of them is good or bad news. Click a tile or a row to look closely; the dashboards are linked at the top right."""


_WORDS: tuple[Word, ...] = ("met", "missed", "cannot be told", "no data", "not yet", "hidden")
# A chart with its band shows one reading alone.
_ONE = Variable("target", catalogue.VERDICT, "Course of", (WHOLE,), many=False, name="trend", first="reach")


def _tally() -> Panel:
    """How many targets there are, and how many stand under each word."""
    wanted = " or ".join(read(series, *_CHOSEN) for series in catalogue.TARGET_VALUE.values())
    found = f"({standing(*_CHOSEN)}) and on ({', '.join(A_TARGET)}) ({wanted})"
    judged = Query(f"count({found}) or vector(0)", "targets", True)
    counts = [Query(f"count(({found}) == {NUMBER[word]}) or vector(0)", sign(word), True) for word in _WORDS]
    return Panel(
        "stat",
        "Targets",
        "How many targets there are, and how many of them stand under each word: by their reading for everybody, or by their worst part "
        "where they have parts alone, as on the page of Earshot itself. Those that are only watched are left out.",
        (judged, *counts),
        width=14,
        height=4,
        options={
            "graphMode": "none",
            "textMode": "value_and_name",
            "colorMode": "value",
            "orientation": "vertical",
            "reduceOptions": {"calcs": ["lastNotNull"]},
        },
        overrides=[painted("BCDEFGH"[place], word) for place, word in enumerate(_WORDS)],
    )


_TOP = Row(
    "Are we meeting our targets?",
    (
        text(_HOW),
        _tally(),
        figure(
            "Worst gap",
            "Of all that is missed, whole or part, the share that is furthest short of its target: value minus target, or the other way "
            "round where less is better.",
            f"bottomk(1, ({gap('ratio', *_CHOSEN)}) and on ({', '.join(A_READING)}) {verdict('missed', *_CHOSEN)} == 1)",
            unit="percentunit",
            width=6,
            legend="{{target}} {{segment}}",
            empty="none: no share is missed",
        ),
        figure(
            "Age of the data",
            "How long ago the moment was that the published readings describe; many figures of its messages are days old besides, since "
            "windows have to close.",
            age(catalogue.AS_OF),
            unit="s",
        ),
        tile(
            "$target",
            "One target for everybody: its value with its course, what was wanted, and its verdict as a word; of a target that has parts "
            "alone the word of the worst. Click it to look closely.",
            *_WHOLE,
            word=standing(*_CHOSEN),
            repeat="target",
            links=[
                {
                    "title": "Look at it closely",
                    "url": "/d/earshot-indicator?${target:queryparam}&${datasource:queryparam}",
                }
            ],
        ),
    ),
)
_TREND = Row(
    "How it goes",
    (
        with_target(
            "The course of $trend",
            "Value (line), range in which the truth lies (band) and target (dashed, from its own series) of one target's reading for "
            "everybody; choose which above. Marks: messages sent. Times are drawn on the dashboard *Indicator*.",
            "ratio",
            'target=~"$trend"',
            WHOLE,
        ),
    ),
)
_TABLE = Row(
    "All readings",
    (
        readings("ratio", *_CHOSEN, title="Shares", labels=_LABELS, height=12),
        readings("seconds", *_CHOSEN, title="Times", labels=_LABELS, height=6),
    ),
)
_MORE = Row(
    "Early signs",
    (
        lines(
            "At risk and falling",
            "How many readings are at risk (open messages will probably miss) and falling (the latest are worse than their own history). "
            "Information, no verdicts.",
            (
                Query(how_many(read(catalogue.AT_RISK, *_CHOSEN)), "at risk"),
                Query(how_many(read(catalogue.FALLING, *_CHOSEN)), "falling"),
            ),
        ),
        lines(
            "Verdicts over time",
            "How many readings, whole and parts, have each verdict.",
            tuple(Query(how_many(verdict(word, *_CHOSEN)), word) for word in VERDICTS),
        ),
    ),
    collapsed=True,
)

BOARD = Board(
    "earshot-overview",
    "Earshot: overview",
    "Are we meeting our targets? What is worst, and how old is the data?",
    (_TOP, _TREND, _TABLE, _MORE),
    (INDICATOR, CHANNEL, TARGET, _ONE),
    marks_messages=True,
)
