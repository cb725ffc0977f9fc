"""Nothing that can stand in a file or an environment makes loading raise, or a problem unprintable."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from config.describe import keys_of
from config.load import Loaded, load
from config.problem import format_problems, summarise
from config.schema import Scope, Settings, SourceSettings, Target

EXAMPLES = int(os.environ.get("EARSHOT_TEST_EXAMPLES", "100"))
KEYS = sorted(
    {key for part in (Settings, SourceSettings, Target, Scope) for key in keys_of(part)}
    | {"files", "zone", "end", "as_of"}
)
VALUES = [
    "",
    "70",
    "70 %",
    "0,8",
    "1:30",
    "5 working days",
    "9" * 5000,
    "nan",
    "-1",
    "2026-02-30",
    "24:00",
    "../..",
    "a\0b",
    "\ud800",
]
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(VALUES)
NAMES = st.sampled_from(KEYS) | st.text(max_size=5)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=25
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any") / "earshot.yaml"


def faults(loaded: Loaded) -> list[str]:
    """What would be wrong whatever was loaded."""
    text = format_problems(loaded.problems) + summarise(loaded.problems, "earshot.yaml")
    possible = {
        "sound and refused at once, or neither": (loaded.settings is None) != bool(loaded.problems),
        "a terminal could be steered": "\x1b" in text,
        "a problem does not say what was found": "found \n" in text,
        "no terminal could show it": text.encode("utf-8", "replace").decode() != text,
    }
    return [fault for fault, holds in possible.items() if holds]


@settings(deadline=None, max_examples=EXAMPLES)
@given(body=st.binary(max_size=200))
def test_no_bytes_make_loading_raise(file: Path, body: bytes) -> None:
    file.write_bytes(body)
    assert faults(load(file, {})) == []


@settings(deadline=None, max_examples=EXAMPLES)
@given(text=st.text(alphabet=st.sampled_from("ab:1-[]{}&*!|>'\"%@`#?,~ \t\n\\\x00\x1b\u2028é"), max_size=60))
def test_no_text_makes_loading_raise(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    assert faults(load(file, {})) == []


@settings(deadline=None, max_examples=EXAMPLES)
@given(tree=st.dictionaries(NAMES, TREES, max_size=6))
def test_no_structure_makes_loading_raise(file: Path, tree: dict[str, Any]) -> None:
    file.write_text(yaml.safe_dump(tree), encoding="utf-8")
    assert faults(load(file, {})) == []


@settings(deadline=None, max_examples=EXAMPLES)
@given(
    targets=st.lists(st.dictionaries(st.sampled_from(list(keys_of(Target))), TREES, max_size=8), max_size=4),
    sources=TREES,
)
def test_no_targets_make_loading_raise(file: Path, targets: list[Any], sources: Any) -> None:
    file.write_text(json.dumps({"targets": targets, "sources": sources}), encoding="utf-8")
    assert faults(load(file, {})) == []


@settings(deadline=None, max_examples=EXAMPLES)
@given(variables=st.dictionaries(st.lists(NAMES, max_size=3).map("__".join), st.text(max_size=8), max_size=4))
def test_no_environment_makes_loading_raise(file: Path, variables: dict[str, str]) -> None:
    file.write_text("", encoding="utf-8")
    loaded = load(file, {f"EARSHOT_{name.upper()}": value for name, value in variables.items()})
    assert faults(loaded) == []
