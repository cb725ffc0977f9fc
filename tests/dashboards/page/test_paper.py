"""A statement as a page of its own."""

from html.parser import HTMLParser

from dashboards.page.paper import paper
from metrics.document import Block, Heading, Listing, Paragraph, Table, quoted

BLOCKS: list[Block] = [
    Heading(1, "Who"),
    Paragraph(f"Run `make` **now**, {quoted('<b> & *x*')}."),
    Listing(["one"]),
    Table(("what", "kept"), [("a", "b")]),
]


class Reader(HTMLParser):
    """Tags in order, and whether each that was opened was closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_block_has_its_element_and_all_are_closed() -> None:
    reader = Reader()
    reader.feed(paper("Who", BLOCKS))
    assert not reader.open
    assert [tag for tag in reader.tags if tag in ("h1", "p", "code", "strong", "ul", "li", "table", "th", "td")] == [
        *("h1", "p", "code", "strong", "ul", "li", "table", "th", "th", "td", "td")
    ]


def test_what_comes_from_outside_is_escaped_and_its_signs_are_gone() -> None:
    assert "<strong>now</strong>, &lt;b&gt; &amp; *x*." in paper("Who", BLOCKS)
    assert "<title>a &lt; b</title>" in paper("a < b", BLOCKS)


def test_the_page_needs_nothing_from_elsewhere() -> None:
    text = paper("Who", BLOCKS)
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")
