"""Panels of the shapes that dashboards share: a figure, a tile, lines with target and band, words over time, bars. Tables are left to
`tables`, what they show to the files of the dashboards."""

from collections.abc import Sequence
from typing import Any

from dashboards.panels import BLUE, NO_FIGURE, ORANGE, UNITS, WORDS, Panel, Query, colour
from dashboards.questions import read, word_number
from metrics import catalogue
from metrics.snapshot import Unit
from metrics.wording import Word

_RATIO_TOP: dict[Unit, float | None] = {"ratio": 1.0, "seconds": None}


def text(markdown: str, *, height: int = 4, title: str = "How to read this") -> Panel:
    options = {"mode": "markdown", "content": markdown}
    return Panel(
        "text", title, "What this dashboard answers, and for whom.", (), width=24, height=height, options=options
    )


def figure(title: str, description: str, expr: str, *, unit: str = "short", width: int = 4, **more: Any) -> Panel:
    """One number, or one a series, each with its legend; `told`: which of both shows, where not both do."""
    legend = more.pop("legend", "")
    told = more.pop("told", "value_and_name" if legend else "value")
    options = {
        "reduceOptions": {"calcs": ["lastNotNull"]},
        "graphMode": "none",
        "textMode": told,
        "colorMode": "value",
    }
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


_DASHED = {"fill": "dash", "dash": [10, 10]}


def _course(title: str, description: str, queries: Sequence[Query], unit: Unit, **more: Any) -> Panel:
    return Panel(
        *("timeseries", title, description, queries, UNITS[unit], more.pop("width", 24), 9),
        options={"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        custom={"drawStyle": "line", "lineInterpolation": "stepAfter", "spanNulls": False, "showPoints": "never"},
        highest=_RATIO_TOP[unit],
        empty=NO_FIGURE,
        **more,
    )


def painted(letter: str, word: Word) -> dict[str, Any]:
    """The answers of one query in the colour of a word."""
    return _line(letter, color={"mode": "fixed", "fixedColor": colour(word)})


def with_target(title: str, description: str, unit: Unit, *matchers: str, **more: Any) -> Panel:
    """One reading: value, the range as a band, and the target as a dashed line from its own series. A band is drawn down to a series of
    a fixed name, so that it takes a panel of its own for each reading."""
    queries = (
        Query(read(catalogue.VALUE[unit], *matchers), "value"),
        Query(read(catalogue.TARGET_VALUE[unit], *matchers), "wanted"),
        Query(read(catalogue.LOWER[unit], *matchers), "lower end"),
        Query(read(catalogue.UPPER[unit], *matchers), "upper end"),
    )
    band = {"custom__lineWidth": 0, "color": {"mode": "fixed", "fixedColor": BLUE}}
    overrides = (
        _line("A", custom__lineWidth=2, color={"mode": "fixed", "fixedColor": BLUE}),
        _line("B", custom__lineStyle=_DASHED, color={"mode": "fixed", "fixedColor": ORANGE}),
        _line("C", **band),
        _line("D", **band, custom__fillBelowTo="lower end", custom__fillOpacity=15),
    )
    return _course(title, description, queries, unit, overrides=overrides, **more)


def compared(title: str, description: str, unit: Unit, *matchers: str, legend: str, **more: Any) -> Panel:
    """Several readings: their values, each with its target as a dashed line; ranges would hide each other."""
    queries = (
        Query(read(catalogue.VALUE[unit], *matchers), legend),
        Query(read(catalogue.TARGET_VALUE[unit], *matchers), f"{legend} wanted"),
    )
    return _course(title, description, queries, unit, overrides=(_line("B", custom__lineStyle=_DASHED),), **more)


def tile(title: str, description: str, *matchers: str, word: str, **more: Any) -> Panel:
    """A reading in figures: value with its course, what was wanted, and the verdict `word` as a word."""
    queries = (
        *(Query(read(catalogue.VALUE[unit], *matchers), "value") for unit in UNITS),
        *(Query(read(catalogue.TARGET_VALUE[unit], *matchers), "wanted", True) for unit in UNITS),
        Query(word, "verdict", True),
    )
    options = {
        "reduceOptions": {"calcs": ["lastNotNull"]},
        "graphMode": "area",
        "textMode": "value_and_name",
        "colorMode": "value",
        "orientation": "horizontal",
        "text": {"titleSize": 13, "valueSize": 18},
    }
    told = [_line(letter, unit=UNITS["seconds"]) for letter in "BD"]
    told.append(_line("E", unit="none", mappings=[WORDS]))
    return Panel(
        *("stat", title, description, queries, UNITS["ratio"], more.pop("width", 6), 5),
        options=options,
        overrides=told,
        empty=NO_FIGURE,
        **more,
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
        empty=NO_FIGURE,
        **more,
    )
