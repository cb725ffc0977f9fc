"""A directory's files: what is refused or left as it was, and what never reaches the database."""

from pathlib import Path

import pytest
from sqlalchemy import select

from metrics.ledger.erasure import Recogniser, erase
from metrics.ledger.tables import directory_row, person
from tests.metrics.office import ANNA, BERTA, CARL, FIRST, NOW, Office, moment, pseudonym, tombstone


def test_a_file_older_than_one_that_was_read_is_refused(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("people-2026-03-01.csv", FIRST)
    report = office.put("people-2026-02-01.csv", f"address,department\n{ANNA},Marketing\n")
    assert not report.directory
    assert [problem.found for problem in report.problems] == ["a later file read before it"]
    assert office.departments("2026-02-15")[ANNA] == "Sales"


@pytest.mark.parametrize(
    ("people", "refused"),
    [(80, False), (79, True)],
    ids=["exactly the largest loss passes", "one person more is refused"],
)
def test_a_file_in_which_too_many_are_gone_is_refused_with_the_count(
    tmp_path: Path, people: int, refused: bool
) -> None:
    def company(size: int) -> str:
        return "address\n" + "".join(f"p{number}@example.org\n" for number in range(size))

    office = Office(tmp_path / "office", largest_loss=0.2)
    office.put("people.csv", company(100))
    report = office.put("people-2026-03-01.csv", company(people))
    assert report.directory != refused
    assert [(problem.found, problem.allowed) for problem in report.problems] == (
        [("21 of 100 people gone", "a loss of 20 % at most")] if refused else []
    )
    assert len(office.people().roster(NOW).person) == (100 if refused else people)
    assert office.run().problems == report.problems


def test_people_whose_address_changed_are_not_gone(tmp_path: Path) -> None:
    office = Office(tmp_path / "office", largest_loss=0.0)
    office.put("people.csv", f"address,ids,department\n{ANNA},a1,Sales\n{BERTA},b1,Sales\n")
    renamed = "address,ids,department\nanna@example.com,a1,Sales\nberta@example.com,b1,Sales\n"
    assert office.put("people-2026-03-01.csv", renamed).problems == []
    people = office.people()
    assert people.size == 2
    assert people.roster(NOW).person.tolist() == people.roster(moment("2026-01-01")).person.tolist() == [0, 1]


def test_a_file_with_errors_is_refused_whole_and_the_directory_stands(office: Office) -> None:
    office.put("people.csv", FIRST)
    report = office.put("people.csv", f"address,department,objects\n{ANNA},Marketing,maybe\n,Sales,\n{CARL},Sales,\n")
    assert [str(problem).split(":")[0] + ":" + str(problem).split(":")[1] for problem in report.problems] == [
        "people.csv: objects, line 2",
        "people.csv: address, line 3",
    ]
    assert office.departments(NOW) == {ANNA: "Sales", BERTA: "Sales"}
    assert office.run().problems == report.problems
    assert office.put("people.csv", f"address,department\n{ANNA},Marketing\n{BERTA},Sales\n").problems == []


def test_two_files_of_one_name_and_day_are_told_and_the_first_holds(office: Office) -> None:
    (office.directory / "people.json").write_text(f'[{{"address": "{BERTA}"}}]')
    report = office.put("people.csv", FIRST)
    assert [problem.found for problem in report.problems] == ["`people.json` beside `people.csv`"]
    assert office.departments(NOW) == {ANNA: "Sales", BERTA: "Sales"}


def test_a_directory_whose_file_went_away_stands_and_is_told(office: Office) -> None:
    office.put("people.csv", FIRST)
    (office.directory / "people.csv").unlink()
    assert office.run().notes == ["people: no file of it is left; its people stand as they were"]
    assert office.departments(NOW) == {ANNA: "Sales", BERTA: "Sales"}


def test_no_plain_identifier_reaches_the_database(office: Office) -> None:
    office.put("people.csv", f"address,ids,manager,full name\n{ANNA},staff-4711,{BERTA},Anna Example\n")
    office.run()
    for file in office.directory.parent.glob("ledger.sqlite3*"):
        stored = file.read_bytes().lower()
        assert not [word for word in (b"anna", b"4711", b"berta", b"example") if word in stored]


def test_an_erased_person_does_not_return_with_the_next_file(office: Office) -> None:
    office.put("people.csv", f"address,ids,manager\n{ANNA},a1,\n{BERTA},b1,{ANNA}\n")
    with office.engine.begin() as connection:
        gone = {pseudonym(ANNA), pseudonym("a1")}
        recogniser = Recogniser(unseal=bytes, holds=lambda _: False, leave_out=lambda body, *_: body)
        erase(connection, gone, tombstone=tombstone, recogniser=recogniser)
    office.put("people-2026-03-01.csv", f"address,ids,manager\n{ANNA},a1 a2,\n{BERTA},b1 b2,{ANNA}\n")
    assert office.departments(NOW).keys() == {BERTA}
    with office.engine.connect() as connection:
        known = set(connection.execute(select(person.c.pseudonym)).scalars())
        managers = set(connection.execute(select(directory_row.c.manager)).scalars())
    assert known.isdisjoint({bytes.fromhex(each) for each in gone})
    assert managers == {None}
