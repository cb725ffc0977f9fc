"""Lines cut from bytes, and where each of them begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.file_lines import BEGINNING, cut_lines


def cut(
    data: bytes, *, offset: int = 0, lines: int = 100, record_limit: int = 100
) -> tuple[list[tuple[int, bytes]], int]:
    records, end = cut_lines(data, offset, lines=lines, record_limit=record_limit)
    return [(record.offset, record.body) for record in records], end


@pytest.mark.parametrize(
    ("data", "offset", "records", "end"),
    [
        pytest.param(b"a\nbc\n", 0, [(0, b"a"), (2, b"bc")], 5, id="whole lines"),
        pytest.param(b"a\nbc", 7, [(7, b"a")], 9, id="half a last line is left"),
        pytest.param(b"abc", 7, [], 7, id="half a line alone"),
        pytest.param(b"", 7, [], 7, id="nothing"),
        pytest.param(b"a\r\nb\r\n", 0, [(0, b"a"), (3, b"b")], 6, id="lines that end with CRLF"),
        pytest.param(b"a\rb\n", 9, [(9, b"a\rb")], 13, id="a CR within a line stays"),
        pytest.param(b"\n\r\na\n\n", 0, [(3, b"a")], 6, id="empty lines give no records"),
        pytest.param(b"\xef\xbb\xbfa\n", 0, [(0, b"a")], 5, id="a byte order mark at the start"),
        pytest.param(b"\xef\xbb\xbf\r\na\n", 0, [(5, b"a")], 7, id="a first line with nothing but the mark"),
        pytest.param(b"\xef\xbb\xbfa\n", 9, [(9, b"\xef\xbb\xbfa")], 14, id="the same bytes elsewhere are no mark"),
        pytest.param(b" \n", 0, [(0, b" ")], 2, id="a line of spaces is a line"),
    ],
)
def test_lines_become_records(data: bytes, offset: int, records: list[tuple[int, bytes]], end: int) -> None:
    assert cut(data, offset=offset) == (records, end)


def test_no_more_lines_than_asked_for_are_cut() -> None:
    assert cut(b"a\n\nb\nc\n", lines=3) == ([(0, b"a"), (3, b"b")], 5)


def test_a_line_over_the_limit_is_refused_with_its_beginning() -> None:
    records, end = cut_lines(b"x" * 9000 + b"\nab\n", 0, lines=10, record_limit=8000)
    long, short = records
    assert long.refused == ("too_large", "a line is longer than 8,000 bytes")
    assert (long.body, short.refused, end) == (b"x" * BEGINNING, None, 9004)


@given(st.lists(st.binary(max_size=8).filter(lambda line: b"\n" not in line and b"\r" not in line)), st.integers(1, 9))
def test_every_line_lies_where_its_offset_says(lines: list[bytes], offset: int) -> None:
    data = b"".join(line + b"\n" for line in lines)
    records, end = cut(data, offset=offset)
    assert end == offset + len(data)
    assert [body for _, body in records] == [line for line in lines if line]
    assert all(data[at - offset :].startswith(body + b"\n") for at, body in records)
