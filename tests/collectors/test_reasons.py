"""The words for why a record is a dead letter: a closed list, since each is a label."""

import re
from pathlib import Path

from collectors.events import REASONS

ROOM = Path(__file__).parents[2] / "collectors"
TEXTS = {file.name: file.read_text(encoding="utf-8") for file in ROOM.rglob("*.py")}
_GIVEN = re.compile(r'(?:Undecodable\(\s*|refused=\(|refused = |_refuse\([^"\n]*)"([a-z_]+)"')


def test_every_reason_that_is_given_stands_in_the_list() -> None:
    given = {word for text in TEXTS.values() for word in _GIVEN.findall(text)}
    assert len(given) > 20
    assert given - set(REASONS) == set(), "collectors.events.REASONS lists them"


def test_no_reason_stands_in_the_list_that_nobody_gives() -> None:
    others = "".join(text for name, text in TEXTS.items() if name != "events.py")
    assert [word for word in REASONS if f'"{word}"' not in others] == []


def test_the_list_is_in_order_and_has_nothing_twice() -> None:
    assert list(REASONS) == sorted(set(REASONS))
