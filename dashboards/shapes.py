"""Panels of the shapes that dashboards share: a figure, lines with target and band, words over time, a table. What they show is left to
the files of the dashboards."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.panels import BLUE, ORANGE, UNITS, WORDS, Panel, Query
from dashboards.questions import gap, of_unit, read, titled, word_number
from metrics import catalogue
from metrics.snapshot import Unit

_RATIO_TOP: dict[Unit, float | None] = {"ratio": 1.0, "seconds": None}


def text(markdown: str, *, height: int = 4, title: str = "How to read this") -> Panel:
    options = {"mode": "markdown", "content": markdown}
    return Panel(
        "text", title, "What this dashboard answers, and for whom.", (), width=24, height=height, options=options
    )


def figure(title: str, description: str, expr: str, *, unit: str = "short", width: int = 4, **more: Any) -> Panel:
    """One number."""
    options = {
        "reduceOptions": {"calcs": ["lastNotNull"]},
        "graphMode": "none",
        "textMode": "auto",
        "colorMode": "value",
    }
    legend = more.pop("legend", "")
    return Panel("stat", title, description, (Query(expr, legend, True),), unit, width, 4, options=options, **more)


def words(title: str, description: str, *matchers: str, legend: str, width: int = 24, height: int = 6) -> Panel:
    """Verdicts over time, as words."""
    options = {"showValue": "auto", "mergeValues": True, "rowHeight": 0.9, "legend": {"showLegend": False}}
    custom = {"fillOpacity": 80, "lineWidth": 0}
    query = Query(word_number(*matchers), legend)
    return Panel(
        "state-timeline",
        title,
        description,
        (query,),
        "none",
        width,
        height,
        options=options,
        custom=custom,
        mappings=(WORDS,),
    )


def _line(name: str, **properties: Any) -> dict[str, Any]:
    """How the series of one query looks."""
    return {
        "matcher": {"id": "byFrameRefID", "options": name},
        "properties": [{"id": key.replace("__", "."), "value": value} for key, value in properties.items()],
    }


def with_target(title: str, description: str, unit: Unit, *matchers: str, legend: str, width: int = 24) -> Panel:
    """Value, the range as a band, and the target as a dashed line from its own series."""
    queries = (
        Query(read(catalogue.VALUE[unit], *matchers), f"{legend} value"),
        Query(read(catalogue.TARGET_VALUE[unit], *matchers), f"{legend} target"),
        Query(read(catalogue.LOWER[unit], *matchers), f"{legend} lower"),
        Query(read(catalogue.UPPER[unit], *matchers), f"{legend} upper"),
    )
    band = {"custom__lineWidth": 0, "color": {"mode": "fixed", "fixedColor": BLUE}}
    overrides = (
        _line("A", custom__lineWidth=2, color={"mode": "fixed", "fixedColor": BLUE}),
        _line("B", custom__lineStyle={"fill": "dash", "dash": [10, 10]}, color={"mode": "fixed", "fixedColor": ORANGE}),
        _line("C", **band),
        _line("D", **band, custom__fillBelowTo=f"{legend} lower", custom__fillOpacity=15),
    )
    return Panel(
        *("timeseries", title, description, queries, UNITS[unit], width, 9),
        options={"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        custom={"drawStyle": "line", "lineInterpolation": "stepAfter", "spanNulls": False, "showPoints": "never"},
        overrides=overrides,
        highest=_RATIO_TOP[unit],
        decimals=1,
    )


def lines(
    title: str, description: str, queries: Sequence[Query], *, unit: str = "short", width: int = 12, **more: Any
) -> Panel:
    """Lines over time, not stacked."""
    return Panel(
        *("timeseries", title, description, queries, unit, width, 8),
        options={"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        custom={"drawStyle": "line", "spanNulls": False, "showPoints": "never", "stacking": {"mode": "none"}},
        **more,
    )


def table(
    title: str,
    description: str,
    columns: Mapping[str, tuple[str, str]],
    *,
    renamed: Mapping[str, str],
    width: int = 24,
    height: int = 10,
    sort: str = "",
) -> Panel:
    """`columns`: heading to (expression, unit), one query each; `renamed`: labels that show, with their headings; others are left out."""
    queries = [Query(expr, instant=True) for expr, _ in columns.values()]
    names = {f"Value #{'ABCDEFGHIJKLMNOP'[place]}": heading for place, heading in enumerate(columns)}
    if len(columns) == 1:
        names = {"Value": next(iter(columns))}
    shown = {**renamed, **names}
    order = {name: place for place, name in enumerate(shown)}
    overrides = [_column(heading, unit) for heading, (_, unit) in columns.items()]
    transformations = [
        {"id": "merge", "options": {}},
        {"id": "filterFieldsByName", "options": {"include": {"names": list(shown)}}},
        {"id": "organize", "options": {"renameByName": shown, "indexByName": order, "excludeByName": {}}},
    ]
    if sort:
        transformations.append({"id": "sortBy", "options": {"fields": {}, "sort": [{"field": sort, "desc": False}]}})
    return Panel(
        *("table", title, description, queries, "short", width, height),
        options={"showHeader": True, "cellHeight": "sm", "footer": {"show": False}},
        custom={"align": "auto", "filterable": True},
        overrides=overrides,
        transformations=transformations,
    )


def _column(heading: str, unit: str) -> dict[str, Any]:
    if unit == "verdict":
        cell = {"id": "custom.cellOptions", "value": {"type": "color-text"}}
        properties = [{"id": "mappings", "value": [WORDS]}, cell, {"id": "unit", "value": "none"}]
    else:
        properties = [{"id": "unit", "value": unit}]
        if unit in ("percentunit", "s"):
            properties.append({"id": "decimals", "value": 1})
    return {"matcher": {"id": "byName", "options": heading}, "properties": properties}


_FIGURES = {
    "value": catalogue.VALUE,
    "lower": catalogue.LOWER,
    "upper": catalogue.UPPER,
    "wanted": catalogue.TARGET_VALUE,
}


def readings(unit: Unit, *matchers: str, title: str, labels: Mapping[str, str], height: int = 10) -> Panel:
    """Every reading of a unit in a row of its own, the worst word first."""
    shown = UNITS[unit]
    columns = {"verdict": (titled(of_unit(word_number(*matchers), unit, *matchers)), "verdict")}
    columns |= {heading: (titled(read(pair[unit], *matchers)), shown) for heading, pair in _FIGURES.items()}
    columns["gap"] = (titled(gap(unit, *matchers)), shown)
    columns["people"] = (titled(of_unit(read(catalogue.DENOMINATOR, *matchers), unit, *matchers)), "locale")
    columns["mature"] = (titled(of_unit(read(catalogue.MATURITY, *matchers), unit, *matchers)), "percentunit")
    told = (
        "As published: the estimate, the range in which the truth lies, what was wanted, and by how much it is beyond that (below "
        "zero: short "
        "of it, whichever way is good). People: whom it is about. Mature: the share of messages whose window has closed. Worst first."
    )
    return table(title, told, columns, renamed=labels, height=height, sort="verdict")


def bars(
    title: str, description: str, queries: Sequence[Query], *, unit: str, highest: float | None = None, **more: Any
) -> Panel:
    """Bars side by side, of the last values."""
    options = {
        "displayMode": "basic",
        "orientation": "horizontal",
        "reduceOptions": {"calcs": ["lastNotNull"]},
        "valueMode": "text",
        "showUnfilled": True,
    }
    width, height = more.pop("width", 12), more.pop("height", 9)
    return Panel(
        "bargauge",
        title,
        description,
        queries,
        unit,
        width,
        height,
        options=options,
        highest=highest,
        decimals=1,
        **more,
    )
