"""Means over what people read, answered and rated: every figure is counted on paper beside its test."""

from pathlib import Path
from typing import Any

import pytest

from tests.oracle.figures import across_units, wilson
from tests.oracle.small_company import SmallCompany, counts, five_people

QUIZ = [{"id": "exit", "options": ["a", "b", "c"], "correct": "b"}]


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    company = five_people(tmp_path)
    company.show("read", "delivered", "attended", "answered", "rated")
    return company


def reading_times(company: SmallCompany, about: str, seconds: dict[str, float | None], **data: Any) -> None:
    for who, time in seconds.items():
        company.tell("delivered", who, "09:00", about=about)
        if time is not None:
            company.tell("read", who, "10:00", about=about, engaged_seconds=time, **data)


def test_attention_is_the_share_of_the_expected_time(company: SmallCompany) -> None:
    company.send("m", words=238)
    reading_times(company, "m", {"anna": 20, "ben": 70, "cleo": 2.9, "dan": None})
    company.tell("read", "eve", "10:00", engaged_seconds=60)
    reading = company.read_one(indicator="attention")
    # A minute is expected: Anna a third (rounded down), Ben all of it, Cleo under three seconds. Dan is not seen reading, Eve got nothing.
    assert counts(reading) == {"E": 5, "D": 4, "n": 3, "H": 2, "U": 1}
    assert (reading.extra, reading.value) == ((2, 13_333), 1.3333 / 2)
    assert reading.measured == (1.3333 / 3, 2.3333 / 3)
    assert (reading.lower, reading.upper) == reading.measured


def test_the_attention_of_most_must_be_known(company: SmallCompany) -> None:
    company.send("m", words=238)
    reading_times(company, "m", {"anna": 60, "dan": None})
    assert company.read_one(indicator="attention").value == 1
    company.tell("delivered", "ben", "09:00")
    company.tell("read", "ben", None, engaged_seconds=30)
    # Ben's time nobody knows: two of three.
    reading = company.read_one(indicator="attention")
    assert (reading.value, reading.measured) == (None, (1 / 3, 1))
    assert counts(reading) == {"E": 5, "D": 3, "n": 3, "H": 1, "P": 1, "U": 1}


def test_attention_needs_a_number_of_words(company: SmallCompany) -> None:
    company.send("m")
    reading_times(company, "m", {"anna": 20})
    assert company.read_one(indicator="attention").counts["E"] == 0


def test_across_a_campaign_the_most_attention_counts(company: SmallCompany) -> None:
    company.send("m", words=238, campaign="c")
    company.send("n", words=119, campaign="c")
    reading_times(company, "m", {"anna": 30, "ben": 6})
    reading_times(company, "n", {"anna": 24})
    # Anna half of one and eight tenths of the other, Ben a tenth of one.
    reading = company.read_one(indicator="attention")
    assert (reading.units, reading.extra) == (1, (2, 9_000))


def test_a_process_of_attention_counts_chance_and_the_unseen(company: SmallCompany) -> None:
    company.send("m", words=238)
    reading_times(company, "m", {"anna": 30, "ben": 60, "dan": None})
    one = company.read_one(indicator="attention", judge="process")
    # 1.5 of two, and one unseen: between one of three and three of three.
    assert (one.lower, one.upper) == (wilson(1, 3)[0], wilson(3, 3)[1])
    at_random = company.read_one(indicator="attention", judge="process", assume="missing_at_random")
    assert (at_random.lower, at_random.upper) == (wilson(1, 2)[0], wilson(2, 2)[1])
    company.send("n", words=238)
    reading_times(company, "n", {"anna": 15})
    both = company.read_one(indicator="attention", judge="process")
    least, most = across_units([1.5, 0.25], [3, 1]), across_units([2.5, 0.25], [3, 1])
    assert least is not None
    assert most is not None
    assert (both.lower, both.upper) == (least[0], most[1])


