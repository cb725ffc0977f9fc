"""A whole dashboard: variables, links, annotations and the layout of its panels. Which panels stand in it is left to its own file."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dashboards.panels import DATASOURCE, Panel, Row, render
from dashboards.promql import once, select
from dashboards.questions import JOB
from metrics import catalogue
from metrics.catalogue import Series

_WIDTH = 24
TAG = "earshot"


@dataclass(frozen=True)
class Variable:
    """A drop-down whose choices are the values of a label. `text`: how it is called on the dashboard; `name`: what queries call it, the
    label unless told. `many`: whether several can be chosen, and all are at first; `first`: what is chosen at first where it is there.
    `falling`: whether the last by name comes first."""

    label: str
    series: Series
    text: str
    matchers: tuple[str, ...] = ()
    many: bool = True
    name: str = ""
    first: str = ""
    falling: bool = False


TARGET = Variable("target", catalogue.TARGET_INFO, "Target")
INDICATOR = Variable("indicator", catalogue.TARGET_INFO, "Indicator")
CHANNEL = Variable("channel", catalogue.VERDICT, "Channel")
# Of one target: what is drawn with its band has a panel of its own.
ONE_TARGET = Variable("target", catalogue.TARGET_INFO, "Target", ('indicator=~"$indicator"',), many=False)
SEGMENT = Variable("segment", catalogue.VERDICT, "Segment", ('target=~"$target"',))


@dataclass(frozen=True)
class Board:
    """`question`: what it answers, in one sentence. `marks_messages`: whether messages sent are marked on its charts."""

    uid: str
    title: str
    question: str
    rows: Sequence[Row]
    variables: Sequence[Variable] = ()
    marks_messages: bool = False
    span: str = "now-30d"


def to_json(board: Board) -> str:
    """The file of a dashboard: the same bytes each time."""
    return json.dumps(_tree(board), ensure_ascii=False, indent=1) + "\n"


def _tree(board: Board) -> dict[str, Any]:
    return {
        "uid": board.uid,
        "title": board.title,
        "description": board.question,
        "tags": [TAG],
        "editable": False,
        "graphTooltip": 1,
        "refresh": "1m",
        "schemaVersion": 38,
        "time": {"from": board.span, "to": "now"},
        "timezone": "browser",
        "links": [_other_boards()],
        "templating": {"list": [_datasource(), _job(), *map(_variable, board.variables)]},
        "annotations": {"list": list(_annotations(board))},
        "panels": _laid_out(board.rows),
    }


def _laid_out(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Panels from left to right, row by row; those of a collapsed row stand inside it."""
    placed: list[dict[str, Any]] = []
    number, top = 0, 0
    for row in rows:
        number += 1
        head = {"id": number, "type": "row", "title": row.title, "collapsed": row.collapsed, "panels": []}
        head["gridPos"] = {"h": 1, "w": _WIDTH, "x": 0, "y": top}
        top, left, tallest, inside = top + 1, 0, 0, []
        for panel in row.panels:
            if left + panel.width > _WIDTH:
                top, left, tallest = top + tallest, 0, 0
            number += 1
            inside.append(render(panel, number, left, top))
            left, tallest = left + panel.width, max(tallest, panel.height)
        top += tallest
        placed += [{**head, "panels": inside}] if row.collapsed else [head, *inside]
    return placed


def all_panels(board: Board) -> Iterator[Panel]:
    for row in board.rows:
        yield from row.panels


def _other_boards() -> dict[str, Any]:
    return {
        "type": "dashboards",
        "title": "Earshot",
        "tags": [TAG],
        "asDropdown": True,
        "includeVars": True,
        "keepTime": True,
        "icon": "external link",
    }


def _datasource() -> dict[str, Any]:
    return {
        "name": "datasource",
        "label": "Data source",
        "type": "datasource",
        "query": "prometheus",
        "hide": 0,
        "refresh": 1,
    }


def _job() -> dict[str, Any]:
    return _drop_down("job", "Job", f"label_values({catalogue.BUILD_INFO.name}, job)", many=True)


def _variable(variable: Variable) -> dict[str, Any]:
    query = f"label_values({select(variable.series, JOB, *variable.matchers)}, {variable.label})"
    tree = _drop_down(variable.name or variable.label, variable.text, query, many=variable.many)
    if variable.first:
        tree["current"] = {"text": [variable.first], "value": [variable.first]}
    return {**tree, "sort": 2} if variable.falling else tree


def _drop_down(name: str, text: str, query: str, *, many: bool) -> dict[str, Any]:
    everything = (
        {"includeAll": True, "allValue": ".+", "multi": True} if many else {"includeAll": False, "multi": False}
    )
    chosen = {"current": {"text": ["All"], "value": ["$__all"]}} if many else {}
    return {
        "name": name,
        "label": text,
        "type": "query",
        "datasource": DATASOURCE,
        "definition": query,
        "query": {"query": query, "refId": f"variable-{name}"},
        "refresh": 2,
        "sort": 1,
        "hide": 0,
        **everything,
        **chosen,
    }


def _annotations(board: Board) -> Iterator[dict[str, Any]]:
    if not board.marks_messages:
        return
    yield {
        "name": "Messages sent",
        "datasource": DATASOURCE,
        "enable": True,
        "iconColor": "#5B8DD9",
        "expr": f"{once(select(catalogue.MESSAGE_SENT, JOB))} * 1000",
        "titleFormat": "{{message}} ({{channel}})",
        "useValueForTime": "on",
        "step": "1h",
    }
