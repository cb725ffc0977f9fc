"""Asking at every tick costs nothing while nothing changes, and a crash in between loses nothing."""

import json
import os
from pathlib import Path

import pytest

from config.schema import CatalogueSettings, DirectorySettings
from metrics.imports.files import Digests, Held, find_files, name_of
from metrics.imports.versions import origin_of
from metrics.imports.watch import Imports
from tests.metrics.office import ANNA, BERTA, DOOR, NOW, Office, pseudonym


class Counter:
    """Counts the identifiers that are hashed: none is where no file is read."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, identifier: str) -> str:
        self.calls += 1
        return pseudonym(identifier)


def _watched(office: Office, counter: Counter) -> Imports:
    return Imports(
        DirectorySettings(files=(office.directory,)),
        CatalogueSettings(files=(office.catalogue,)),
        DOOR._replace(pseudonym=counter),
    )


def _fill(office: Office) -> None:
    (office.directory / "people.csv").write_text("address\nanna@example.org\n")
    (office.directory / "refused.csv").write_text("address,objects\nanna@example.org,maybe\n")
    (office.catalogue / "messages.yaml").write_text("- {id: m, sender: anna@example.org}\n")
    (office.catalogue / "refused.yaml").write_text("- {id: n, sender: anna@example.org, words: many}\n")


def test_files_that_have_not_changed_are_not_read_again(office: Office) -> None:
    _fill(office)
    counter = Counter()
    imports = _watched(office, counter)
    with office.engine.begin() as connection:
        first = imports.run(connection, NOW)
    calls = counter.calls
    with office.engine.begin() as connection:
        second = imports.run(connection, NOW + 1)
    assert (first.directory, first.catalogue, len(first.problems)) == (True, True, 2)
    assert (second.directory, second.catalogue) == (False, False)
    assert second.problems == first.problems
    assert counter.calls == calls > 0


def test_a_file_that_was_only_touched_is_digested_and_no_more(office: Office) -> None:
    _fill(office)
    counter = Counter()
    imports = _watched(office, counter)
    with office.engine.begin() as connection:
        imports.run(connection, NOW)
    calls = counter.calls
    for path in [*office.directory.iterdir(), *office.catalogue.iterdir()]:
        os.utime(path, ns=(1, 1))
    with office.engine.begin() as connection:
        imports.run(connection, NOW + 1)
    assert counter.calls == calls


def test_what_was_rolled_back_is_read_again(office: Office) -> None:
    _fill(office)
    imports = _watched(office, Counter())
    with office.engine.connect() as connection:
        assert imports.run(connection, NOW).directory
        connection.rollback()
    with office.engine.begin() as connection:
        again = imports.run(connection, NOW)
    assert (again.directory, again.catalogue, len(again.problems)) == (True, True, 2)
    assert office.people().size == 1
    assert list(office.messages().messages) == ["m"]


def test_folders_files_and_globs_are_found_and_hidden_files_are_not(tmp_path: Path) -> None:
    for name in ("a.csv", "b.yaml", "c.txt", ".d.csv", "~e.csv"):
        (tmp_path / name).touch()
    assert list(find_files("key", [tmp_path]).files) == ["a.csv", "b.yaml"]
    assert list(find_files("key", [tmp_path / "*.csv"]).files) == ["a.csv"]
    assert list(find_files("key", [tmp_path / "c.txt", tmp_path / "a.csv"]).files) == ["a.csv", "c.txt"]
    assert list(find_files("key", [tmp_path / "*.json"]).problems) == []


def test_two_files_of_one_name_in_different_folders_are_told(tmp_path: Path) -> None:
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "people.csv").touch()
    found = find_files("directory.files", [tmp_path / "south", tmp_path / "north"])
    assert found.files == {"people.csv": tmp_path / "north" / "people.csv"}
    assert [problem.found for problem in found.problems] == ["two files called `people.csv`"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "people.csv").mkdir()
    digests, problems = Digests().of([tmp_path / "people.csv", tmp_path / "gone.csv"])
    assert digests == {}
    assert [problem.path for problem in problems] == ["people.csv", "gone.csv"]


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("people.csv", "people"),
        ("people-2026-03-01.csv", "people"),
        ("people_2026-03-01.yaml", "people"),
        ("2026-03-01 people.csv", "people"),
        ("2026-03-01.csv", "directory"),
        ("plant-7.csv", "plant-7"),
    ],
)
def test_the_versions_of_a_directory_share_their_name_without_the_date(name: str, origin: str) -> None:
    assert origin_of(name) == origin


def test_a_date_that_no_calendar_has_is_told(office: Office) -> None:
    report = office.put("people-2026-02-30.csv", "address\nanna@example.org\n")
    assert not report.directory
    assert [problem.found for problem in report.problems] == ["a date in its name that no calendar has"]


def _topics(*, people: object, messages: object = ()) -> list[Held]:
    said = {"hr.people": people, "cms.messages": messages}
    return [Held(name_of(topic), json.dumps(rows).encode()) for topic, rows in said.items()]


def test_a_topic_that_was_read_whole_is_a_file_and_stands_where_it_is_not_read_again(office: Office) -> None:
    imports = Imports(
        DirectorySettings(files=(office.directory,), topics=("hr.people",), largest_loss=1.0),
        CatalogueSettings(files=(office.catalogue,), topics=("cms.messages",)),
        DOOR,
    )
    anna, berta = {"address": ANNA, "department": "Sales"}, {"address": BERTA, "department": "Service"}
    with office.engine.begin() as connection:
        held = _topics(people=[anna, berta], messages=[{"id": "one"}, {"id": "two"}])
        assert imports.run(connection, NOW, held=held)[:3] == (True, True, [])
        assert imports.run(connection, NOW + 1, held=held)[:3] == (False, False, [])
        # As while the service runs: nobody asks the topics, and nothing is taken back, nor is there anything to tell.
        assert imports.run(connection, NOW + 2) == (False, False, [], [])
    assert office.messages().messages.keys() == {"one", "two"}
    (office.catalogue / "more.yaml").write_text("- {id: three}\n")
    with office.engine.begin() as connection:
        imports.run(connection, NOW + 3, held=_topics(people=[anna], messages=[{"id": "two"}]))
    assert office.messages().messages.keys() == {"two", "three"}
    assert office.departments(NOW + 2) == {ANNA: "Sales", BERTA: "Service"}
    assert office.departments(NOW + 3) == {ANNA: "Sales"}


def test_what_is_wrong_with_a_topic_is_told_without_an_address_and_nothing_of_it_is_taken(office: Office) -> None:
    imports = Imports(DirectorySettings(topics=("hr.people",)), CatalogueSettings(), DOOR)
    wrong = [{"address": ANNA}, {"address": BERTA, "objects": "perhaps"}]
    with office.engine.begin() as connection:
        changed, _, problems, _ = imports.run(connection, NOW, held=_topics(people=wrong))
    assert not changed
    assert [problem.place for problem in problems] == ["row 2"]
    assert "@" not in "".join(map(str, problems))
    assert office.people().size == 0
