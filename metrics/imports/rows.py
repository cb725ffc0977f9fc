"""A file as a list of rows: CSV, YAML or JSON, the same rows whichever it is. What a row means is left to `directory_file` and
`catalogue_file`.

Every scalar arrives as the text that was written, so that the key decides what it means and the format never does (`NO`
for a country, `007` for a number); only an empty value is None.
"""

import csv
import io
import json
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import yaml

from config.problem import Problem
from metrics.masking import shown

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"

_DEEPEST = 12
_NULL = "tag:yaml.org,2002:null"


class FileRow(NamedTuple):
    """`place`: where in the file, as people look for it (`line 12`, or of JSON `row 3`)."""

    place: str
    cells: dict[str, Tree]


class Malformed(ValueError):
    """The file as a whole cannot be read. The text says what was found, `allowed` what may stand there."""

    def __init__(self, found: str, allowed: str, place: str = "") -> None:
        super().__init__(found)
        self.allowed = allowed
        self.place = place


def read_rows(name: str, body: bytes) -> tuple[list[FileRow], list[Problem]]:
    """The rows of a file, by the ending of its name, and everything that is wrong with its form. Rows that have the wrong
    form are left out."""
    read = _FORMATS.get(name.rpartition(".")[2].lower())
    if read is None:
        return [], [Problem(name, "another ending", f"a file that ends in {ENDINGS}")]
    try:
        return read(name, _text(body))
    except Malformed as malformed:
        return [], [Problem(name, str(malformed), malformed.allowed, place=malformed.place)]


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise Malformed("bytes that are not UTF-8", "text in UTF-8: save the file as `UTF-8`", f"line {line}") from None


def _read_csv(name: str, text: str) -> tuple[list[FileRow], list[Problem]]:
    first = text.partition("\n")[0]
    # Spreadsheets write what the country's settings say; the header shows which.
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[FileRow] = []
    problems: list[Problem] = []
    begin = 1
    try:
        header = _header(next(reader, []))
        begin = reader.line_num + 1
        for cells in reader:
            place, begin = f"line {begin}", reader.line_num + 1
            if not any(cells):
                continue
            if len(cells) == len(header):
                rows.append(FileRow(place, {key: cell for key, cell in zip(header, cells, strict=True) if cell}))
            else:
                found = f"{len(cells)} cells"
                problems.append(Problem(name, found, f"{len(header)}, as many as the header has", place=place))
    except csv.Error as error:
        raise Malformed(f"no CSV ({error})", "CSV with its quotes closed", f"line {begin}") from None
    return rows, problems


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


def _read_yaml(name: str, text: str) -> tuple[list[FileRow], list[Problem]]:
    node = compose(text)
    if node is None or node.tag == _NULL:
        return [], []
    if not isinstance(node, yaml.SequenceNode):
        raise Malformed("no list", "a list: each row begins with `- `", "line 1")
    rows: list[FileRow] = []
    problems: list[Problem] = []
    seen: set[int] = set()
    for child in node.value:
        place = f"line {child.start_mark.line + 1}"
        tree = _tree_of_node(child, seen)
        if isinstance(tree, dict):
            rows.append(FileRow(place, tree))
        else:
            problems.append(Problem(name, "no mapping", "`key: value`, a row of a mapping each", place=place))
    return rows, problems


def compose(text: str) -> yaml.Node | None:
    """The nodes of one YAML document; Malformed where it is none."""
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Malformed(f"no YAML ({error.problem})", "one YAML document", f"line {line}") from None
    except yaml.YAMLError:
        raise Malformed("no YAML", "one YAML document in printable characters") from None
    except RecursionError:
        raise Malformed("nesting without end", f"{_DEEPEST} levels at most") from None


def read_flow(text: str) -> Tree:
    """What a cell of CSV says that is written as YAML: `{department: [Sales]}`. Malformed where it says nothing."""
    node = compose(text)
    return None if node is None else _tree_of_node(node, set())


def _tree_of_node(node: yaml.Node, seen: set[int], depth: int = 0) -> Tree:
    if isinstance(node, yaml.ScalarNode):
        return None if node.tag == _NULL else str(node.value)
    place = f"line {node.start_mark.line + 1}"
    if depth > _DEEPEST:
        raise Malformed("nesting without end", f"{_DEEPEST} levels at most", place)
    # A node met twice is an alias: a few of them in each other stand for more rows than memory holds.
    if id(node) in seen:
        raise Malformed("an alias (`*name`)", "every row written out", place)
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_tree_of_node(child, seen, depth + 1) for child in node.value]
    tree: dict[str, Tree] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise Malformed("a key that is no text", "`key: value`", place)
        if key.value in tree:
            line = f"line {key.start_mark.line + 1}"
            raise Malformed(f"the key {shown(key.value)} twice", "each key once in a row", line)
        tree[str(key.value)] = _tree_of_node(value, seen, depth + 1)
    return tree


def _read_json(name: str, text: str) -> tuple[list[FileRow], list[Problem]]:
    try:
        parsed = json.loads(
            text, object_pairs_hook=_unique, parse_int=str, parse_float=str, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        raise Malformed(f"no JSON ({error.msg})", "one JSON document", f"line {error.lineno}") from None
    except RecursionError:
        raise Malformed("nesting without end", f"{_DEEPEST} levels at most") from None
    if not isinstance(parsed, list):
        raise Malformed("no list", "a list of rows: `[{...}, {...}]`")
    rows: list[FileRow] = []
    problems: list[Problem] = []
    for number, row in enumerate(parsed, start=1):
        place = f"row {number}"
        if isinstance(row, dict):
            rows.append(FileRow(place, {key: _tree_of_json(value, place) for key, value in row.items()}))
        else:
            problems.append(Problem(name, "no object", "`{...}`, an object a row", place=place))
    return rows, problems


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Malformed(f"the key {shown(twice)} twice", "each key once in a row")
    return tree


def _refuse_constant(text: str) -> Any:
    raise Malformed(f"`{text}`", "a finite number")


def _tree_of_json(value: Any, place: str, depth: int = 0) -> Tree:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if depth > _DEEPEST:
        raise Malformed("nesting without end", f"{_DEEPEST} levels at most", place)
    if isinstance(value, list):
        return [_tree_of_json(child, place, depth + 1) for child in value]
    return {key: _tree_of_json(child, place, depth + 1) for key, child in value.items()}


_FORMATS: dict[str, Callable[[str, str], tuple[list[FileRow], list[Problem]]]] = {
    "csv": _read_csv,
    "yaml": _read_yaml,
    "yml": _read_yaml,
    "json": _read_json,
}
ENDINGS = "`.csv`, `.yaml`, `.yml` or `.json`"
SUFFIXES = frozenset(f".{ending}" for ending in _FORMATS)
