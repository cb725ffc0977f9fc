"""Bad configurations, each beside the exact text that people will read. `EARSHOT_GOLDEN=1` writes the texts anew; read the difference."""

import os
import re
from pathlib import Path

import pytest

from config.load import load
from config.problem import format_problems, summarise

FOLDER = Path(__file__).parent / "bad"
BAD = sorted(FOLDER.glob("*.yaml"))
JARGON = re.compile(r"pydantic|[Vv]alidat|function|\bNone|[^:]\bstr\b|\bint\b|tuple|dict\b|Traceback|Span|Path\(")


def text_of(file: Path) -> str:
    problems = load(file, {}).problems
    return f"{format_problems(problems)}\n\n{summarise(problems, file.name)}\n"


@pytest.mark.parametrize("file", BAD, ids=[file.stem for file in BAD])
def test_a_bad_file_gives_exactly_the_text_beside_it(file: Path) -> None:
    text = text_of(file)
    beside = file.with_suffix(".txt")
    if os.environ.get("EARSHOT_GOLDEN") == "1":
        beside.write_text(text, encoding="utf-8")
    assert text == beside.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", BAD, ids=[file.stem for file in BAD])
def test_a_bad_file_gives_no_settings_to_run_on(file: Path) -> None:
    loaded = load(file, {})
    assert loaded.problems
    assert loaded.settings is None


@pytest.mark.parametrize("file", BAD, ids=[file.stem for file in BAD])
def test_no_jargon_no_machine_path_and_no_secret_reaches_people(file: Path) -> None:
    text = text_of(file)
    assert JARGON.search(text) is None
    assert str(FOLDER) not in text
    assert "hunter2" not in text
    assert "anna@example.org" not in text


def test_every_text_has_its_file() -> None:
    assert {text.stem for text in FOLDER.glob("*.txt")} == {file.stem for file in BAD}
    assert len(BAD) >= 40


def test_every_problem_says_where_what_was_found_and_what_is_allowed() -> None:
    for file in BAD:
        for problem in load(file, {}).problems:
            assert problem.path
            assert problem.found
            assert problem.allowed
            assert problem.place.startswith("line "), f"{file.name}: {problem}"
