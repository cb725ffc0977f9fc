"""The words for why a record is a dead letter: a closed list, since each is a label."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from collectors.events import KILLS, REASONS

ROOM = Path(__file__).parents[2] / "collectors"
# Neither the company nor the words for programs refuse anything.
FILES = [file for file in ROOM.rglob("*.py") if "simulation" not in file.parts and file.name != "agents.py"]
_WORD = re.compile(r"[a-z][a-z0-9_]*")


def given() -> Iterator[str]:
    """A word with a sentence behind it, in a tuple or a call: a reason with its detail, wherever it is made."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            parts = node.elts if isinstance(node, ast.Tuple) else node.args if isinstance(node, ast.Call) else ()
            for first, second in pairwise(parts):
                if isinstance(first, ast.Constant) and _WORD.fullmatch(str(first.value)) and is_sentence(second):
                    yield str(first.value)


def is_sentence(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr | ast.Name) and " " in ast.unparse(node).strip()


def test_every_reason_that_is_given_stands_in_the_list() -> None:
    found = set(given())
    assert found - set(REASONS) == set(), "collectors.events.REASONS lists them"
    assert {"bad_utf8", "old_format"} <= found


def test_no_reason_stands_in_the_list_that_nobody_gives() -> None:
    others = "".join(file.read_text(encoding="utf-8") for file in FILES if file.name != "events.py")
    assert [word for word in REASONS if f'"{word}"' not in others] == [KILLS]
    assert "(KILLS, " in others


def test_the_list_is_in_order_and_has_nothing_twice() -> None:
    assert list(REASONS) == sorted(set(REASONS))
