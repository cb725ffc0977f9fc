"""The examples of the manual are read as they stand there."""

import re
from pathlib import Path

from collectors.decoders.cloudevents import CloudEvents
from collectors.events import Event
from collectors.source import Record
from metrics.entries import Entry, Totals
from metrics.imports.catalogue_file import read_catalogue_file
from metrics.imports.directory_file import COLUMNS
from tests.metrics.office import DOOR, NOW, Office

TEXT = (Path(__file__).parents[3] / "docs" / "directory-and-catalogue.md").read_text(encoding="utf-8")
DIRECTORY, YAML, CSV, OF_A_TOKEN, OF_CELLS, TOTALS = re.findall(r"```\w+\n(.*?)```", TEXT, re.DOTALL)


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


def test_an_event_in_the_mode_cells_is_of_a_cell_that_the_entry_of_the_manual_counts() -> None:
    (element,) = CloudEvents({}).decode(Record(0, OF_A_TOKEN.encode()))
    event = element.outcome
    assert isinstance(event, Event)
    read = read_catalogue_file("m.yaml", OF_CELLS.encode(), DOOR)
    assert read.problems == []
    counted = read.entries[event.message or ""].totals
    assert event.cell in ["&".join(f"{name}={value}" for name, value in each.cell.items()) for each in counted]


def test_every_column_and_key_stands_in_the_manual() -> None:
    named = set(re.findall(r"`(\w+)`", TEXT))
    assert named.issuperset(COLUMNS)
    assert named.issuperset(Entry.model_fields)
    assert named.issuperset(Totals.model_fields)
