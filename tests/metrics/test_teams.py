"""An attribute that says who manages whom is no segment."""

import pytest

from config.schema import DirectorySettings, Settings
from metrics.check_directory import check_teams
from metrics.ledger.directory_store import DirectoryRow
from metrics.people import People
from metrics.teams import find_teams
from tests.metrics.test_people import people_of, register, row

MANAGERS = {"sales": "m", "stock": "n", "legal": "o"}


def people(*, boss_of_all: bool = False, strangers: int = 0) -> People:
    """Three departments of five, each with a manager among its people, who report to the boss."""
    rows: list[DirectoryRow] = [row("boss", site="Lyon")]
    for department, manager in MANAGERS.items():
        rows.append(row(manager, manager="boss", department=department, site="Lyon"))
        for number in range(4):
            other = MANAGERS["sales" if number < strangers else department]
            led_by = "boss" if boss_of_all else other
            site = ("Lyon", "Oslo")[number % 2]
            rows.append(row(f"{department}{number}", manager=led_by, department=department, site=site))
    names = [bytes(each.main).rstrip(b"\0").decode() for each in rows]
    return people_of(rows, register(*names))


def found(known: People) -> frozenset[str]:
    return find_teams(known.roster(0), ("department", "site", "grade"))


def test_departments_of_one_manager_each_are_teams() -> None:
    assert found(people()) == {"department"}


def test_departments_whose_people_have_several_managers_are_none() -> None:
    assert not found(people(strangers=1))


def test_where_one_person_manages_everybody_there_are_no_teams() -> None:
    assert not found(people(boss_of_all=True))


@pytest.mark.parametrize("segments", [("department", "site"), ("site", "department")])
def test_check_refuses_such_a_segment_in_a_sentence(segments: tuple[str, ...]) -> None:
    settings = Settings(directory=DirectorySettings(segments=segments))
    (problem,) = check_teams(settings, people(), 0)
    assert problem.path == f"directory.segments[{segments.index('department')}]"
    assert str(problem).endswith(
        "Nearly every value of it is the team of one manager: figures by it would judge single managers. Take it out, or use an "
        "attribute that several managers share."
    )
