"""What keys say together, where a file of `bad` does not show it already."""

import pytest

from config.problem import Problem, choices, did_you_mean, written
from tests.config.conftest import LoadText


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ("mail", "mail", True),
        ("mail", "./mail/", True),
        ("mail", "mail/*.ndjson", True),
        ("mail/a.ndjson", "mail", True),
        ("mail/2026-*.ndjson", "mail/2026-11-*.ndjson", True),
        ("*/events.ndjson", "mail/events.ndjson", True),
        ("mail", "mail/old", False),
        ("mail/*.ndjson", "mail/*.log", False),
        ("mail", "mails", False),
    ],
)
def test_two_sources_never_read_the_same_files(load_text: LoadText, one: str, other: str, overlap: bool) -> None:
    entry = "  - {{name: {}, decoder: cloudevents, from: {{files: '{}'}}, channel: email}}\n"
    problems = load_text(f"sources:\n{entry.format('a', one)}{entry.format('b', other)}").problems
    assert [problem.path for problem in problems] == (["sources[1].from.files"] if overlap else [])


def test_a_value_in_a_problem_is_one_short_line_without_what_a_terminal_obeys() -> None:
    assert written("a\nb\t\x1b[31m") == "`a b \\x1b[31m`"
    assert written("x" * 100) == f"`{'x' * 57}...`"
    assert written(["a", "b"]) == "a list of 2"
    assert written({"a": 1}) == "a mapping of 1 key"
    assert written(None) == "nothing"
    assert written("postgresql://u:hunter2@db/e?x=1 y") == "`postgresql://... y`"


def test_words_are_joined_and_guessed_as_people_do() -> None:
    assert choices(["a"]) == "`a`"
    assert choices(["a", "b", "c"]) == "`a`, `b` or `c`"
    assert choices([]) == "nothing"
    assert did_you_mean("Departement", ["department", "site"]) == "Did you mean `department`?"
    assert did_you_mean("europe/pariss", ["Europe/Paris"]) == "Did you mean `Europe/Paris`?"
    assert did_you_mean("zzz", ["department"]) == ""


def test_a_problem_is_a_sentence_too() -> None:
    problem = Problem(
        "targets[2].value", "`70`", "a ratio from 0 to 1", "Ratios are written from 0 to 1: 0.70.", place="line 41"
    )
    assert str(problem) == (
        "targets[2].value, line 41: found `70`; allowed: a ratio from 0 to 1. Ratios are written from 0 to 1: 0.70."
    )
