"""What values.yaml says of every value: read line by line, as people read it. Comparing it with README and schema is left to the tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from tests.helm.chart import CHART

_KEY = re.compile(r"( *)([A-Za-z]+):")


@dataclass(frozen=True)
class Value:
    """`path`: with dots; `text`: the comment above it."""

    path: str
    text: str
    default: Any


def documented() -> Iterator[Value]:
    """Every value that has a comment `# --`, in the order of the file."""
    written = (CHART / "values.yaml").read_text(encoding="utf-8")
    defaults = yaml.safe_load(written)
    above: list[str] = []
    comment = ""
    for line in written.splitlines():
        key = _KEY.match(line)
        if key is not None:
            above = [*above[: len(key[1]) // 2], key[2]]
            if comment:
                yield Value(".".join(above), comment, _at(defaults, above))
        comment = line.partition("# -- ")[2] if line.lstrip().startswith("# -- ") else ""


def leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The path of everything in values.yaml that is no mapping, or an empty one."""
    if isinstance(tree, dict) and tree:
        for key, value in tree.items():
            yield from leaves(value, (*path, key))
    else:
        yield ".".join(path)


def table() -> str:
    """The README's."""
    rows = "".join(f"| `{value.path}` | {value.text} | `{_short(value.default)}` |\n" for value in documented())
    return f"| value | what it says | default |\n|---|---|---|\n{rows}"


def _at(tree: Any, path: list[str]) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def _short(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True, width=1000).removesuffix("\n").removesuffix("\n...")
