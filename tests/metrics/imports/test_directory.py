"""A directory over time: what files change from when, and what they may not."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from metrics.ledger.erasure import Recogniser, erase
from metrics.ledger.tables import directory_row, person
from tests.metrics.office import DAY, NOW, Office, moment, pseudonym, tombstone

ANNA, BERTA, CARL = "anna@example.org", "berta@example.org", "carl@example.org"
EVERYBODY = (ANNA, BERTA, CARL)
FIRST = f"address,department\n{ANNA},Sales\n{BERTA},Sales\n"


def _departments(office: Office, at: str | int) -> dict[str, str]:
    return {name: attributes.get("department", "") for name, attributes in office.who(at, EVERYBODY).items()}


def _stored(office: Office) -> list[tuple[object, ...]]:
    with office.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(directory_row).order_by(directory_row.c.id))]


def test_the_first_file_is_valid_always(office: Office) -> None:
    assert office.put("people.csv", FIRST).directory
    for at in ("1996-01-01", "2026-05-31", "2190-01-01"):
        assert _departments(office, at) == {ANNA: "Sales", BERTA: "Sales"}


def test_a_first_file_with_a_date_is_valid_always_too_since_nothing_is_known_from_before(office: Office) -> None:
    office.put("people-2026-03-01.csv", FIRST)
    assert _departments(office, "2026-01-01") == {ANNA: "Sales", BERTA: "Sales"}


def test_a_later_file_takes_effect_at_midnight_of_its_date_to_the_microsecond(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("people-2026-03-01.csv", f"address,department\n{ANNA},Marketing\n{CARL},Sales\n")
    change = moment("2026-03-01")
    assert _departments(office, change - 1) == {ANNA: "Sales", BERTA: "Sales"}
    assert _departments(office, change) == {ANNA: "Marketing", CARL: "Sales"}


def test_a_later_file_without_a_date_takes_effect_when_it_is_read(office: Office) -> None:
    office.put("people.csv", FIRST, now=NOW - DAY)
    office.put("people.csv", f"address,department\n{ANNA},Marketing\n{BERTA},Sales\n", now=NOW)
    assert _departments(office, NOW - 1)[ANNA] == "Sales"
    assert _departments(office, NOW)[ANNA] == "Marketing"


def test_the_configuration_may_date_a_file(tmp_path: Path) -> None:
    office = Office(tmp_path / "office", as_of={"people-new.csv": date(2026, 4, 1)})
    office.put("people-new.csv", FIRST)
    office.put("people-new.csv", f"address,department\n{ANNA},Marketing\n")
    assert _departments(office, moment("2026-04-01") - 1) == {ANNA: "Sales", BERTA: "Sales"}
    assert _departments(office, "2026-04-01") == {ANNA: "Marketing"}


def test_a_file_dated_in_the_future_waits_for_its_day(office: Office) -> None:
    office.put("people.csv", FIRST)
    later = f"address,department\n{ANNA},Marketing\n{BERTA},Sales\n"
    report = office.put("people-2026-07-01.csv", later)
    assert not report.directory
    assert report.notes == ["people-2026-07-01.csv: waits for its day"]
    office.put("people.csv", f"address,department\n{ANNA},Service\n{BERTA},Sales\n")
    assert office.run(moment("2026-07-01")).directory
    assert _departments(office, moment("2026-07-01") - 1)[ANNA] == "Service"
    assert _departments(office, "2026-07-01")[ANNA] == "Marketing"


def test_a_reorganisation_does_not_rewrite_history(office: Office) -> None:
    office.put("people.csv", FIRST)
    before = office.people().roster(moment("2026-02-01"))
    office.put("people-2026-03-01.csv", f"address,department\n{ANNA},Marketing\n{BERTA},Service\n")
    after = office.people().roster(moment("2026-02-01"))
    assert before.person.tolist() == after.person.tolist()
    assert _departments(office, "2026-02-01") == {ANNA: "Sales", BERTA: "Sales"}


def test_files_found_together_are_read_in_the_order_of_their_dates(office: Office) -> None:
    for name, department in (("people-2026-03-01.csv", "Service"), ("people-2026-02-01.csv", "Marketing")):
        (office.directory / name).write_text(f"address,department\n{ANNA},{department}\n")
    office.put("people.csv", f"address,department\n{ANNA},Sales\n")
    found = [_departments(office, day)[ANNA] for day in ("2026-01-31", "2026-02-01", "2026-03-01")]
    assert found == ["Sales", "Marketing", "Service"]


def test_the_same_content_again_changes_nothing(office: Office) -> None:
    office.put("people.csv", FIRST)
    before = _stored(office)
    assert not office.run().directory
    assert not office.put("people-2026-03-01.csv", FIRST + "\n").directory
    office.restart()
    assert not office.put("people.csv", FIRST).directory
    assert _stored(office) == before


def test_who_comes_back_has_a_gap(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("people-2026-02-01.csv", f"address,department\n{BERTA},Sales\n")
    office.put("people-2026-03-01.csv", FIRST)
    assert [ANNA in _departments(office, day) for day in ("2026-01-31", "2026-02-15", "2026-03-01")] == [
        True,
        False,
        True,
    ]


def test_a_correction_of_the_latest_file_holds_from_the_same_date(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("people-2026-03-01.csv", f"address,department\n{ANNA},Marketing\n")
    office.put("people-2026-03-01.csv", f"address,department\n{ANNA},Service\n{BERTA},Sales\n")
    assert _departments(office, "2026-03-01") == {ANNA: "Service", BERTA: "Sales"}
    assert len(_stored(office)) == 3  # Berta's row goes on as if she had never been missing


def test_a_file_older_than_one_that_was_read_is_refused(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("people-2026-03-01.csv", FIRST)
    report = office.put("people-2026-02-01.csv", f"address,department\n{ANNA},Marketing\n")
    assert not report.directory
    assert [problem.found for problem in report.problems] == ["a later file read before it"]
    assert _departments(office, "2026-02-15")[ANNA] == "Sales"


def test_rows_with_dates_of_their_own_are_taken_at_their_word(office: Office) -> None:
    office.put(
        "people.csv",
        "address,department,valid_from,valid_to\n"
        f"{ANNA},Sales,,2026-02-01\n{ANNA},Marketing,2026-02-01,\n{BERTA},Sales,2026-01-15T12:00:00Z,2026-03-01\n",
    )
    change, hired = moment("2026-02-01"), moment("2026-01-15 13:00")
    assert _departments(office, change - 1)[ANNA] == "Sales"
    assert _departments(office, change)[ANNA] == "Marketing"
    assert [BERTA in _departments(office, at) for at in (hired - 1, hired)] == [False, True]
    assert [BERTA in _departments(office, at) for at in (moment("2026-03-01") - 1, moment("2026-03-01"))] == [
        True,
        False,
    ]


def test_a_dated_row_may_tell_of_a_move_before_the_file(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put(
        "people-2026-03-01.csv",
        f"address,department,valid_from\n{ANNA},Marketing,2026-02-01\n{BERTA},Sales,\n",
    )
    change = moment("2026-02-01")
    assert [_departments(office, at)[ANNA] for at in (change - 1, change)] == ["Sales", "Marketing"]


def test_a_date_given_later_for_the_same_row_dates_that_row(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("people-2026-03-01.csv", f"address,department,valid_from\n{ANNA},Sales,2026-01-01\n{BERTA},Sales,\n")
    assert [ANNA in _departments(office, at) for at in ("2025-12-31", "2026-01-01")] == [False, True]


def test_a_leaving_that_is_announced_ends_the_row_then(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("people-2026-03-01.csv", f"address,department,valid_to\n{ANNA},Sales,2026-04-01\n{BERTA},Sales,\n")
    leaves = moment("2026-04-01")
    assert [ANNA in _departments(office, at) for at in (leaves - 1, leaves)] == [True, False]
    assert len(_stored(office)) == 2


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
    assert _departments(office, NOW) == {ANNA: "Sales", BERTA: "Sales"}
    assert office.run().problems == report.problems
    assert office.put("people.csv", f"address,department\n{ANNA},Marketing\n{BERTA},Sales\n").problems == []


def test_each_file_is_compared_with_its_own_versions_only(office: Office) -> None:
    office.put("north.csv", f"address,department\n{ANNA},Sales\n")
    office.put("south.csv", f"address,department\n{BERTA},Sales\n")
    office.put("north-2026-03-01.csv", f"address,department\n{ANNA},Marketing\n")
    assert _departments(office, NOW) == {ANNA: "Marketing", BERTA: "Sales"}


def test_a_company_that_joins_with_a_date_begins_then(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("bought-2026-03-01.csv", f"address,department\n{CARL},Sales\n")
    assert [CARL in _departments(office, at) for at in (moment("2026-03-01") - 1, moment("2026-03-01"))] == [
        False,
        True,
    ]


def test_two_files_of_one_name_and_day_are_told_and_the_first_holds(office: Office) -> None:
    (office.directory / "people.json").write_text(f'[{{"address": "{BERTA}"}}]')
    report = office.put("people.csv", FIRST)
    assert [problem.found for problem in report.problems] == ["`people.json` beside `people.csv`"]
    assert _departments(office, NOW) == {ANNA: "Sales", BERTA: "Sales"}


def test_a_directory_whose_file_went_away_stands_and_is_told(office: Office) -> None:
    office.put("people.csv", FIRST)
    (office.directory / "people.csv").unlink()
    assert office.run().notes == ["people: no file of it is left; its people stand as they were"]
    assert _departments(office, NOW) == {ANNA: "Sales", BERTA: "Sales"}


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
    assert _departments(office, NOW).keys() == {BERTA}
    with office.engine.connect() as connection:
        known = set(connection.execute(select(person.c.pseudonym)).scalars())
        managers = set(connection.execute(select(directory_row.c.manager)).scalars())
    assert known.isdisjoint({bytes.fromhex(each) for each in gone})
    assert managers == {None}


_versions = st.lists(
    st.dictionaries(st.sampled_from(EVERYBODY), st.sampled_from(["Sales", "Service", "Marketing"]), max_size=3),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(versions=_versions, at_once=st.booleans())
def test_the_directory_at_any_day_is_the_latest_file_up_to_then(
    tmp_path_factory: pytest.TempPathFactory, versions: list[dict[str, str]], at_once: bool
) -> None:
    office = Office(tmp_path_factory.mktemp("office") / "office")
    for day, version in enumerate(versions, start=1):
        name = "people.csv" if day == 1 else f"people-2026-03-{day:02d}.csv"
        rows = "".join(f"{address},{department}\n" for address, department in version.items())
        (office.directory / name).write_text("address,department\n" + rows)
        if not at_once:
            office.run()
    office.run()
    for day in range(1, len(versions) + 2):
        expected = versions[min(day, len(versions)) - 1]
        change = moment(f"2026-03-{day:02d}")
        assert _departments(office, change) == expected
        assert _departments(office, change - 1) == versions[max(min(day, len(versions) + 1) - 2, 0)]
    office.engine.dispose()
