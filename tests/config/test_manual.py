"""`docs/configuration.md` says what the models say, and its examples load. `EARSHOT_GOLDEN=1` writes tables and the example's text anew."""

import os
import re
from pathlib import Path

import pytest

from collectors.decoders import DECODERS
from config import schema
from config.load import Loaded, load
from config.problem import format_problems, summarise
from tests.config.conftest import LoadText
from tests.config.manual import tables_in, with_tables

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
TEXT = PAGE.read_text(encoding="utf-8")
WRONG = re.compile(r"<!-- example: wrong -->\n```yaml\n(.*?)```", re.DOTALL)
READ = re.compile(r"(<!-- example: what people read -->\n```text\n)(.*?)(```)", re.DOTALL)
EXAMPLES = re.findall(r"### ([^\n]+)\n\n```yaml\n(.*?)```", TEXT, re.DOTALL)


def text_of(loaded: Loaded) -> str:
    return f"{format_problems(loaded.problems)}\n\n{summarise(loaded.problems, 'earshot.yaml')}\n"


def test_the_page_is_current(tmp_path: Path) -> None:
    wrong = WRONG.search(TEXT)
    assert wrong is not None
    file = tmp_path / "earshot.yaml"
    file.write_text(wrong[1], encoding="utf-8")
    said = text_of(load(file, {}))
    current = READ.sub(lambda match: f"{match[1]}{said}{match[3]}", with_tables(TEXT))
    if os.environ.get("EARSHOT_GOLDEN") == "1":
        PAGE.write_text(current, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == current


def test_every_part_has_its_table() -> None:
    parts = {name for name, part in vars(schema).items() if isinstance(part, type) and issubclass(part, schema.Part)}
    assert set(tables_in(TEXT)) == parts - {"Part"}


@pytest.mark.parametrize(("title", "text"), EXAMPLES, ids=[title for title, _ in EXAMPLES])
def test_every_example_loads(title: str, text: str, load_text: LoadText) -> None:
    assert load_text(text).problems == [], title


def test_every_decoder_has_its_paragraph() -> None:
    below = TEXT.split("## Decoders\n", 1)[1].split("\n## ", 1)[0]
    assert set(re.findall(r"^### (\w+)$", below, re.MULTILINE)) == set(DECODERS)


def test_every_link_within_the_page_leads_somewhere() -> None:
    headings = {
        re.sub(r"[^a-z0-9 -]", "", line.lower()).replace(" ", "-")
        for line in re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= headings
