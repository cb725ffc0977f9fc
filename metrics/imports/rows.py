"""A file as a list of rows: CSV, YAML or JSON, the same rows whichever it is. YAML and JSON are read by `trees`; what a row
means is left to `directory_file` and `catalogue_file`."""

import csv
import io
from collections.abc import Callable, Iterator

from config.problem import Problem
from metrics.imports.trees import FileRow, Malformed, read_json, read_yaml
from metrics.masking import mask, shown

_MOST_PROBLEMS = 100


def read_rows(name: str, body: bytes) -> Iterator[FileRow | Problem]:
    """The rows of a file, by the ending of its name, one by one; in the place of one that has the wrong form, the problem.
    After a problem of the whole file nothing follows."""
    read = _FORMATS.get(name.rpartition(".")[2].lower())
    try:
        if read is None:
            raise Malformed("another ending", f"a file that ends in {ENDINGS}")
        for row in read(_text(body)):
            yield row if isinstance(row, FileRow) else _problem(name, row)
    except Malformed as malformed:
        yield _problem(name, malformed)


def _problem(name: str, malformed: Malformed) -> Problem:
    return Problem(mask(name), str(malformed), malformed.allowed, place=malformed.place)


def first_of(problems: list[Problem], name: str) -> list[Problem]:
    """As many as somebody will read; a column that is wrong in every row is one mistake."""
    if len(problems) <= _MOST_PROBLEMS:
        return problems
    more = f"{len(problems) - _MOST_PROBLEMS:,} more problems"
    return [*problems[:_MOST_PROBLEMS], Problem(mask(name), more, "none", "Mend these first.")]


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise Malformed("bytes that are not UTF-8", "text in UTF-8: save the file as `UTF-8`", f"line {line}") from None


def _read_csv(text: str) -> Iterator[FileRow | Malformed]:
    first = text.partition("\n")[0]
    # Spreadsheets write what the country's settings say; the header shows which.
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begin = 1
    try:
        header = _header(next(reader, []))
        begin = reader.line_num + 1
        for cells in reader:
            place, begin = f"line {begin}", reader.line_num + 1
            if not any(cells):
                continue
            if len(cells) == len(header):
                yield FileRow(place, {key: cell for key, cell in zip(header, cells, strict=True) if cell})
            else:
                yield Malformed(f"{len(cells)} cells", f"{len(header)}, as many as the header has", place)
    except csv.Error as error:
        raise Malformed(f"no CSV ({error})", "CSV with its quotes closed", f"line {begin}") from None


def _header(cells: list[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    if not any(header):
        raise Malformed("no header", "a first line with the names of the columns", "line 1")
    if "" in header:
        raise Malformed("a column without a name", "a name for each column", "line 1")
    twice = next((cell for cell in header if header.count(cell) > 1), None)
    if twice is not None:
        raise Malformed(f"the column {shown(twice)} twice", "each column once", "line 1")
    return header


_FORMATS: dict[str, Callable[[str], Iterator[FileRow | Malformed]]] = {
    "csv": _read_csv,
    "yaml": read_yaml,
    "yml": read_yaml,
    "json": read_json,
}
ENDINGS = "`.csv`, `.yaml`, `.yml` or `.json`"
SUFFIXES = frozenset(f".{ending}" for ending in _FORMATS)
