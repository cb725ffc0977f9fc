"""Bytes cut into lines, each a record. Where the bytes come from is left to `file_stream`."""

from collectors.source import Record

# What a dead letter keeps of a line nobody will decode.
BEGINNING = 4096
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def cut_lines(data: bytes, offset: int, *, lines: int, record_limit: int) -> tuple[list[Record], int]:
    """Records of the first `lines` whole lines at most, and the offset behind the last of them.
    Empty lines give none; line ends (LF or CRLF) and the mark at the start of a file belong to no record."""
    pieces = data.split(b"\n", lines)
    pieces.pop()
    records: list[Record] = []
    plain = b"\r" not in data and offset > 0 and max(map(len, pieces), default=0) <= record_limit
    for piece in pieces:
        if piece:
            if plain:
                records.append(Record(offset, piece))
            else:
                _append(records, piece, offset, record_limit)
        offset += len(piece) + 1
    return records, offset


def _append(records: list[Record], line: bytes, offset: int, record_limit: int) -> None:
    if len(line) > record_limit:
        records.append(refuse_long(line, offset, record_limit))
    elif body := strip_line(line, offset):
        records.append(Record(offset, body))


def strip_line(line: bytes, offset: int) -> bytes:
    """A line without what belongs to the file and not to the record."""
    if offset == 0:
        line = line.removeprefix(BYTE_ORDER_MARK)
    return line.removesuffix(b"\r")


def refuse_long(line: bytes, offset: int, record_limit: int) -> Record:
    detail = f"a line is longer than {record_limit:,} bytes"
    return Record(offset, line[:BEGINNING], refused=("too_large", detail))
