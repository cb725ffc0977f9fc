"""YAML and JSON as rows of mappings, lists and texts. Choosing the format and CSV are left to `rows`.

Every scalar arrives as the text that was written, so that the key decides what it means and the format never does (`NO`
for a country, `007` for a number); only an empty value is None.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import yaml

from metrics.masking import mask, shown

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree] | None"

_DEEPEST = 12
_MOST_NODES = 20_000_000
_NULL = "tag:yaml.org,2002:null"


class FileRow(NamedTuple):
    """`place`: where in the file, as people look for it (`line 12`, or of JSON `row 3`)."""

    place: str
    cells: dict[str, Tree]


class Malformed(ValueError):
    """What is no row, or no file of rows. The text says what was found, `allowed` what may stand there."""

    def __init__(self, found: str, allowed: str, place: str = "") -> None:
        super().__init__(found)
        self.allowed = allowed
        self.place = place


def read_yaml(text: str) -> Iterator[FileRow | Malformed]:
    """Rows of a list, or of the list under the only key; Malformed is raised where the whole is no such thing."""
    node = _compose(text)
    if isinstance(node, yaml.MappingNode) and len(node.value) == 1:
        node = node.value[0][1]  # `messages:` and the list below it
    if node is None or node.tag == _NULL:
        return
    if not isinstance(node, yaml.SequenceNode):
        raise Malformed("no list", "a list: each row begins with `- `", "line 1")
    trees = _Trees()
    for child in node.value:
        tree = trees.build(child)
        if isinstance(tree, dict):
            yield FileRow(_line(child), tree)
        else:
            yield Malformed("a row that is no mapping", "`key: value`, one or more a row", _line(child))


def read_flow(text: str) -> Tree:
    """What a cell of CSV says that is written as in YAML: `{department: [Sales]}`. Malformed where it says nothing."""
    node = _compose(text)
    return None if node is None else _Trees().build(node)


def _compose(text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Malformed(f"no YAML ({mask(str(error.problem))})", "one YAML document", f"line {line}") from None
    except yaml.YAMLError:
        raise Malformed("no YAML", "one YAML document of printable characters") from None
    except RecursionError:
        raise Malformed("nesting without end", f"{_DEEPEST} levels at most") from None


class _Trees:
    """Builds the trees of one document's nodes. A node met twice is an alias; a few of them in each other stand for more than
    memory holds, so what they stand for is counted."""

    def __init__(self) -> None:
        self._built: dict[int, tuple[Tree, int]] = {}
        self._open: set[int] = set()
        self._nodes = 0

    def build(self, node: yaml.Node) -> Tree:
        if isinstance(node, yaml.ScalarNode):
            self._nodes += 1
            return None if node.tag == _NULL else str(node.value)
        if id(node) in self._built:
            tree, nodes = self._built[id(node)]
            self._count(nodes, node)
            return tree
        if id(node) in self._open or len(self._open) > _DEEPEST:
            raise Malformed("nesting without end", f"{_DEEPEST} levels at most", _line(node))
        self._open.add(id(node))
        before = self._nodes
        self._count(1, node)
        tree = [self.build(child) for child in node.value] if isinstance(node, yaml.SequenceNode) else self._map(node)
        self._open.remove(id(node))
        self._built[id(node)] = (tree, self._nodes - before)
        return tree

    def _count(self, nodes: int, node: yaml.Node) -> None:
        self._nodes += nodes
        if self._nodes > _MOST_NODES:
            raise Malformed("more values than any file of ours has", f"{_MOST_NODES:,} at most", _line(node))

    def _map(self, node: yaml.Node) -> Tree:
        tree: dict[str, Tree] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Malformed("a key that is no text", "`key: value`", _line(node))
            if key.value in tree:
                raise Malformed(f"the key {shown(key.value)} twice", "each key once in a row", _line(key))
            tree[str(key.value)] = self.build(value)
        return tree


def _line(node: yaml.Node) -> str:
    return f"line {node.start_mark.line + 1}"


def read_json(text: str) -> Iterator[FileRow | Malformed]:
    """The same of JSON."""
    try:
        parsed = json.loads(
            text, object_pairs_hook=_unique, parse_int=str, parse_float=str, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        raise Malformed(f"no JSON ({error.msg})", "one JSON document", f"line {error.lineno}") from None
    except RecursionError:
        raise Malformed("nesting without end", f"{_DEEPEST} levels at most") from None
    if isinstance(parsed, dict) and len(parsed) == 1:
        parsed = next(iter(parsed.values()))  # `{"messages": [...]}`
    if not isinstance(parsed, list):
        raise Malformed("no list", "a list of rows: `[{...}, {...}]`")
    for number, row in enumerate(parsed, start=1):
        place = f"row {number}"
        if isinstance(row, dict):
            yield FileRow(place, {key: _tree_of_json(value, place) for key, value in row.items()})
        else:
            yield Malformed("a row that is no object", "`{...}`, an object a row", place)


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
