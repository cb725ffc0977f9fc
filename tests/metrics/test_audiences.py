"""Who a message was meant for, and that a stored audience outlives what happens to the directory."""

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.audiences import Audience, find_audience, from_bytes, leave_out, to_bytes
from metrics.draw import drawer
from metrics.entries import read_entry
from metrics.messages import Message
from metrics.moments import read_moment
from metrics.people import Coded, People, Register
from tests.metrics.test_people import people_of, pseudonym, register, row

SENT = "2026-03-02T09:00:00Z"
AT = read_moment(SENT, None)
ROWS = [
    row("anna", department="Sales", site="Lyon", groups=["leaders"], blocked=True),
    row("berta", department="Sales", site="Graz", objects=True),
    row("carl", department="Service", site="Lyon", groups=["leaders", "board"]),
    row("dora", site="Lyon"),
    row("emil", end=AT, department="Sales"),
    row("finn", begin=AT, department="Sales", site="Lyon"),
    row("gina", begin=AT + 1, department="Service", site="Turku"),
]
NAMES = ("anna", "berta", "carl", "dora", "emil", "finn", "gina")
PEOPLE = people_of(ROWS, register(*NAMES))
DRAW = drawer(b"a key")


def message(audience: Any, **said: Any) -> Message:
    if isinstance(audience, list):
        audience = [pseudonym(name).hex() for name in audience]
    return read_entry({"id": "m", "sent_at": SENT, "audience": audience, **said})


def names(audience: Audience | None) -> list[str]:
    assert audience is not None
    return [NAMES[person] for person in audience.person.tolist()]


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ("all", ["anna", "berta", "carl", "dora", "finn"]),
        ({"department": ["Sales"]}, ["anna", "berta", "finn"]),
        ({"department": ["Sales", "Service"]}, ["anna", "berta", "carl", "finn"]),
        ({"department": ["Sales"], "site": ["Lyon"]}, ["anna", "finn"]),
        ({"group": ["leaders"]}, ["anna", "carl"]),
        ({"group": ["leaders"], "department": ["Sales"]}, ["anna"]),
        ({"group": ["board", "leaders"]}, ["anna", "carl"]),
        ({"site": ["Turku"]}, []),
        (["berta", "dora", "berta"], ["berta", "dora"]),
    ],
    ids=[
        "everybody there at the sending, to the microsecond",
        "a value of an attribute",
        "one of several values",
        "every attribute must fit",
        "a group",
        "a group and an attribute",
        "one of several groups",
        "a value that only others have",
        "people by identifier",
    ],
)
def test_an_audience_is_the_condition_over_those_there_at_the_sending(audience: object, expected: list[str]) -> None:
    meant = find_audience(message(audience), PEOPLE, DRAW)
    assert names(meant.audience) == expected
    assert meant.problems == ()


def test_what_is_known_of_people_stands_beside_them() -> None:
    audience = find_audience(message({"site": ["Lyon", "Graz"]}), PEOPLE, DRAW).audience
    assert audience is not None
    assert audience.images_blocked.tolist() == [True, False, False, False, False]
    assert audience.objects.tolist() == [False, True, False, False, False]
    department = audience.attributes["department"]
    assert [department.values[code] if code >= 0 else None for code in department.codes] == [
        "Sales",
        "Sales",
        "Service",
        None,
        "Sales",
    ]


def test_the_sender_belongs_to_the_audience_where_the_condition_says_so() -> None:
    sender = pseudonym("anna").hex()
    assert "anna" in names(find_audience(message({"department": ["Sales"]}, sender=sender), PEOPLE, DRAW).audience)


def test_without_a_time_or_a_condition_there_is_no_audience() -> None:
    assert find_audience(message("all", sent_at=None), PEOPLE, DRAW).audience is None
    assert find_audience(message(None), PEOPLE, DRAW).audience is None


@pytest.mark.parametrize(
    ("audience", "problem"),
    [
        ({"departmnt": ["Sales"]}, "`m`: the directory has no attribute `departmnt`. Did you mean `department`?"),
        ({"department": ["Sails"]}, "`m`: nobody in the directory ever had `department=Sails`. Did you mean `Sales`?"),
        ({"group": ["leader"]}, "`m`: nobody in the directory ever had `group=leader`. Did you mean `leaders`?"),
        (["anna", "emil", "zoe"], "`m`: 2 of 3 identifiers were not in the directory when it was sent"),
    ],
    ids=["an unknown attribute", "an unknown value", "an unknown group", "unknown identifiers"],
)
def test_what_does_not_fit_the_directory_is_told(audience: object, problem: str) -> None:
    meant = find_audience(message(audience), PEOPLE, DRAW)
    assert meant.problems == (problem,)
    assert names(meant.audience) == (["anna"] if isinstance(audience, list) else [])


