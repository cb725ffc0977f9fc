"""What a written statement is made of (headings, paragraphs, lists, tables), and how it is written as Markdown. What it says is left to
those who make one, how it looks as a page to `dashboards`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

_SIGNS = re.compile(r"([\\`*_\[\]<>#|~])")
_PIECES = re.compile(r"\\(?P<sign>.)|`(?P<code>[^`]+)`|\*\*(?P<strong>.+?)\*\*", re.DOTALL)

Style = Literal["plain", "code", "strong"]


@dataclass(frozen=True)
class Heading:
    """`level`: 1 for the title of the whole."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Listing:
    entries: Sequence[str]


@dataclass(frozen=True)
class Table:
    """`rows` as long as `head`."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Block: TypeAlias = Heading | Paragraph | Listing | Table
"""Texts may hold `code` and **strong** words; what came from outside goes through `quoted` first."""


def quoted(text: str) -> str:
    """A text from outside, so that nothing in it is taken for a sign, and it stays on its line."""
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def pieces(text: str) -> Iterator[tuple[Style, str]]:
    """A text in its pieces, signs read."""
    at = 0
    for found in _PIECES.finditer(text):
        if found.start() > at:
            yield "plain", text[at : found.start()]
        style: Style = "code" if found["code"] else "strong" if found["strong"] else "plain"
        yield style, found["code"] or found["strong"] or found["sign"]
        at = found.end()
    if at < len(text):
        yield "plain", text[at:]


def to_markdown(blocks: Iterable[Block]) -> str:
    return "\n\n".join(map(_markdown, blocks)) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {block.text}"
        case Paragraph():
            return block.text
        case Listing():
            return "\n".join(f"- {entry}" for entry in block.entries)
        case Table():
            return "\n".join([_row(block.head), _row(["---"] * len(block.head)), *map(_row, block.rows)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
