"""What is drawn: a shape for each word, so that no verdict rests on colour alone, and a reading's range beside its target.
The words and figures themselves stand beside them as text, so drawings are hidden from screen readers."""

from dashboards.page.markup import Html, element, joined
from metrics.snapshot import PublishedReading
from metrics.wording import Word

_RING = '<circle cx="8" cy="8" r="6.4" fill="none" stroke="currentColor" stroke-width="1.6"{}/>'
_LINE = '<path d="{}" fill="none" stroke="{}" stroke-width="1.8" stroke-linecap="round"/>'

_SHAPES: dict[Word, str] = {
    "missed": '<path d="M8 1.2 15.4 14.6H.6Z" fill="currentColor"/>',
    "met": '<circle cx="8" cy="8" r="7.2" fill="currentColor"/>',
    "cannot be told": '<path d="M8 1 15 8 8 15 1 8Z" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    + _LINE.format("M8 5v3.4M8 11v.1", "currentColor"),
    "no data": _RING.format(' stroke-dasharray="2.6 2.4"'),
    "not yet": _RING.format("") + _LINE.format("M8 4.6V8l2.3 1.6", "currentColor"),
    "hidden": '<rect x="1.5" y="1.5" width="13" height="13" rx="2" fill="currentColor" opacity=".35"/>'
    + _LINE.format("M3 13 13 3", "currentColor"),
    "does not apply": _LINE.format("M2.5 8h11", "currentColor"),
    "watched": _RING.format("") + '<circle cx="8" cy="8" r="2.4" fill="currentColor"/>',
}

_WIDTH, _HEIGHT = 160, 18


def mark(word: Word) -> Html:
    shape = Html(_SHAPES[word])
    return element("svg", shape, class_="mark", viewBox="0 0 16 16", aria_hidden="true", focusable="false")


def marked(word: Word, class_: str = "word") -> Html:
    """The word with its shape before it."""
    return element("span", mark(word), word, class_=f"{class_} {css_class(word)}".strip())


def css_class(word: Word) -> str:
    """Colour says only what the mission is about, missed or met; all kinds of not knowing are grey."""
    return word if word in ("missed", "met") else ""


def graph(reading: PublishedReading, word: Word) -> Html | None:
    """The range as a bar, the value as a dot, the target as a dashed line; None where nothing is known.

    Ratios are drawn on 0 to 1, times from 0 to a little over the largest figure; a range without an end runs off the edge.
    """
    if reading.lower is None:
        return None
    figures = [one for one in (reading.value, reading.lower, reading.upper, reading.target_value) if one is not None]
    scale = 1.0 if reading.unit == "ratio" else max(*figures, 1.0) * 1.15
    left = _across(reading.lower, scale)
    right = float(_WIDTH) if reading.upper is None else _across(reading.upper, scale)
    parts = [
        element("rect", class_="track", x=0, y=7, width=_WIDTH, height=4, rx=2),
        element("rect", class_="range", x=_place(left), y=5, width=_place(max(right - left, 2.0)), height=8, rx=2),
    ]
    if reading.value is not None:
        parts.append(element("circle", class_="point", cx=_place(_across(reading.value, scale)), cy=9, r=4))
    if reading.target_value is not None:
        at = _place(_across(reading.target_value, scale))
        parts.append(element("line", class_="goal", x1=at, x2=at, y1=0, y2=_HEIGHT))
    return element(
        "svg",
        joined(*parts),
        class_=f"graph {css_class(word)}".strip(),
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        aria_hidden="true",
        focusable="false",
    )


def _across(figure: float, scale: float) -> float:
    return min(max(figure / scale, 0.0), 1.0) * _WIDTH


def _place(pixels: float) -> str:
    return f"{pixels:.1f}"
