"""What keys say together, where a file of `bad` does not show it already."""

from pathlib import Path

import pytest

from config.problem import Problem, choices, did_you_mean, written
from config.store import check_store_file
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


GOOD_STORES = [
    "sqlite:////srv/earshot/ledger.db",
    "sqlite://",
    "postgresql://earshot@db/earshot",
    "postgresql://earshot:p%40ss@db:5433/earshot?sslmode=verify-full&sslrootcert=/etc/ca.pem",
    "postgresql+psycopg:///earshot?host=/run/postgresql",
    "postgresql://earshot@db/earshot?sslmode=disable",
]
BAD_STORES = {
    "postgres://earshot:hunter2@db/earshot": "Write `postgresql://`.",
    "mysql://earshot:hunter2@db/earshot": "nowhere else",
    "/srv/earshot/hunter2.db": "nowhere else",
    "postgresql:hunter2": "nowhere else",
    "postgresql://earshot:hunter2@db": "name of the database",
    "postgresql://earshot:hunter2@db:54x2/earshot": "%40",
    "postgresql://earshot:hunter2@db/earshot?sslmode=prefer": "verify-full",
    "postgresql://earshot:hunter2@db/earshot?sslmode=require": "verify-full",
}


@pytest.mark.parametrize("url", GOOD_STORES)
def test_a_store_is_sqlite_or_postgresql(load_text: LoadText, tmp_path: Path, url: str) -> None:
    assert load_text(f"store: '{url}'").problems == []
    (tmp_path / "secret").write_text(f"{url}\n", encoding="utf-8")
    assert list(check_store_file(tmp_path / "secret")) == []


@pytest.mark.parametrize("url", BAD_STORES)
def test_no_other_store_is_taken_and_nothing_of_its_password_shown(
    load_text: LoadText, tmp_path: Path, url: str
) -> None:
    (tmp_path / "secret").write_text(url, encoding="utf-8")
    for problem in (*load_text(f"store: '{url}'").problems, *check_store_file(tmp_path / "secret")):
        assert BAD_STORES[url] in problem.mend
        assert "hunter2" not in str(problem)


def test_a_store_file_that_cannot_be_read_is_a_problem_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    for file, why in ((tmp_path / "absent", "No such file"), (tmp_path / "bytes", "no text")):
        (problem,) = check_store_file(file)
        assert (problem.path, why in problem.mend) == ("store_file", True)
