"""The state of people over a period: every figure is counted on paper beside its test."""

from pathlib import Path
from typing import Any

import pytest

from tests.oracle.reading import OracleReading
from tests.oracle.small_company import SmallCompany, counts, five_people

QUARTER = {"period": "quarter"}
AFTER = "2027-01-20T00:00:00Z"


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    return five_people(tmp_path)


def read(company: SmallCompany, indicator: str, **target: Any) -> OracleReading:
    return company.read_one(AFTER, indicator=indicator, **{**QUARTER, **target})


def test_depending_on_a_channel_is_having_met_messages_on_one_alone(company: SmallCompany) -> None:
    company.add_source("pages", "intranet", shows=("viewed",))
    company.send("m")
    company.send("n", "2026-11-03T09:00:00Z", audience=["anna@example.org", "ben@example.org"])
    company.tell("clicked", "anna", "10:00")
    company.tell("opened", "anna", "11:00")
    company.tell("clicked", "ben", "10:00")
    company.tell("viewed", "ben", "2026-11-03T10:00:00Z", about="n", source="pages")
    company.tell("opened", "cleo", "10:00", machine="yes")
    company.tell("viewed", "eve", "2026-11-09T10:00:00Z", source="pages")
    # Anna by mail alone, Ben by both; Cleo's proxy, Dan's silence and Eve's late visit are nobody's.
    assert counts(read(company, "channel_dependence")) == {"E": 5, "D": 5, "n": 2, "H": 1}


def send_about(company: SmallCompany, goal: str, days: range) -> list[str]:
    names = [f"{goal}-{day}" for day in days]
    for name, day in zip(names, days, strict=True):
        company.send(name, f"2026-11-{day:02d}T09:00:00Z", goal=goal)
    return names


def test_awareness_is_having_met_a_goal_three_times(company: SmallCompany) -> None:
    first, second, third, fourth = send_about(company, "growth", range(2, 6))
    for about in (first, second, third):
        company.tell("clicked", "anna", "2026-11-06T08:00:00Z", about=about)
    for about in (first, second):
        company.tell("clicked", "ben", "2026-11-06T08:00:00Z", about=about)
    company.tell("opened", "ben", "2026-11-06T08:00:00Z", about=third, machine="yes")
    company.tell("clicked", "cleo", "2026-11-06T08:00:00Z", about=first)
    company.tell("opened", "cleo", "2026-11-06T08:00:00Z", about=second, machine="yes")
    company.tell("clicked", "cleo", "2026-11-06T08:00:00Z", about=fourth, machine="likely")
    (reading,) = company.read(AFTER, indicator="awareness", by="goal", judge="count", **QUARTER)
    # Anna three times; Ben with a proxy's; Cleo with that and a scanner's; Dan is seen by nothing, four times; Eve never.
    assert reading.segment == "goal=growth"
    assert counts(reading) == {"E": 5, "D": 5, "n": 5, "H": 1, "P": 1, "S_likely": 1, "U": 1}


def test_a_goal_that_no_message_names_is_known_to_nobody(company: SmallCompany) -> None:
    company.indicators["goals"] = ("growth", "safety")
    send_about(company, "growth", range(2, 6))
    growth, safety = company.read(AFTER, indicator="awareness", by="goal", **QUARTER)
    assert (growth.segment, growth.counts["U"]) == ("goal=growth", 1)
    assert counts(safety) == {"E": 5, "D": 5, "n": 5}
    assert counts(read(company, "awareness", scope={"goal": "safety"})) == {"E": 5, "D": 5, "n": 5}


def test_the_least_known_goal_leads(company: SmallCompany) -> None:
    for goal, people in {"growth": ("anna", "ben"), "safety": ("anna",), "zeal": ("cleo",)}.items():
        for about in send_about(company, goal, range(2, 5)):
            for who in people:
                company.tell("clicked", who, "2026-11-04T10:00:00Z", about=about)
    reading = read(company, "goal_awareness")
    # Two, one and one of the four who can be seen; of equals the first by name.
    assert (reading.segment, reading.value, reading.counts["H"]) == ("all", 1 / 4, 1)
    company.indicators["goals"] = ("growth",)
    assert read(company, "goal_awareness").value == 2 / 4


def test_awareness_is_of_something(company: SmallCompany) -> None:
    send_about(company, "growth", range(2, 5))
    assert company.read(AFTER, indicator="awareness", **QUARTER) == []


