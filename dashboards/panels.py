"""What panels are made of: Grafana's classic JSON, for 10 to 13. What is asked and said is left to the files of the dashboards."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards.questions import NUMBER
from metrics import catalogue
from metrics.snapshot import Unit
from metrics.wording import Word

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
BLUE, ORANGE, GREY = "#3274D9", "#D9730D", "#8E8E8E"
NO_DATA = "no data: nothing of this kind has been published"
# Of a reading's figures: which of the four words it is that stands in their place, its verdict says.
NO_FIGURE = "no figure: its verdict says whether that is no data, not yet, hidden or cannot be told"

# Word, colour and sign: blue and orange are told apart by the colour-blind, and the sign and the word without any colour. Each colour
# stands out from Grafana's light ground and from its dark one.
_LOOKS: dict[Word, tuple[str, str]] = {
    "missed": ("✖", ORANGE),
    "cannot be told": ("?", "#B877D9"),
    "no data": ("∅", GREY),
    "not yet": ("…", "#5B8DD9"),
    "hidden": ("■", "#6E6E6E"),
    "does not apply": ("–", GREY),
    "watched": ("○", GREY),
    "met": ("✔", BLUE),
}


def sign(word: Word) -> str:
    """The word with the sign before it."""
    return f"{_LOOKS[word][0]} {word}"


def colour(word: Word) -> str:
    return _LOOKS[word][1]


WORDS = {
    "type": "value",
    "options": {
        str(NUMBER[word]): {"text": sign(word), "color": colour(word), "index": NUMBER[word]} for word in _LOOKS
    },
}
UNITS: dict[Unit, str] = {"ratio": "percentunit", "seconds": "s"}
# How a unit is called in descriptions, and with how many decimals it is shown.
_TOLD = {
    "percentunit": ("a share from 0 to 100 %", 1),
    "s": ("a length of time", 1),
    "cps": ("a number a second", 2),
    "short": ("a number", 0),
    "locale": ("a number", 0),
    "none": ("a word", 0),
}


@dataclass(frozen=True)
class Query:
    """`legend`: a template of labels, such as `{{segment}}`. `instant`: the last value alone, for tables and stats."""

    expr: str
    legend: str = ""
    instant: bool = False


@dataclass(frozen=True)
class Panel:
    """`kind`: Grafana's name of it; `description`: the formula in words; unit and series are told by themselves. Sizes in Grafana's grid
    of 24. `repeat`: the variable for each of whose choices there is one. `empty`: what stands there where nothing answers."""

    kind: str
    title: str
    description: str
    queries: Sequence[Query]
    unit: str = "short"
    width: int = 12
    height: int = 8
    options: Mapping[str, Any] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)
    overrides: Sequence[Mapping[str, Any]] = ()
    mappings: Sequence[Mapping[str, Any]] = ()
    transformations: Sequence[Mapping[str, Any]] = ()
    highest: float | None = None
    repeat: str = ""
    empty: str = NO_DATA
    links: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class Row:
    title: str
    panels: Sequence[Panel]
    collapsed: bool = False


def render(panel: Panel, number: int, x: int, y: int) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": _described(panel),
        "gridPos": {"h": panel.height, "w": panel.width, "x": x, "y": y},
        "options": dict(panel.options),
    }
    if panel.kind == "text":
        return tree
    tree |= {
        "datasource": DATASOURCE,
        "targets": [_target(query, "ABCDEFGHIJKLMNOP"[place], panel.kind) for place, query in enumerate(panel.queries)],
        "fieldConfig": {"defaults": _defaults(panel), "overrides": list(panel.overrides)},
    }
    if panel.transformations:
        tree["transformations"] = list(panel.transformations)
    if panel.links:
        tree["links"] = list(panel.links)
    if panel.repeat:
        tree |= {"repeat": panel.repeat, "repeatDirection": "h", "maxPerRow": 24 // panel.width}
    return tree


def _described(panel: Panel) -> str:
    """The formula in words, the unit where there is one for all of it, and the series it comes from."""
    asked = " ".join(query.expr for query in panel.queries)
    names = [one.name for one in catalogue.CATALOGUE if re.search(rf"\b{one.name}(_bucket)?\b", asked)]
    if not names:
        return panel.description
    unit = "" if panel.kind == "table" else f" Unit: {_TOLD[panel.unit][0]}."
    return f"{panel.description}{unit} From {', '.join(names)}."


def _target(query: Query, letter: str, kind: str) -> dict[str, Any]:
    form = {"format": "table"} if kind == "table" else {}
    return {
        "refId": letter,
        "datasource": DATASOURCE,
        "expr": query.expr,
        "legendFormat": query.legend or "__auto",
        "instant": query.instant,
        "range": not query.instant,
        **form,
    }


def _defaults(panel: Panel) -> dict[str, Any]:
    bounds = {"min": 0, "max": panel.highest} if panel.highest is not None else {}
    decimals = {} if panel.kind == "table" else {"decimals": _TOLD[panel.unit][1]}
    return {
        "unit": panel.unit,
        "noValue": panel.empty,
        "color": {"mode": "fixed" if panel.kind == "stat" else "palette-classic", **_fixed(panel)},
        "mappings": list(panel.mappings),
        "thresholds": {"mode": "absolute", "steps": [{"color": BLUE, "value": None}]},
        "custom": dict(panel.custom),
        **bounds,
        **decimals,
    }


def _fixed(panel: Panel) -> dict[str, str]:
    return {"fixedColor": BLUE} if panel.kind == "stat" else {}
