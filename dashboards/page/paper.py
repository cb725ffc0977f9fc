"""A written statement as one HTML file that needs nothing else, to be read, printed or handed on. What it says is left to those who made
it."""

from collections.abc import Iterable

from dashboards.page.markup import Html, element, joined
from metrics.document import Block, Heading, Listing, Paragraph, Table, pieces

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1c2024; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.2rem; border-bottom: 1px solid #c9ced4; padding-bottom: .2rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border: 1px solid #c9ced4; }
th { background: #f2f4f6; } code { background: #f2f4f6; padding: 0 .2em; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } tr { break-inside: avoid; } h2 { break-after: avoid; } }
"""
_TAGS = {"code": "code", "strong": "strong"}


def paper(title: str, blocks: Iterable[Block]) -> str:
    """The whole file."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Html(_STYLE)),
    )
    return (
        "<!doctype html>\n" + element("html", head, element("body", element("main", *map(_block, blocks))), lang="en")
    ) + "\n"


def _block(block: Block) -> Html:
    match block:
        case Heading():
            return element(f"h{block.level}", _text(block.text))
        case Paragraph():
            return element("p", _text(block.text))
        case Listing():
            return element("ul", *(element("li", _text(entry)) for entry in block.entries))
        case Table():
            head = element("tr", *(element("th", _text(cell), scope="col") for cell in block.head))
            rows = [element("tr", *(element("td", _text(cell)) for cell in row)) for row in block.rows]
            return element("table", element("thead", head), element("tbody", *rows))


def _text(text: str) -> Html:
    return joined(*(element(_TAGS[style], each) if style in _TAGS else each for style, each in pieces(text)))