def test_a_message_sent_before_the_directory_begins_is_told() -> None:
    people = people_of([row("anna", begin=AT + 1)], register("anna"))
    meant = find_audience(message("all"), people, DRAW)
    assert meant.problems == ("`m`: nobody was in the directory when it was sent",)


def plain(audience: Audience, people: People) -> dict[int, tuple[Any, ...]]:
    """What is known of each, by a number that outlives the directory."""
    return {
        int(people.number_of_person[person]): (
            {
                name: coded.values[coded.codes[place]]
                for name, coded in audience.attributes.items()
                if coded.codes[place] >= 0
            },
            bool(audience.images_blocked[place]),
            bool(audience.objects[place]),
        )
        for place, person in enumerate(audience.person.tolist())
    }


def stored(people: People = PEOPLE) -> bytes:
    audience = find_audience(message("all"), people, DRAW).audience
    assert audience is not None
    return to_bytes(audience, people)


def test_a_stored_audience_is_the_same_after_a_reorganisation() -> None:
    later = [row("aaron", begin=AT + 9, department="Board"), *(one._replace(attributes="{}") for one in ROWS)]
    people = people_of(later, register(*NAMES, "aaron"))
    assert plain(from_bytes(stored(), people), people) == plain(from_bytes(stored(), PEOPLE), PEOPLE)


def test_two_who_were_found_to_be_one_count_once_by_the_lower_number_and_object_if_either_did() -> None:
    people = people_of([*ROWS, row("anna", "berta", begin=AT + 9)], register(*NAMES))
    found = plain(from_bytes(stored(), people), people)
    assert list(found) == [1, 3, 4, 6]
    assert found[1] == ({"department": "Sales", "site": "Lyon"}, True, True)


def test_who_was_erased_is_left_out_of_a_stored_audience() -> None:
    rows = [one for one in ROWS if one.main != pseudonym("berta")]
    others = [name for name in NAMES if name != "berta"]
    people = people_of(rows, Register([pseudonym(name) for name in others], [1, 3, 4, 5, 6, 7]))
    expected = {number: said for number, said in plain(from_bytes(stored(), PEOPLE), PEOPLE).items() if number != 2}
    assert plain(from_bytes(stored(), people), people) == expected
    assert plain(from_bytes(leave_out(stored(), [2]), PEOPLE), PEOPLE) == expected


def test_leaving_out_who_is_not_in_it_changes_nothing() -> None:
    assert leave_out(stored(), [5, 7, 99]) == stored()


def test_an_audience_of_another_version_is_refused() -> None:
    parts = msgspec.msgpack.decode(stored())
    parts[4] += 1  # where the version stands
    with pytest.raises(ValueError, match="version 2"):
        from_bytes(msgspec.msgpack.encode(parts), PEOPLE)


def test_what_periods_ask_outlives_the_times_and_goes_with_the_person() -> None:
    audience = find_audience(message("all"), PEOPLE, DRAW).audience
    assert audience is not None
    marks = {"exposure": np.arange(len(audience.person), dtype=np.int32)}
    body = to_bytes(replace(audience, marks=marks), PEOPLE)
    assert from_bytes(body, PEOPLE).marks["exposure"].tolist() == marks["exposure"].tolist()
    gone = int(PEOPLE.number_of_person[audience.person[0]])
    assert from_bytes(leave_out(body, [gone]), PEOPLE).marks["exposure"].tolist() == marks["exposure"].tolist()[1:]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(-1, 2), st.booleans(), st.booleans()), max_size=40), st.data())
