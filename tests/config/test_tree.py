"""YAML text to a plain tree."""

import pytest

from config.tree import Unreadable, path_of, read_tree


def test_scalars_stay_texts_and_empty_ones_are_nothing() -> None:
    tree = read_tree("a: 1\nb: [yes, ~, null, '', 'null']\nc:\n").tree
    assert tree == {"a": "1", "b": ["yes", None, None, "", "null"], "c": None}


def test_every_key_and_entry_has_its_line() -> None:
    reading = read_tree("a:\n  - b: 1\n    c: |\n      long\n      text\n  - # another\n    d: 2\n")
    assert reading.lines[("a", 0, "c")] == 3
    assert reading.lines[("a", 1)] == 7
    assert reading.lines[("a", 1, "d")] == 7


def test_of_a_repeated_key_the_first_stands_and_both_lines_are_told() -> None:
    reading = read_tree("a: 1\nb: 2\na: {c: [3]}\nd: 4\n")
    assert reading.tree == {"a": "1", "b": "2", "d": "4"}
    problem = reading.problems[("a",)]
    assert problem.place == "line 3"
    assert "line 1" in problem.mend


def test_aliases_cannot_make_a_small_file_large() -> None:
    layers = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 15))
    reading = read_tree(f"a0: &a0 x\n{layers}\n")
    assert len(str(reading.tree)) < 2000
    assert reading.problems


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "- " * 5_000,
        "{a: " * 5_000,
        "? " * 5_000,
        "%YAML 1" + "1" * 5_000 + ".1\n--- a",
    ],
    ids=["brackets", "dashes", "braces", "question marks", "a version of 5,000 digits"],
)
def test_hostile_texts_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_tree(text)


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (("targets", 2, "value"), "targets[2].value"),
        (("directory", "as_of", "people.csv"), "directory.as_of.people.csv"),
        (("a b", "\x1b[31m"), "`a b`.`\\x1b[31m`"),
        ((), "the file"),
    ],
    ids=["a list's entry", "a key with a dot", "keys that are no words", "the whole"],
)
def test_a_location_reads_as_a_path(location: tuple[str | int, ...], path: str) -> None:
    assert path_of(location) == path
