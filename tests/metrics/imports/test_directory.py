"""A directory over time: from when what files say holds."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from metrics.ledger.tables import directory_row
from tests.metrics.office import ANNA, BERTA, CARL, DAY, FIRST, NOW, Office, moment

EVERYBODY = (ANNA, BERTA, CARL)


def _stored(office: Office) -> list[tuple[object, ...]]:
    with office.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(directory_row).order_by(directory_row.c.id))]


def test_the_first_file_is_valid_always(office: Office) -> None:
    assert office.put("people.csv", FIRST).directory
    for at in ("1996-01-01", "2026-05-31", "2190-01-01"):
        assert office.departments(at) == {ANNA: "Sales", BERTA: "Sales"}


def test_a_first_file_with_a_date_is_valid_always_too_since_nothing_is_known_from_before(office: Office) -> None:
    office.put("people-2026-03-01.csv", FIRST)
    assert office.departments("2026-01-01") == {ANNA: "Sales", BERTA: "Sales"}


def test_a_later_file_takes_effect_at_midnight_of_its_date_to_the_microsecond(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("people-2026-03-01.csv", f"address,department\n{ANNA},Marketing\n{CARL},Sales\n")
    change = moment("2026-03-01")
    assert office.departments(change - 1) == {ANNA: "Sales", BERTA: "Sales"}
    assert office.departments(change) == {ANNA: "Marketing", CARL: "Sales"}


def test_a_later_file_without_a_date_takes_effect_when_it_is_read(office: Office) -> None:
    office.put("people.csv", FIRST, now=NOW - DAY)
    office.put("people.csv", f"address,department\n{ANNA},Marketing\n{BERTA},Sales\n", now=NOW)
    assert office.departments(NOW - 1)[ANNA] == "Sales"
    assert office.departments(NOW)[ANNA] == "Marketing"


def test_the_configuration_may_date_a_file(tmp_path: Path) -> None:
    office = Office(tmp_path / "office", as_of={"people-new.csv": date(2026, 4, 1)})
    office.put("people-new.csv", FIRST)
    office.put("people-new.csv", f"address,department\n{ANNA},Marketing\n")
    assert office.departments(moment("2026-04-01") - 1) == {ANNA: "Sales", BERTA: "Sales"}
    assert office.departments("2026-04-01") == {ANNA: "Marketing"}


def test_a_file_dated_in_the_future_waits_for_its_day(office: Office) -> None:
    office.put("people.csv", FIRST)
    later = f"address,department\n{ANNA},Marketing\n{BERTA},Sales\n"
    report = office.put("people-2026-07-01.csv", later)
    assert not report.directory
    assert report.notes == ["people-2026-07-01.csv: waits for its day"]
    office.put("people.csv", f"address,department\n{ANNA},Service\n{BERTA},Sales\n")
    assert office.run(moment("2026-07-01")).directory
    assert office.departments(moment("2026-07-01") - 1)[ANNA] == "Service"
    assert office.departments("2026-07-01")[ANNA] == "Marketing"


def test_a_reorganisation_does_not_rewrite_history(office: Office) -> None:
    office.put("people.csv", FIRST)
    before = office.people().roster(moment("2026-02-01"))
    office.put("people-2026-03-01.csv", f"address,department\n{ANNA},Marketing\n{BERTA},Service\n")
    after = office.people().roster(moment("2026-02-01"))
    assert before.person.tolist() == after.person.tolist()
    assert office.departments("2026-02-01") == {ANNA: "Sales", BERTA: "Sales"}


def test_files_found_together_are_read_in_the_order_of_their_dates(office: Office) -> None:
    for name, department in (("people-2026-03-01.csv", "Service"), ("people-2026-02-01.csv", "Marketing")):
        (office.directory / name).write_text(f"address,department\n{ANNA},{department}\n")
    office.put("people.csv", f"address,department\n{ANNA},Sales\n")
    found = [office.departments(day)[ANNA] for day in ("2026-01-31", "2026-02-01", "2026-03-01")]
    assert found == ["Sales", "Marketing", "Service"]


def test_long_reading_is_told_file_by_file(office: Office) -> None:
    for day in (1, 2, 3):
        (office.directory / f"people-2026-03-0{day}.csv").write_text(FIRST, encoding="utf-8")
    told: list[tuple[int, int]] = []
    with office.engine.begin() as connection:
        office.imports.run(connection, NOW, lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3)]


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
    assert [ANNA in office.departments(day) for day in ("2026-01-31", "2026-02-15", "2026-03-01")] == [
        True,
        False,
        True,
    ]


def test_a_correction_of_the_latest_file_holds_from_the_same_date(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("people-2026-03-01.csv", f"address,department\n{ANNA},Marketing\n")
    office.put("people-2026-03-01.csv", f"address,department\n{ANNA},Service\n{BERTA},Sales\n")
    assert office.departments("2026-03-01") == {ANNA: "Service", BERTA: "Sales"}
    assert len(_stored(office)) == 3  # Berta's row goes on as if she had never been missing


def test_rows_with_dates_of_their_own_are_taken_at_their_word(office: Office) -> None:
    office.put(
        "people.csv",
        "address,department,valid_from,valid_to\n"
        f"{ANNA},Sales,,2026-02-01\n{ANNA},Marketing,2026-02-01,\n{BERTA},Sales,2026-01-15T12:00:00Z,2026-03-01\n",
    )
    change, hired = moment("2026-02-01"), moment("2026-01-15 13:00")
    assert office.departments(change - 1)[ANNA] == "Sales"
    assert office.departments(change)[ANNA] == "Marketing"
    assert [BERTA in office.departments(at) for at in (hired - 1, hired)] == [False, True]
    assert [BERTA in office.departments(at) for at in (moment("2026-03-01") - 1, moment("2026-03-01"))] == [
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
    assert [office.departments(at)[ANNA] for at in (change - 1, change)] == ["Sales", "Marketing"]


def test_a_date_given_later_for_the_same_row_dates_that_row(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("people-2026-03-01.csv", f"address,department,valid_from\n{ANNA},Sales,2026-01-01\n{BERTA},Sales,\n")
    assert [ANNA in office.departments(at) for at in ("2025-12-31", "2026-01-01")] == [False, True]


def test_a_leaving_that_is_announced_ends_the_row_then(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("people-2026-03-01.csv", f"address,department,valid_to\n{ANNA},Sales,2026-04-01\n{BERTA},Sales,\n")
    leaves = moment("2026-04-01")
    assert [ANNA in office.departments(at) for at in (leaves - 1, leaves)] == [True, False]
    assert len(_stored(office)) == 2


def test_each_file_is_compared_with_its_own_versions_only(office: Office) -> None:
    office.put("north.csv", f"address,department\n{ANNA},Sales\n")
    office.put("south.csv", f"address,department\n{BERTA},Sales\n")
    office.put("north-2026-03-01.csv", f"address,department\n{ANNA},Marketing\n")
    assert office.departments(NOW) == {ANNA: "Marketing", BERTA: "Sales"}


def test_a_company_that_joins_with_a_date_begins_then(office: Office) -> None:
    office.put("people.csv", FIRST)
    office.put("bought-2026-03-01.csv", f"address,department\n{CARL},Sales\n")
    assert [CARL in office.departments(at) for at in (moment("2026-03-01") - 1, moment("2026-03-01"))] == [
        False,
        True,
    ]


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
        assert office.departments(change) == expected
        assert office.departments(change - 1) == versions[max(min(day, len(versions) + 1) - 2, 0)]
    office.engine.dispose()
