"""Who is one person, and who is in the directory when."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.ledger.directory_store import DirectoryRow, columns_of, read_attributes, write_attributes
from metrics.people import NOBODY, People, Register
from metrics.rosters import UNKNOWN
from tests.metrics.office import attributes_at

NAMES = tuple("abcdefgh")


def pseudonym(name: str) -> bytes:
    return name.encode().ljust(32, b"\0")


def row(
    *names: str,
    begin: int | None = None,
    end: int | None = None,
    manager: str | None = None,
    groups: Sequence[str] = (),
    blocked: bool = False,
    objects: bool = False,
    **attributes: str,
) -> DirectoryRow:
    """A row about the first of the names, with the others as further identifiers."""
    return DirectoryRow(
        main=pseudonym(names[0]),
        pseudonyms=b"".join(sorted({pseudonym(name) for name in names})),
        manager=pseudonym(manager) if manager else None,
        groups="\n".join(sorted(groups)),
        images_blocked=blocked,
        objects=objects,
        attributes=write_attributes(tuple(sorted(attributes.items()))),
        valid_from=begin,
        valid_to=end,
    )


def register(*names: str) -> Register:
    """Numbers from 1 in the order of the names."""
    return Register([pseudonym(name) for name in names], list(range(1, len(names) + 1)))


def people_of(rows: Sequence[DirectoryRow], register: Register) -> People:
    return People(columns_of(rows), register)


def person(people: People, name: str) -> int | None:
    return people.person_of_pseudonym(pseudonym(name).hex())


def test_one_person_has_many_identifiers() -> None:
    people = people_of([row("a", "b"), row("c")], register("a", "b", "c", "x"))
    assert people.size == 2
    assert people.person_of_number.tolist() == [NOBODY, 0, 0, 1, NOBODY]
    assert people.number_of_person.tolist() == [1, 3]


def test_an_alias_found_later_merges_two_people_also_in_the_past() -> None:
    known = register("a", "b", "c")
    before = people_of([row("a", end=10), row("b", end=10), row("c")], known)
    after = people_of([row("a", end=10), row("b", end=10), row("c"), row("a", "b", begin=10)], known)
    assert (before.size, after.size) == (3, 2)
    assert person(after, "a") == person(after, "b") == 0
    assert after.roster(5).person.tolist() == [0, 1]
    assert after.number_of_person.tolist() == [1, 3]


def test_the_number_of_a_person_stays_when_the_address_changes() -> None:
    known = register("old", "login", "new")
    before = people_of([row("old", "login")], known)
    after = people_of([row("old", "login", end=10), row("new", "login", begin=10)], known)
    assert before.number_of_person.tolist() == after.number_of_person.tolist() == [1]


def test_numbers_given_since_are_nobodys() -> None:
    people = people_of([row("a")], register("a"))
    assert people.persons_of(np.array([0, 1, 2, 10**6], dtype=np.uint32)).tolist() == [NOBODY, 0, NOBODY, NOBODY]


def test_an_unknown_pseudonym_is_nobodys() -> None:
    people = people_of([row("a")], register("a", "x"))
    assert [person(people, name) for name in ("a", "x", "y")] == [0, None, None]
    assert person(people_of([], Register([], [])), "a") is None


def test_a_row_without_a_number_is_left_out() -> None:
    people = people_of([row("a"), row("b")], register("b"))
    assert people.size == 1
    assert people.roster(0).person.tolist() == [0]


def test_a_row_holds_from_its_beginning_until_just_before_its_end() -> None:
    people = people_of([row("a", begin=100, end=200)], register("a"))
    assert [len(people.roster(at).person) for at in (99, 100, 199, 200)] == [0, 1, 1, 0]


def test_attributes_are_those_of_the_moment() -> None:
    rows = [row("a", end=100, department="Sales", site="Lyon"), row("a", begin=100, department="Service")]
    people = people_of(rows, register("a"))
    assert [attributes_at(people.roster(at), 0) for at in (99, 100)] == [
        {"department": "Sales", "site": "Lyon"},
        {"department": "Service"},
    ]
    assert people.values == {"department": ("Sales", "Service"), "site": ("Lyon",)}


def test_the_roster_between_two_changes_is_computed_once() -> None:
    people = people_of([row("a", begin=100, end=200)], register("a"))
    assert people.roster(100) is people.roster(199)
    assert people.roster(100) is not people.roster(200)


def test_groups_flags_and_managers_are_beside_their_people() -> None:
    rows = [
        row("c", manager="a", groups=["leaders", "works council"]),
        row("a", manager="x", blocked=True),
        row("b", manager="c", objects=True, groups=["leaders"]),
    ]
    roster = people_of(rows, register("a", "b", "c", "x")).roster(0)
    assert roster.person.tolist() == [0, 1, 2]
    assert roster.manager.tolist() == [UNKNOWN, 2, 0]
    assert roster.images_blocked.tolist() == [True, False, False]
    assert roster.objects.tolist() == [False, True, False]
    assert roster.groups.members("leaders").tolist() == [False, True, True]
    assert roster.groups.members("works council").tolist() == [False, False, True]
    assert not roster.groups.members("nobody's").any()


def test_a_manager_is_found_by_any_identifier() -> None:
    roster = people_of([row("a", "boss"), row("b", manager="boss")], register("a", "b", "boss")).roster(0)
    assert roster.manager.tolist() == [NOBODY, 0]


def test_of_two_rows_about_one_person_the_earlier_holds_but_whoever_objects_objects() -> None:
    rows = [row("a", department="Sales", blocked=True), row("b", "a", department="Service", objects=True)]
    roster = people_of(rows, register("a", "b")).roster(0)
    assert roster.person.tolist() == [0]
    assert attributes_at(roster, 0) == {"department": "Sales"}
    assert (roster.objects.tolist(), roster.images_blocked.tolist()) == ([True], [True])


def test_an_empty_directory_has_nobody() -> None:
    people = people_of([], register("a"))
    roster = people.roster(0)
    assert (people.size, len(roster.person), roster.attributes, people.groups) == (0, 0, {}, frozenset())
    assert roster.groups.members("leaders").tolist() == []


def test_an_attribute_with_more_values_than_codes_is_left_out() -> None:
    rows = [row("a", begin=at, end=at + 1, office=str(at), site="Lyon") for at in range(32_768)]
    assert list(people_of(rows, register("a")).values) == ["site"]


class PlainPeople:
    """The same in dictionaries, row by row."""

    def __init__(self, rows: Sequence[DirectoryRow]) -> None:
        self.rows = rows
        self.groups: list[set[str]] = []
        for one in rows:
            names = self.names(one)
            met = [group for group in self.groups if group & names]
            self.groups = [group for group in self.groups if not group & names] + [names.union(*met)]

    @staticmethod
    def names(one: DirectoryRow) -> set[str]:
        return {name for name in NAMES if pseudonym(name) in one.pseudonyms}

    def person(self, name: str) -> frozenset[str] | None:
        return next((frozenset(group) for group in self.groups if name in group), None)

    def at(self, moment: int) -> dict[frozenset[str], tuple[dict[str, str], bool]]:
        found: dict[frozenset[str], tuple[dict[str, str], bool]] = {}
        for one in self.rows:
            begins = one.valid_from is None or one.valid_from <= moment
            if begins and (one.valid_to is None or moment < one.valid_to):
                who = self.person(min(self.names(one)))
                assert who is not None
                attributes, objects = found.get(who, (read_attributes(one.attributes), False))
                found[who] = (attributes, objects or one.objects)
        return found


@st.composite
def some_rows(draw: st.DrawFn) -> list[DirectoryRow]:
    rows = []
    for _ in range(draw(st.integers(0, 8))):
        names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
        begin, end = sorted(draw(st.lists(st.integers(0, 9), min_size=2, max_size=2, unique=True)))
        attributes = draw(st.dictionaries(st.sampled_from(["department", "site"]), st.sampled_from(["x", "y"])))
        rows.append(
            row(
                *names,
                begin=draw(st.sampled_from([None, begin])),
                end=draw(st.sampled_from([None, end])),
                objects=draw(st.booleans()),
            )._replace(attributes=write_attributes(tuple(sorted(attributes.items()))))
        )
    return rows


@settings(deadline=None)
@given(rows=some_rows(), order=st.permutations(NAMES))
def test_people_are_what_a_plain_dictionary_says(rows: list[DirectoryRow], order: list[str]) -> None:
    people, plain = people_of(rows, register(*order)), PlainPeople(sorted(rows, key=lambda row: row.main))
    assert people.size == len(plain.groups)
    who = {person(people, name): plain.person(name) for name in NAMES}
    assert len(who) == len(set(who.values()))
    for moment in range(-1, 11):
        roster = people.roster(moment)
        assert roster.person.tolist() == sorted(set(roster.person.tolist()))
        found = {
            who[number]: (attributes_at(roster, place), bool(roster.objects[place]))
            for place, number in enumerate(roster.person.tolist())
        }
        assert found == plain.at(moment)


@pytest.mark.parametrize("value", ["", "a", "a\n"])
def test_pseudonyms_that_end_in_zeros_are_told_apart(value: str) -> None:
    names = ["a", "a\n", "b"]
    found = register(*names).find(pseudonym(value)).tolist()
    assert found == [names.index(value) + 1 if value in names else 0]


def test_whoever_was_there_at_every_moment_was_employed_throughout() -> None:
    # Seconds 10 to 20: one all along, one by two rows that meet, one with a hole between two, one who came, one who left.
    rows = [
        row("whole", begin=0),
        row("moved", begin=0, end=15_000_000, site="Graz"),
        row("moved", begin=15_000_000, site="Lyon"),
        row("back", begin=0, end=14_000_000),
        row("back", begin=15_000_000),
        row("came", begin=11_000_000),
        row("left", begin=0, end=20_000_000),
    ]
    people = people_of(rows, register("whole", "moved", "back", "came", "left"))
    found = people.employed(10, 20)
    assert sorted(found.person.tolist()) == sorted(person(people, name) or 0 for name in ("whole", "moved"))
    assert [found.attributes["site"].values[code] for code in found.attributes["site"].codes if code >= 0] == ["Lyon"]
