"""The examples of the manual are read as they stand there."""

import re
from pathlib import Path

from metrics.entries import Entry, Totals
from metrics.imports.catalogue_file import read_catalogue_file
from metrics.imports.directory_file import COLUMNS
from tests.metrics.office import DOOR, NOW, Office

TEXT = (Path(__file__).parents[3] / "docs" / "directory-and-catalogue.md").read_text(encoding="utf-8")
DIRECTORY, YAML, CSV, TOTALS = re.findall(r"```\w+\n(.*?)```", TEXT, re.DOTALL)


def test_the_directory_of_the_manual_is_read(office: Office) -> None:
    report = office.put("people.csv", DIRECTORY)
    assert (report.directory, report.problems, report.notes) == (True, [], [])
    assert len(office.people().roster(NOW).person) == 3


def test_the_catalogue_of_the_manual_is_read() -> None:
    from_yaml, from_csv = (
        read_catalogue_file("m.yaml", YAML.encode(), DOOR),
        read_catalogue_file("m.csv", CSV.encode(), DOOR),
    )
    assert from_yaml.problems == from_csv.problems == []
    said = {"id", "channel", "ids", "audience", "sent_at", "expects"}
    first, same = from_yaml.entries["m-2026-041"], from_csv.entries["m-2026-041"]
    assert first.model_dump(include=said) == same.model_dump(include=said)


def test_the_totals_of_the_manual_are_read() -> None:
    read = read_catalogue_file("m.yaml", TOTALS.encode(), DOOR)
    assert read.problems == []
    assert [each.opened for each in read.entries["m-2026-041"].totals] == [70, 31]


def test_every_column_and_key_stands_in_the_manual() -> None:
    named = set(re.findall(r"`(\w+)`", TEXT))
    assert named.issuperset(COLUMNS)
    assert named.issuperset(Entry.model_fields)
    assert named.issuperset(Totals.model_fields)