def test_what_is_stored_comes_back(people: list[tuple[int, bool, bool]], data: st.DataObject) -> None:
    size = len(people) + 5
    everybody = people_of(
        [row(f"p{number}") for number in range(size)], register(*(f"p{number}" for number in range(size)))
    )
    chosen = sorted(data.draw(st.permutations(range(size)))[: len(people)])
    codes, blocked, objects = (np.array(column) for column in zip(*people, strict=True)) if people else ([], [], [])
    audience = Audience(
        person=np.array(chosen, dtype=np.int32),
        attributes={"site": Coded(("Graz", "Lyon", "Turku"), np.array(codes, dtype=np.int16))},
        images_blocked=np.array(blocked, dtype=np.bool_),
        objects=np.array(objects, dtype=np.bool_),
    )
    back = from_bytes(to_bytes(audience, everybody), everybody)
    assert plain(back, everybody) == plain(audience, everybody)
    assert back.person.tolist() == chosen


def test_a_hundred_thousand_people_fit_into_half_a_megabyte() -> None:
    size = 100_000
    rows = [row("p", department="x")]
    people = people_of(rows, register("p"))
    people.number_of_person = np.arange(1, size + 1, dtype=np.int32)
    dice = np.random.default_rng(1)
    attributes = {
        name: Coded(tuple(map(str, range(values))), dice.integers(-1, values, size).astype(np.int16))
        for name, values in (("department", 30), ("site", 40), ("level", 5))
    }
    none = np.zeros(size, dtype=np.bool_)
    audience = Audience(np.arange(size, dtype=np.int32), attributes, none, none)
    assert len(to_bytes(audience, people)) < 500_000


def held(audience: Audience | None) -> list[str]:
    assert audience is not None
    return names(audience.holdout)


@pytest.mark.parametrize(
    ("audience", "holdout", "sent", "left_out"),
    [
        ("all", {"site": ["Lyon"]}, ["berta"], ["anna", "carl", "dora", "finn"]),
        ({"department": ["Sales"]}, {"site": ["Lyon"]}, ["berta"], ["anna", "finn"]),
        ({"department": ["Sales"]}, {"department": ["Service"]}, ["anna", "berta", "finn"], ["carl"]),
        (
            {"department": ["Sales"], "site": ["Graz"]},
            {"site": ["Lyon"]},
            ["berta"],
            ["anna", "finn"],
        ),
        ({"group": ["leaders"]}, {"group": ["board"]}, ["anna"], ["carl"]),
        (["anna", "berta", "carl"], {"site": ["Lyon"]}, ["berta"], ["anna", "carl"]),
    ],
    ids=[
        "of everybody, those who fit",
        "of those meant, those who fit",
        "others than those meant, where it asks for another value",
        "what it does not name is as the audience has it",
        "a group in the place of a group",
        "of people by identifier, those who fit",
    ],
)
def test_a_condition_says_who_is_held_out(
    audience: object, holdout: object, sent: list[str], left_out: list[str]
) -> None:
    meant = find_audience(message(audience, holdout=holdout), PEOPLE, DRAW)
    assert (names(meant.audience), held(meant.audience)) == (sent, left_out)
    assert meant.problems == ()


def test_a_share_parts_the_audience_in_two_by_everybodys_own_draw() -> None:
    whole = find_audience(message("all"), PEOPLE, DRAW).audience
    assert whole is not None
    drawn = {NAMES[person]: DRAW("m", PEOPLE.pseudonyms_of(np.array([person])))[0] for person in whole.person.tolist()}
    for share in (0.2, 0.5, 0.8):
        audience = find_audience(message("all", holdout=share), PEOPLE, DRAW).audience
        assert held(audience) == [name for name, number in drawn.items() if number < share]
        assert sorted(names(audience) + held(audience)) == names(whole)


def test_a_holdout_of_nobody_and_a_slip_of_the_pen_in_it_are_told() -> None:
    meant = find_audience(message("all", holdout={"site": ["Lyom"]}), PEOPLE, DRAW)
    assert meant.problems == (
        "`m`: nobody in the directory ever had `site=Lyom`. Did you mean `Lyon`?",
        "`m`: nobody is in its holdout",
    )


def test_a_stored_holdout_comes_back_and_forgets_whoever_is_erased() -> None:
    audience = find_audience(message("all", holdout={"site": ["Lyon"]}), PEOPLE, DRAW).audience
    assert audience is not None
    body = to_bytes(audience, PEOPLE)
    assert (names(from_bytes(body, PEOPLE)), held(from_bytes(body, PEOPLE))) == (names(audience), held(audience))
    gone = int(PEOPLE.number_of_person[NAMES.index("dora")])
    without = from_bytes(leave_out(body, [gone]), PEOPLE)
    assert (names(without), held(without)) == (names(audience), ["anna", "carl", "finn"])
