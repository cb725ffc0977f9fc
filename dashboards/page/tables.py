"""Tables that stay tables on a phone. The narrow layout shows rows as cards, each cell beside its column's name; roles are
said again, since some browsers take them away from a table that is laid out so."""

from collections.abc import Sequence

from dashboards.page.markup import Child, Html, element


def table(columns: Sequence[str], bodies: Sequence[Html], *, caption: str, class_: str | None = None) -> Html:
    """`bodies`: `tbody` elements. `caption`: what the table shows."""
    heads = (element("th", text, scope="col", role="columnheader") for text in columns)
    head = element("thead", row(*heads), role="rowgroup")
    return element("table", element("caption", caption), head, *bodies, class_=class_, role="table")


def body(*rows: Html | None) -> Html:
    return element("tbody", *rows, role="rowgroup")


def row(*cells: Html, class_: str | None = None) -> Html:
    return element("tr", *cells, class_=class_, role="row")


def heading(*children: Child) -> Html:
    """The cell that names its row."""
    return element("th", *children, scope="row", role="rowheader")


def cell(label: str, *children: Child, wide: bool = False) -> Html:
    """`label`: the column's name. `wide`: on a phone the name stands above, not beside it."""
    return element("td", *children, data_label=label, class_="wide" if wide else None, role="cell")


def small(*children: Child) -> Html:
    """A second line in a cell, in smaller print."""
    return element("span", *children, class_="small")


def number(text: str) -> Html:
    return element("span", text, class_="number")
