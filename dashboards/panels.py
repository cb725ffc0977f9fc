"""What panels are made of: Grafana's classic JSON, for 10 to 13. What is asked and said is left to the files of the dashboards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboards.questions import NUMBER
from metrics.wording import Word

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
BLUE, ORANGE, GREY = "#3274D9", "#D9730D", "#8E8E8E"
NO_DATA = "no data: nothing of this kind has been published"

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
WORDS = {
    "type": "value",
    "options": {
        str(NUMBER[word]): {"text": f"{sign} {word}", "color": colour, "index": NUMBER[word]}
        for word, (sign, colour) in _LOOKS.items()
    },
}
UNITS = {"ratio": "percentunit", "seconds": "s"}


@dataclass(frozen=True)
class Query:
    """`legend`: a template of labels, such as `{{segment}}`. `instant`: the last value alone, for tables and stats."""

    expr: str
    legend: str = ""
    instant: bool = False


@dataclass(frozen=True)
class Panel:
    """`kind`: Grafana's name of it; `description`: the formula in words, where it comes from. Sizes in Grafana's grid of 24."""

    kind: str
    title: str
    description: str
    queries: Sequence[Query]
    unit: str = "short"
    width: int = 12
    height: int = 8
    decimals: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)
    overrides: Sequence[Mapping[str, Any]] = ()
    mappings: Sequence[Mapping[str, Any]] = ()
    transformations: Sequence[Mapping[str, Any]] = ()
    highest: float | None = None
    repeat: str = ""


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
        "description": panel.description,
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
    if panel.repeat:
        tree |= {"repeat": panel.repeat, "repeatDirection": "h", "maxPerRow": 3}
    return tree


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
    decimals = {"decimals": panel.decimals} if panel.decimals is not None else {}
    return {
        "unit": panel.unit,
        "noValue": NO_DATA,
        "color": {"mode": "fixed" if panel.kind == "stat" else "palette-classic", **_fixed(panel)},
        "mappings": list(panel.mappings),
        "thresholds": {"mode": "absolute", "steps": [{"color": BLUE, "value": None}]},
        "custom": dict(panel.custom),
        **bounds,
        **decimals,
    }


def _fixed(panel: Panel) -> dict[str, str]:
    return {"fixedColor": BLUE} if panel.kind == "stat" else {}