def test_taking_part_is_reacting_replying_commenting_or_raising_an_item(company: SmallCompany) -> None:
    company.show("reacted", "replied", "raised")
    company.send("m", sender="eve@example.org")
    company.tell("reacted", "anna", "10:00", choice="heart")
    company.tell("raised", "ben", "2026-12-01T10:00:00Z", about="", item="i")
    company.tell("reacted", "cleo", "10:00", choice="heart")
    company.tell("unreacted", "cleo", "10:10", choice="heart")
    company.tell("replied", "dan", "10:00", machine="likely")
    company.tell("replied", "eve", "10:00")
    # Cleo took hers back, Dan's is an automaton's, Eve's is the sender's.
    assert counts(read(company, "participation")) == {"E": 5, "D": 5, "n": 5, "H": 2, "S_likely": 1}


def test_where_no_source_tells_of_taking_part_the_others_are_unseen(tmp_path: Path) -> None:
    company = five_people(tmp_path)
    company.streams["mail"].clear()
    company.show("opened", "replied")
    company.send("m")
    assert counts(read(company, "participation")) == {"E": 5, "D": 5, "n": 5, "U": 5}
    company.tell("replied", "anna", "10:00")
    assert counts(read(company, "participation")) == {"E": 5, "D": 5, "n": 5, "H": 1}


def test_a_voice_is_an_item_or_a_comment(company: SmallCompany) -> None:
    company.show("commented", "raised")
    company.send("m", audience={"department": ["Sales"]})
    company.tell("commented", "anna", "10:00")
    company.tell("commented", "eve", "10:00")
    company.tell("reacted", "ben", "10:00")
    company.tell("raised", "dan", "10:00", about="", item="i")
    # Eve commented on what was not meant for her, Ben said nothing.
    assert counts(read(company, "voice_reach")) == {"E": 5, "D": 5, "n": 5, "H": 2}


@pytest.mark.parametrize(
    ("moment", "raised"),
    [
        pytest.param("2026-09-30T23:59:59Z", 0, id="a day of the quarter before"),
        pytest.param("2026-10-01T00:00:00Z", 1, id="its first day"),
        pytest.param("2026-12-31T23:59:59Z", 1, id="its last day"),
        pytest.param("2027-01-01T00:00:00Z", 0, id="the day after"),
    ],
)
def test_who_raised_something_is_known_to_the_day(company: SmallCompany, moment: str, raised: int) -> None:
    company.show("raised")
    company.send("m")
    company.tell("raised", "anna", moment, about="", item="i")
    assert read(company, "voice_reach").counts["H"] == raised


def test_alignment_asks_for_the_upper_two_fifths_of_the_latest_answers(company: SmallCompany) -> None:
    scale = [{"id": "role", "lowest": 0, "highest": 10}]
    company.send("m")
    company.send("n", "2026-11-10T09:00:00Z", questions=scale)
    company.tell("rated", "anna", "10:00", question="role", value=4)
    company.tell("rated", "ben", "10:00", question="role", value=5)
    company.tell("rated", "ben", "2026-12-30T10:00:00Z", about="n", question="role", value=5)
    company.tell("answered", "cleo", "11:00", question="role", value=1)
    company.tell("answered", "cleo", "12:00", question="role", value=5)
    company.tell("rated", "dan", "10:00", question="other", value=5)
    # Anna 3/4 of a scale from 1 to 5; Ben's last 1/2 of one from 0 to 10; Cleo changed her mind. Dan and Eve were not asked.
    reading = read(company, "alignment")
    assert counts(reading) == {"E": 5, "D": 5, "n": 3, "H": 2}
    assert reading.value == 2 / 3
    company.indicators["alignment_question"] = "other"
    assert counts(read(company, "alignment")) == {"E": 5, "D": 5, "n": 1, "H": 1}


def test_advocacy_is_the_mean_of_whole_half_and_nothing(company: SmallCompany) -> None:
    company.send("m")
    for who, value in {"anna": 10, "ben": 9, "cleo": 7, "dan": 6}.items():
        company.tell("rated", who, "10:00", question="recommend", value=value)
    reading = read(company, "advocacy")
    # Two whole and a half of four.
    assert (reading.value, reading.measured, reading.extra) == (2.5 / 4, (2.5 / 4, 2.5 / 4), (4, 25_000))
    assert counts(reading) == {"E": 5, "D": 5, "n": 4, "H": 4}
    process = read(company, "advocacy", judge="process")
    # Wilson's interval of 2 in 4 begins at 0.150, that of 3 in 4 ends at 0.954.
    assert (process.lower, process.upper) == pytest.approx((0.15004, 0.95441), abs=1e-4)
