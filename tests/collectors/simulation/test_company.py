import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from collectors.simulation.company import DEPARTMENTS, NEVER, SITES, Company, values
from collectors.simulation.founding import found_company
from collectors.simulation.identifiers import Identifiers, write_directory
from tests.collectors.simulation.conftest import PARAMETERS


@pytest.fixture(scope="module", params=[20, 180, 3000], ids=["20 people", "180 people", "3,000 people"])
def company(request: pytest.FixtureRequest) -> Company:
    return found_company(replace(PARAMETERS, people=request.param))


def test_managers_are_a_tree_with_one_root(company: Company) -> None:
    assert np.count_nonzero(company.manager < 0) == 1
    above = company.manager.copy()
    for _ in range(12):
        above = np.where(above >= 0, company.manager[above], -1)
    assert np.all(above < 0)


def test_everybody_with_reports_is_a_leader_and_nobody_else(company: Company) -> None:
    managing = np.isin(np.arange(company.size), company.manager)
    assert np.array_equal(company.flags["leaders"], managing)


def test_departments_are_of_uneven_size_and_one_is_too_small_to_show(company: Company) -> None:
    sizes = np.bincount(company.department, minlength=len(DEPARTMENTS))
    assert sizes.min() >= 2
    assert sizes[values("department").index("Executive Office")] < 10
    assert sizes.max() >= sizes.sum() // 8


def test_people_without_a_mailbox_block_no_images_and_no_leader_is_without(company: Company) -> None:
    flags = company.flags
    assert not np.any((flags["blocked"] | flags["proxied"] | flags["dead"]) & ~flags["mailbox"])
    assert np.all(flags["mailbox"][flags["leaders"]])
    assert np.all(flags["blocked"][flags["declared"]])


def test_a_condition_means_people_as_they_were_then() -> None:
    company = found_company(replace(PARAMETERS, people=3000))
    moved = np.flatnonzero(company.department != company.department_later)
    assert len(moved) > 0
    person = int(moved[0])
    before = values("department")[company.department[person]]
    after = values("department")[company.department_later[person]]
    change = company.reorganised_us
    assert person in company.meant({"department": [before]}, change - 1)
    assert person not in company.meant({"department": [before]}, change)
    assert person in company.meant({"department": [after]}, change)


def test_joiners_are_meant_from_their_day_on_and_leavers_up_to_theirs() -> None:
    company = found_company(replace(PARAMETERS, people=3000))
    joiners, leavers = company.size - 3000, np.flatnonzero(company.left_us < NEVER)
    assert joiners > 0
    assert len(leavers) > 0
    before, after = company.meant({}, company.reorganised_us - 1), company.meant({}, company.reorganised_us)
    assert len(before) == 3000
    assert set(range(3000, company.size)) <= set(after.tolist())
    assert not set(leavers.tolist()) & set(after.tolist())


def test_a_long_history_has_people_come_go_and_move_every_three_weeks(tmp_path: Path) -> None:
    company = found_company(replace(PARAMETERS, people=1000, days=120))
    assert len(company.changes_us) >= 5
    assert set(company.joined_us[1000:].tolist()) == set(company.changes_us)
    assert set(company.left_us[company.left_us < NEVER].tolist()) == set(company.changes_us)
    assert set(company.moved_us[company.moved_us < NEVER].tolist()) == set(company.changes_us)
    write_directory(tmp_path, company, Identifiers(company, 1))
    assert len(list(tmp_path.iterdir())) == 1 + len(company.changes_us)


def test_who_moves_has_another_manager_from_that_day_on() -> None:
    company = found_company(replace(PARAMETERS, people=3000))
    moved = np.flatnonzero(company.department != company.department_later)
    moment = company.reorganised_us
    after = company.managers(moment)[moved]
    assert np.all(company.department[after] == company.department_later[moved])
    assert np.any(company.managers(moment - 1)[moved] != after)
    assert np.all(company.left_us[after] == NEVER)


def test_a_short_history_has_no_reorganisation(tmp_path: Path) -> None:
    company = found_company(replace(PARAMETERS, days=13))
    assert company.reorganised_us == NEVER
    write_directory(tmp_path, company, Identifiers(company, 1))
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_the_directory_gives_everybody_identifiers_of_their_own(tmp_path: Path) -> None:
    company = found_company(PARAMETERS)
    write_directory(tmp_path, company, Identifiers(company, PARAMETERS.seed))
    for path in tmp_path.iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        identifiers = [word.lower() for row in rows for word in (row["address"], *row["ids"].split())]
        assert len(identifiers) == len(set(identifiers))
        addresses = {row["address"] for row in rows}
        assert all(row["manager"] in addresses for row in rows if row["manager"])
        assert {row["site"] for row in rows} <= {name for name, _ in SITES}


def test_systems_know_people_by_identifiers_that_the_directory_has() -> None:
    company = found_company(PARAMETERS)
    known = Identifiers(company, PARAMETERS.seed)
    for person in range(company.size):
        own = {known.main[person].lower(), *known.others[person].lower().split()}
        assert {known.mail[person].lower(), known.login[person], known.object_id[person]} <= own


def test_no_identifier_is_a_name() -> None:
    known = Identifiers(found_company(PARAMETERS), 1)
    assert all(address.lower()[0] in "pux" and address[1:5].isdigit() for address in known.mail)