def test_comprehension_takes_away_what_guessing_gives(company: SmallCompany) -> None:
    company.send("m", questions=[*QUIZ, {"id": "mood", "lowest": 1, "highest": 5}], audience={"department": ["Sales"]})
    company.tell("answered", "anna", "10:00", question="exit", choice="a")
    company.tell("answered", "anna", "11:00", question="exit", choice="b")
    company.tell("answered", "ben", "10:00", question="exit", choice="c")
    company.tell("answered", "cleo", None, question="exit", choice="b")
    company.tell("answered", "cleo", "10:00", question="mood", value=5)
    company.tell("answered", "eve", "10:00", question="exit", choice="b")
    reading = company.read_one(indicator="comprehension")
    # Two right, one wrong (worth -1/2 of three options); Eve was not meant.
    assert (reading.extra, reading.value) == ((3, 15_000), 0.5)
    assert (counts(reading), reading.measured) == ({"E": 3, "n": 3, "H": 3}, (0.5, 0.5))
    process = company.read_one(indicator="comprehension", judge="process")
    # On the scale from -1 to 1 half way between nothing and all: 3/4 of three people, between two and three of them.
    low, high = wilson(2, 3)[0], wilson(3, 3)[1]
    assert (process.lower, process.upper) == (max(0, 2 * low - 1), 2 * high - 1)


def test_comprehension_is_never_less_than_nothing(company: SmallCompany) -> None:
    company.send("m", questions=QUIZ)
    company.tell("answered", "anna", "10:00", question="exit", choice="c")
    reading = company.read_one(indicator="comprehension")
    assert (reading.extra, reading.value) == ((1, -5_000), 0)


@pytest.mark.parametrize(
    ("when", "people"),
    [
        pytest.param("2026-11-09T09:00:00Z", 0, id="after seven days"),
        pytest.param("2026-11-09T08:59:59Z", 1, id="a second before"),
    ],
)
def test_answers_are_awaited_for_seven_days(company: SmallCompany, when: str, people: int) -> None:
    company.send("m", questions=QUIZ)
    company.tell("answered", "anna", when, question="exit", choice="b")
    assert company.read_one(indicator="comprehension").counts["H"] == people


def test_a_process_of_comprehension_weighs_messages_by_their_answers(company: SmallCompany) -> None:
    company.send("m", questions=QUIZ)
    company.send("n", questions=QUIZ)
    for about, who, choice in (("m", "anna", "b"), ("m", "ben", "b"), ("n", "anna", "c"), ("n", "ben", "b")):
        company.tell("answered", who, "10:00", about=about, question="exit", choice=choice)
    reading = company.read_one(indicator="comprehension", judge="process")
    # Halfway to 1: two of two, and (0.5 + 2) / 2 of two; 3.25 of four people together.
    low, _ = across_units([2, 1.25], [2, 2]) or (0, 0)
    assert (reading.lower, reading.upper) == (max(0, 2 * low - 1), 2 * wilson(4, 4)[1] - 1)


def test_usefulness_is_where_ratings_lie_on_their_scale(company: SmallCompany) -> None:
    company.send("m", questions=[{"id": "useful", "lowest": 1, "highest": 5}], audience={"department": ["Sales"]})
    company.tell("rated", "anna", "10:00", question="useful", value=2)
    company.tell("rated", "anna", "10:00", question="clear", value=4)
    company.tell("rated", "ben", "10:00", value=9)
    company.tell("rated", "cleo", "10:00", question="useful", value=1)
    company.tell("rated", "cleo", "11:00", question="useful", value=4)
    company.tell("rated", "eve", "10:00", question="useful", value=1)
    reading = company.read_one(indicator="usefulness")
    # Anna (1/4 + 3/4) / 2, Ben beyond the scale 1, Cleo's second thought 3/4.
    assert (reading.extra, reading.value) == ((3, 22_500), 0.75)
    assert counts(reading) == {"E": 3, "n": 3, "H": 3}


def test_usefulness_is_asked_where_anybody_rated(company: SmallCompany) -> None:
    company.send("m")
    company.send("n")
    company.tell("rated", "anna", "10:00", value=5)
    assert [one.message for one in company.read(indicator="usefulness", period="message")] == ["m"]
