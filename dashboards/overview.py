"""Overview: are we meeting our targets, what is worst, how old is the data? One target looked at closely is left to `indicator`."""

from dashboards.board import CHANNEL, INDICATOR, TARGET, Board
from dashboards.panels import WORDS, Panel, Query, Row
from dashboards.questions import (
    OF_CHANNEL,
    OF_INDICATOR,
    OF_TARGET,
    WHOLE,
    age,
    gap,
    how_many,
    read,
    verdict,
    word_number,
)
from dashboards.shapes import figure, lines, readings, text, with_target
from metrics import catalogue
from metrics.snapshot import VERDICTS, Verdict

_CHOSEN = (OF_TARGET, OF_INDICATOR, OF_CHANNEL)
_WHOLE = (*_CHOSEN, WHOLE)
_LABELS = {"title": "what", "target": "target", "target_owner": "owner", "channel": "channel", "segment": "segment"}
_HOW = """\
**Are we meeting our targets?** For whoever leads communication. Each line is a target of the configuration, with its owner. *Missed*
and *met* are said only
where the whole range of what is possible lies on that side. **cannot be told** (what is seen does not decide), **no data** (nothing
was sent),
**not yet** (people have time) and **hidden** (too few people stand behind it) are four different things, and none of them is good or
bad news."""


def _counted(word: Verdict, title: str, description: str) -> Panel:
    return figure(title, description, how_many(verdict(word, *_WHOLE)), width=3)


def _sparks() -> Panel:
    options = {
        "graphMode": "area",
        "textMode": "value_and_name",
        "colorMode": "value",
        "reduceOptions": {"calcs": ["lastNotNull"]},
    }
    return Panel(
        "stat",
        "Every target, for everybody",
        "The value of each target's reading for the whole audience, with its course. Shares from 0 to 100 %; times stand in the "
        "table below.",
        (Query(read(catalogue.VALUE["ratio"], *_WHOLE), "{{target}}"),),
        *("percentunit", 16, 8),
        decimals=1,
        options=options,
    )


def _verdicts() -> Panel:
    options = {
        "graphMode": "none",
        "textMode": "value_and_name",
        "colorMode": "value",
        "reduceOptions": {"calcs": ["lastNotNull"]},
    }
    return Panel(
        *("stat", "Their verdicts", "The verdict on each target for the whole audience, as a word."),
        (Query(word_number(*_WHOLE), "{{target}}", True),),
        *("none", 8, 8),
        options=options,
        mappings=(WORDS,),
    )


_TOP = Row(
    "Are we meeting our targets?",
    (
        text(_HOW),
        _counted(
            "met",
            "Met",
            "Readings for the whole audience that are met: even the worst that is possible meets the target.",
        ),
        _counted(
            "missed",
            "Missed",
            "Readings for the whole audience that are missed: even the best that is possible misses the target.",
        ),
        _counted(
            "undetermined",
            "Cannot be told",
            "Readings for the whole audience without a verdict: no data, or what is seen does not decide.",
        ),
        _counted("immature", "Not yet", "Readings for the whole audience of messages whose time still runs."),
        figure(
            "Of how many",
            "How many readings for the whole audience there are.",
            f"count({verdict('met', *_WHOLE)}) or vector(0)",
            width=3,
        ),
        figure(
            "Worst gap",
            "The share that is furthest short of its target, for the whole audience: value minus target, or the other way round "
            "where less is "
            "better. Below zero is short of it.",
            f"bottomk(1, {gap('ratio', *_WHOLE)})",
            unit="percentunit",
            width=5,
            decimals=1,
            legend="{{target}}",
        ),
        figure(
            "Age of the data",
            "How long ago the moment was that the published readings describe, in seconds; many figures of its messages are days "
            "old besides, "
            "since windows have to close.",
            age(catalogue.AS_OF),
            unit="s",
        ),
        _sparks(),
        _verdicts(),
    ),
)
_TREND = Row(
    "How it goes",
    (
        with_target(
            "The chosen targets, with what was wanted",
            "Value (line), range (band) and target (dashed, from its own series) of the readings for the whole audience, as shares. "
            "Choose one or a "
            "few targets above. Marks: messages sent.",
            "ratio",
            *_WHOLE,
            legend="{{target}}",
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
    (INDICATOR, CHANNEL, TARGET),
    marks_messages=True,
)
