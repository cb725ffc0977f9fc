"""What a row of the directory may say, and what is done with it at the door."""

import json
from zoneinfo import ZoneInfo

import pytest

from metrics.imports.directory_file import DirectoryFile, read_directory_file
from metrics.ledger.directory_store import read_attributes, split_pseudonyms
from tests.metrics.office import moment, pseudonym

ROWS = [
    {
        "address": "Anna@Example.org ",
        "ids": "a1 EXAMPLE\\anna a1",
        "manager": "berta@example.org",
        "groups": "leaders board",
        "department": " Sales ",
        "images": "blocked",
        "objects": "",
        "valid_from": "2026-01-01",
        "valid_to": "2026-03-01T08:00:00+01:00",
    },
    {"address": "berta@example.org", "objects": "true", "groups": "Works council; leaders"},
    {"person": pseudonym("carl"), "ids": f"c1 {pseudonym('c2')}", "department": "NO"},
]


def read(text: str, name: str = "people.csv") -> DirectoryFile:
    return read_directory_file(name, text.encode(), zone=ZoneInfo("Europe/Paris"), pseudonym=pseudonym)


def as_csv(rows: list[dict[str, str]]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [",".join(f'"{row.get(column, "")}"' for column in columns) for row in rows]
    return "\n".join([",".join(columns), *lines])


def as_yaml(rows: list[dict[str, str]]) -> str:
    """JSON strings are YAML's too; lists where a file may have them."""
    return "\n".join(f"- {{{', '.join(f'{key}: {_yaml(key, value)}' for key, value in row.items())}}}" for row in rows)


def _yaml(key: str, value: str) -> str:
    return json.dumps(value.split() if key == "ids" else value)


def test_csv_yaml_and_json_say_the_same() -> None:
    from_csv = read(as_csv(ROWS))
    assert from_csv.problems == []
    assert from_csv == read(as_yaml(ROWS), "people.yaml") == read(json.dumps(ROWS), "people.json")


def test_a_row_holds_pseudonyms_and_what_people_have_in_common() -> None:
    anna, berta, carl = read(as_csv(ROWS)).rows
    names = ["anna@example.org", "a1", "example\\anna"]
    assert anna.main.hex() == pseudonym("anna@example.org")
    assert sorted(each.hex() for each in split_pseudonyms(anna.pseudonyms)) == sorted(map(pseudonym, names))
    assert anna.manager == berta.main
    assert (anna.groups, berta.groups, carl.groups) == ("board\nleaders", "Works council\nleaders", "")
    assert read_attributes(anna.attributes) == {"department": "Sales"}
    assert (anna.images_blocked, anna.objects, berta.images_blocked, berta.objects) == (True, False, False, True)
    assert (anna.valid_from, anna.valid_to) == (moment("2026-01-01"), moment("2026-03-01 08:00"))
    assert carl.main.hex() == pseudonym("carl")
    assert bytes.fromhex(pseudonym("c2")) in split_pseudonyms(carl.pseudonyms)


def test_two_spellings_of_an_accent_are_one_value() -> None:
    composed, combining = (
        read("address,site\na,Orl\u00e9ans\n").rows[0],
        read("address,site\na,Orle\u0301ans\n").rows[0],
    )
    assert composed == combining


def test_known_columns_are_known_in_any_case_and_attributes_stay_as_written() -> None:
    row = read("Address,IDS,Department\na,b,Sales\n").rows[0]
    assert len(split_pseudonyms(row.pseudonyms)) == 2
    assert read_attributes(row.attributes) == {"Department": "Sales"}


@pytest.mark.parametrize("column", ["name", "Full Name", "E-Mail", "last_name", "Date of birth", "phone"])
def test_a_column_that_names_people_is_left_out_and_told(column: str) -> None:
    file = read(f"address,{column},department\na,anna@example.org,Sales\n")
    assert file.rows[0].attributes == '{"department":"Sales"}'
    assert file.notes == [f"people.csv: the column `{column}` names people and is not kept"]


@pytest.mark.parametrize(
    ("rows", "values", "kept"),
    [(50, 26, False), (50, 25, True), (49, 49, True)],
    ids=[
        "more values than half the rows tell people apart",
        "half as many values as rows are groups",
        "a small company may have as many values as people",
    ],
)
def test_a_column_that_tells_people_apart_is_left_out_and_told(rows: int, values: int, kept: bool) -> None:
    lines = "".join(f"p{number},Sales,{min(number, values - 1)}\n" for number in range(rows))
    file = read("address,department,office\n" + lines)
    names = {name for row in file.rows for name in read_attributes(row.attributes)}
    assert names == ({"department", "office"} if kept else {"department"})
    told = [f"people.csv: `office` has {values} values: it tells people apart and is not kept"]
    assert file.notes == ([] if kept else told)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("department\nSales\n", "people.csv: columns: found none of them"),
        ("address,ids\n,a1\nb,\n", "people.csv: address, line 2: found nothing"),
        ("address\nanna example\n", "people.csv: address, line 2: found a value that is not shown"),
        ("address\n" + "a" * 321 + "\n", "people.csv: address, line 2: found a value that is not shown"),
        ("person\nanna@example.org\n", "people.csv: person, line 2: found a value that is not shown"),
        ("address,manager\na,b c\n", "people.csv: manager, line 2: found a value that is not shown"),
        ("address,objects\na,maybe\n", "people.csv: objects, line 2: found `maybe`"),
        ("address,images\na,shown\n", "people.csv: images, line 2: found `shown`"),
        ("address,valid_from\na,01.02.2026\n", "people.csv: valid_from, line 2: found `01.02.2026`"),
        ("address,valid_from\na,2026-02-30\n", "people.csv: valid_from, line 2: found `2026-02-30`"),
        (
            "address,valid_from,valid_to\na,2026-02-01,2026-02-01\n",
            "people.csv: valid_to, line 2: found no time between the two",
        ),
        ("address,department\na," + "x" * 121 + "\n", "people.csv: `department`, line 2: found `xxx"),
        ("address,department\na,b@example.org\n", "people.csv: `department`, line 2: found an address"),
        ("address,groups\na,b@example.org\n", "people.csv: groups, line 2: found an address"),
        ("address,manger\na,b\n", "people.csv: `manger`, line 2: found `manger`"),
        ("address,group\na,b\n", "people.csv: `group`, line 2: found `group`"),
        ("address,a=b\na,b\n", "people.csv: `a=b`, line 2: found `a=b`"),
        ("address,Address\na,b\n", "people.csv: address, line 2: found a second column of that name"),
        ("address,ids\na,x\nb,x\n", "people.csv: address or ids, line 3: found an identifier a second time"),
        ("address,ids\na,\nb,A\n", "people.csv: address or ids, line 3: found an identifier a second time"),
        (
            "address,valid_from\na,\na,2026-02-01\n",
            "people.csv: address or ids, line 3: found an identifier a second time",
        ),
    ],
    ids=lambda text: text if text.startswith("people.csv:") else "",
)
def test_an_error_is_told_with_its_line_and_never_quotes_an_identifier(text: str, expected: str) -> None:
    file = read(text)
    assert file.rows == []
    assert [str(problem)[: len(expected)] for problem in file.problems] == [expected]
    assert "@" not in str(file.problems)


def test_all_errors_are_told_at_once() -> None:
    file = read("address,objects,images\na,x,y\n,no,\nb c,,z\n")
    assert [(problem.place, problem.path) for problem in file.problems] == [
        ("line 2", "people.csv: objects"),
        ("line 2", "people.csv: images"),
        ("line 3", "people.csv: address"),
        ("line 4", "people.csv: address"),
        ("line 4", "people.csv: images"),
    ]


def test_of_very_many_errors_the_first_are_told_and_the_rest_counted() -> None:
    file = read("address,objects\n" + "a,maybe\n" * 1000)
    assert len(file.problems) == 101
    assert file.problems[-1].found == "900 more problems"


def test_a_column_that_is_wrong_in_every_row_is_told_once() -> None:
    assert len(read("address,manger\na,b\nc,d\n").problems) == 1


def test_an_identifier_may_stand_in_rows_that_follow_each_other() -> None:
    text = "address,department,valid_from,valid_to\na,Sales,,2026-02-01\na,Service,2026-02-01,\n"
    assert len(read(text).rows) == 2
