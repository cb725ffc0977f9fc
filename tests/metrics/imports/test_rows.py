"""CSV, YAML and JSON say the same rows, and say what is wrong with them."""

import pytest

from config.problem import Problem
from metrics.imports.rows import read_rows
from metrics.imports.trees import FileRow

CSV = 'address,country,ids\nanna@example.org,NO,"a1 007"\nberta@example.org,,\n'
YAML = """
- address: anna@example.org
  country: NO
  ids: a1 007
- {address: berta@example.org, country: null}
"""
JSON = """[{"address": "anna@example.org", "country": "NO", "ids": "a1 007"}, {"address": "berta@example.org", "ids": null}]"""


def read(name: str, body: bytes) -> tuple[list[FileRow], list[Problem]]:
    """The rows and the problems."""
    found = list(read_rows(name, body))
    return [row for row in found if isinstance(row, FileRow)], [row for row in found if isinstance(row, Problem)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("people.csv", CSV),
        ("people.csv", CSV.replace(",", ";")),
        ("people.csv", CSV.replace(",", "\t")),
        ("people.csv", "\ufeff" + CSV.replace("\n", "\r\n")),
        ("people.csv", CSV.replace("\nb", "\n\n,,\nb")),
        ("people.yaml", YAML),
        ("people.YML", "people:" + YAML),
        ("people.json", JSON),
        ("people.json", f'{{"people": {JSON}}}'),
    ],
    ids=[
        "CSV with commas",
        "CSV with semicolons",
        "CSV with tabs",
        "CSV as a spreadsheet saves it",
        "CSV with empty lines",
        "YAML",
        "YAML under a key",
        "JSON",
        "JSON under a key",
    ],
)
def test_every_format_says_the_same_rows(name: str, text: str) -> None:
    rows, problems = read(name, text.encode())
    assert problems == []
    said = [{key: cell for key, cell in row.cells.items() if cell is not None} for row in rows]
    assert said == [
        {"address": "anna@example.org", "country": "NO", "ids": "a1 007"},
        {"address": "berta@example.org"},
    ]


@pytest.mark.parametrize(
    ("name", "text", "written"),
    [
        ("a.yaml", "- {words: 010, version: 1.10, sent: 2026-01-02, ok: yes}", "010 1.10 2026-01-02 yes"),
        ("a.json", '[{"words": 10, "version": 1.10, "sent": "2026-01-02", "ok": true}]', "10 1.10 2026-01-02 true"),
    ],
    ids=["YAML", "JSON"],
)
def test_scalars_stay_what_was_written(name: str, text: str, written: str) -> None:
    rows, _ = read(name, text.encode())
    assert " ".join(str(cell) for cell in rows[0].cells.values()) == written


def test_a_row_is_found_again_by_its_place() -> None:
    assert [row.place for row in read("p.csv", b'a,b\n1,"x\ny"\n2,z\n')[0]] == ["line 2", "line 4"]
    assert [row.place for row in read("p.yaml", b"# people\n- a: 1\n\n- a: 2\n")[0]] == ["line 2", "line 4"]
    assert [row.place for row in read("p.json", b'[{"a": 1},\n{"a": 2}]')[0]] == ["row 1", "row 2"]


def test_an_alias_of_yaml_stands_for_what_it_names() -> None:
    rows, _ = read("m.yaml", b"- {id: a, audience: &sales {department: [Sales]}}\n- {id: b, audience: *sales}\n")
    assert rows[0].cells["audience"] == rows[1].cells["audience"] == {"department": ["Sales"]}


def _laughter() -> str:
    lines = ['- {a: &a0 ["ha"]}']
    lines += [f"- {{a: &a{level} [{', '.join([f'*a{level - 1}'] * 30)}]}}" for level in range(1, 10)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("name", "body", "found"),
    [
        ("p.txt", b"", "p.txt: found another ending"),
        ("p.csv", b"", "p.csv, line 1: found no header"),
        ("p.csv", b"a,,c\n", "p.csv, line 1: found a column without a name"),
        ("p.csv", b"a,b,a\n", "p.csv, line 1: found the column `a` twice"),
        ("p.csv", b"a,b\n1,2\n1\n", "p.csv, line 3: found 1 cells"),
        ("p.csv", b'a,b\n1,2\n1,"x', "p.csv, line 3: found no CSV"),
        ("p.csv", b"a,b\nk\xf6ln,2\n", "p.csv, line 2: found bytes that are not UTF-8"),
        ("p.yaml", b"a: 1\nb: 2\n", "p.yaml, line 1: found no list"),
        ("p.yaml", b"- a: 1\n- text\n", "p.yaml, line 2: found a row that is no mapping"),
        ("p.yaml", b"- a: 1\n  a: 2\n", "p.yaml, line 2: found the key `a` twice"),
        ("p.yaml", b"- [a: 1\n", "p.yaml, line 2: found no YAML"),
        ("p.yaml", b"- {[a]: 1}\n", "p.yaml, line 1: found a key that is no text"),
        ("p.yaml", b"- &a {b: *a}\n", "p.yaml, line 1: found nesting without end"),
        ("p.yaml", b"- a: " + b"[" * 40 + b"]" * 40, "p.yaml, line 1: found nesting without end"),
        ("p.yaml", _laughter().encode(), "p.yaml, line 5: found more values than any file of ours has"),
        ("p.yaml", b"- a: \x07\n", "p.yaml: found no YAML"),
        ("p.json", b"{", "p.json, line 1: found no JSON"),
        ("p.json", b'{"a": 1}', "p.json: found no list"),
        ("p.json", b'[{"a": 1}, 7]', "p.json, row 2: found a row that is no object"),
        ("p.json", b'[{"a": 1, "a": 2}]', "p.json: found the key `a` twice"),
        ("p.json", b'[{"a": NaN}]', "p.json: found `NaN`"),
        ("p.json", b"[" * 100_000, "p.json: found nesting without end"),
        ("p.json", b'[{"a": ' + b"[" * 40 + b"]" * 40 + b"}]", "p.json, row 1: found nesting without end"),
    ],
    ids=lambda value: value if isinstance(value, str) and ":" in value else "",
)
def test_what_cannot_be_read_is_told_with_its_place(name: str, body: bytes, found: str) -> None:
    _, problems = read(name, body)
    assert [str(problem)[: len(found)] for problem in problems] == [found]
    assert problems[0].allowed
