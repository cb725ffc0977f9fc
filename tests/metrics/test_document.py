"""What is written down stays what it was: nothing from outside becomes a sign."""

import pytest

from metrics.document import Block, Heading, Listing, Paragraph, Table, pieces, quoted, to_markdown

ODD = r"a | b `c` **d** <e> [f](g) \ # ~h~ _i_"


def test_blocks_are_written_one_after_the_other() -> None:
    blocks: list[Block] = [
        Heading(2, "Who"),
        Paragraph("Some."),
        Listing(["one", "two"]),
        Table(("a", "b"), [("1", "2")]),
    ]
    assert to_markdown(blocks) == "## Who\n\nSome.\n\n- one\n- two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"


def test_signs_are_read() -> None:
    assert list(pieces("see `k`, **now**")) == [("plain", "see "), ("code", "k"), ("plain", ", "), ("strong", "now")]


@pytest.mark.parametrize("text", [ODD, "plain", "two **stars", "a ` tick", "\\"])
def test_what_is_quoted_is_read_as_it_was(text: str) -> None:
    found = list(pieces(quoted(text)))
    assert {style for style, _ in found} == {"plain"}
    assert "".join(piece for _, piece in found) == text


def test_what_is_quoted_stays_on_its_line_and_in_its_cell() -> None:
    lines = to_markdown([Table(("a",), [(quoted("one\n| two |\n# three"),)])]).splitlines()
    assert lines[2:] == [r"| one \| two \| \# three |"]
