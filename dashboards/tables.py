"""Panels that are tables: readings in rows, worst first, with what leads on from them. Other shapes are left to `shapes`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from dashboards.panels import UNITS, WORDS, Panel, Query
from dashboards.questions import gap, of_unit, read, runbook, titled, word_number
from metrics import catalogue
from metrics.snapshot import Unit

Link = dict[str, Any]

# Where a row of readings leads: to that reading alone.
CLOSELY: Link = {
    "title": "Look at it closely",
    "url": "/d/earshot-indicator?var-target=${__data.fields.target:percentencode}"
    "&var-segment=${__data.fields.segment:percentencode}&${datasource:queryparam}&${job:queryparam}&${__url_time_range}",
}
_RUNBOOK: Link = {"title": "What to do", "url": "${__value.raw}", "targetBlank": True}
# An address is long: its last word tells enough.
_LAST_WORD = {"type": "regex", "options": {"pattern": "^.*/([A-Za-z]+)[.]md$", "result": {"text": "$1", "index": 0}}}
_COARSE = {
    "type": "value",
    "options": {"0": {"text": "", "index": 0}, "1": {"text": "at most, or at least", "index": 1}},
}


def table(
    title: str,
    description: str,
    columns: Mapping[str, tuple[str, str]],
    *,
    renamed: Mapping[str, str],
    width: int = 24,
    height: int = 10,
    sort: str = "",
    links: Mapping[str, Link] = MappingProxyType({}),
) -> Panel:
    """`columns`: heading to (expression, unit), one query each; `renamed`: labels that show, with their headings; others are left out.
    `sort`: a heading, with a minus before it where the highest comes first. `links`: heading to where its cells lead."""
    queries = [Query(expr, instant=True) for expr, _ in columns.values()]
    letters = dict(zip(columns, "ABCDEFGHIJKLMNOP", strict=False))
    names = {
        f"Value #{letters[heading]}" if unit != "label" else heading: heading for heading, (_, unit) in columns.items()
    }
    if len(columns) == 1:
        names = {"Value": next(iter(columns))}
    shown = {**renamed, **names}
    overrides = [_column(heading, unit) for heading, (_, unit) in columns.items()]
    overrides += [
        {"matcher": {"id": "byName", "options": heading}, "properties": [{"id": "links", "value": [link]}]}
        for heading, link in links.items()
    ]
    return Panel(
        *("table", title, description, queries, "short", width, height),
        options={"showHeader": True, "cellHeight": "sm", "footer": {"show": False}},
        custom={"align": "auto", "filterable": True},
        overrides=overrides,
        transformations=_into_one(shown, sort),
    )


def _into_one(shown: Mapping[str, str], sort: str) -> list[dict[str, Any]]:
    """What makes one table of many queries: the columns that show, with their headings, in their order."""
    order = {name: place for place, name in enumerate(shown)}
    found: list[dict[str, Any]] = [
        {"id": "merge", "options": {}},
        {"id": "filterFieldsByName", "options": {"include": {"names": list(shown)}}},
        {"id": "organize", "options": {"renameByName": shown, "indexByName": order, "excludeByName": {}}},
    ]
    if sort:
        order_by = {"field": sort.removeprefix("-"), "desc": sort.startswith("-")}
        found.append({"id": "sortBy", "options": {"fields": {}, "sort": [order_by]}})
    return found


def _column(heading: str, unit: str) -> dict[str, Any]:
    match unit:
        case "verdict":
            cell = {"id": "custom.cellOptions", "value": {"type": "color-text"}}
            properties = [{"id": "mappings", "value": [WORDS]}, cell, {"id": "unit", "value": "none"}]
        case "label":
            properties = [{"id": "mappings", "value": [_LAST_WORD]}]
        case "coarse":
            properties = [{"id": "mappings", "value": [_COARSE]}]
        case "percentunit" | "s":
            properties = [{"id": "unit", "value": unit}, {"id": "decimals", "value": 1}]
        case _:
            properties = [{"id": "unit", "value": unit}]
    return {"matcher": {"id": "byName", "options": heading}, "properties": properties}


_FIGURES = {
    "value": catalogue.VALUE,
    "lower": catalogue.LOWER,
    "upper": catalogue.UPPER,
    "wanted": catalogue.TARGET_VALUE,
}


def readings(
    unit: Unit, *matchers: str, title: str, labels: Mapping[str, str], height: int = 10, width: int = 24
) -> Panel:
    """Every reading of a unit in a row of its own, the worst word first."""
    shown = UNITS[unit]
    columns = {"verdict": (titled(of_unit(word_number(*matchers), unit, *matchers)), "verdict")}
    columns |= {heading: (titled(read(pair[unit], *matchers)), shown) for heading, pair in _FIGURES.items()}
    columns["gap"] = (titled(gap(unit, *matchers)), shown)
    columns["people"] = (titled(of_unit(read(catalogue.DENOMINATOR, *matchers), unit, *matchers)), "locale")
    columns["coarse"] = (titled(of_unit(read(catalogue.COARSE, *matchers), unit, *matchers)), "coarse")
    columns["mature"] = (titled(of_unit(read(catalogue.MATURITY, *matchers), unit, *matchers)), "percentunit")
    columns["runbook"] = (titled(of_unit(runbook(*matchers), unit, *matchers)), "label")
    told = (
        "As published: the estimate, the range in which the truth lies (lower to upper), what was wanted, and by how much it is beyond "
        "that (below zero: short of it, whichever way is good). People: whom it is about; of some indicators deliveries or items. Coarse: "
        "only at most, or at least, that many, so that nobody shows. Mature: the share of messages whose window has closed. Worst first; "
        "the runbook says what usually helps."
    )
    links = {"what": CLOSELY, "target": CLOSELY, "runbook": _RUNBOOK} if "target" in labels else {"runbook": _RUNBOOK}
    return table(title, told, columns, renamed=labels, width=width, height=height, sort="verdict", links=links)
