"""What messages want done, on one message to a few people: every figure is counted on paper beside its test."""

from pathlib import Path

import pytest

from tests.oracle.deeds import drawer
from tests.oracle.small_company import SmallCompany, counts, five_people

PAGE = "https://intranet.example.org/act"


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    company = five_people(tmp_path)
    company.add_source("pages", "intranet", shows=("viewed", "answered"))
    company.prove("pages")
    return company


def go(company: SmallCompany, who: str, when: str = "10:00") -> None:
    company.tell("viewed", who, when, about=PAGE, source="pages")


def test_whoever_went_to_the_page_after_the_sending_did_it(company: SmallCompany) -> None:
    company.send("m", action=PAGE)
    go(company, "anna")
    go(company, "ben", "08:50")
    go(company, "cleo", "2026-11-09T09:00:00Z")
    reading = company.read_one(indicator="action", period="message")
    # Ben was there before, Cleo when five working days were over; of a page images say nothing, so Dan is seen.
    assert counts(reading) == {"E": 5, "n": 5, "H": 1}
    assert reading.value == 1 / 5


def test_an_action_of_which_nothing_is_on_record_cannot_be_told(company: SmallCompany) -> None:
    company.send("m", action=PAGE)
    assert company.read_one(indicator="action", period="message").counts["U"] == 5


def test_the_senders_own_act_is_none(company: SmallCompany) -> None:
    company.send("m", action=PAGE, sender="anna@example.org")
    go(company, "anna")
    go(company, "ben")
    assert company.read_one(indicator="action", period="message").counts["H"] == 1


def test_a_page_that_is_a_message_has_all_its_references(company: SmallCompany) -> None:
    company.send("m", action=PAGE)
    company.send("page", channel="intranet", ids=[PAGE, "form-7"], sent_at="2026-11-01T09:00:00Z")
    company.tell("answered", "anna", "10:00", about="form-7", source="pages")
    assert company.read_one(indicator="action", period="message", scope={"channel": "email"}).counts["H"] == 1


def test_those_held_out_are_no_audience_and_what_they_did_is_taken_off(company: SmallCompany) -> None:
    company.send("m", action=PAGE, holdout={"department": ["Service"]})
    go(company, "anna")
    go(company, "ben")
    go(company, "dan")
    reading = company.read_one(indicator="action_effect", period="message", judge="count")
    assert (reading.counts["E"], reading.counts["H"], reading.extra) == (3, 2, (1, 0, 0, 0, 0, 1))
    assert reading.value == pytest.approx((1 + 2 / 3 - 1 / 2) / 2)


def test_a_blind_share_widens_both_sides_of_an_effect(company: SmallCompany) -> None:
    company.send("m", action=PAGE, holdout={"department": ["Service"]})
    go(company, "anna")
    go(company, "dan")
    reading = company.read_one(indicator="action_effect", period="message", judge="count", blind_share=0.2)
    # Of Sales one of three, of Service one of two, and a quarter more than that at the most.
    assert reading.measured == pytest.approx(((1 + 1 / 3 - 0.5 / 0.8) / 2, (1 + 1 / 3 / 0.8 - 1 / 2) / 2))


def test_a_share_is_drawn_with_the_key_alone() -> None:
    draw = drawer(b"k" * 32)
    names = [f"{number:064x}" for number in range(500)]
    drawn = [draw("m", name) for name in names]
    assert 0.2 < sum(one < 0.3 for one in drawn) / 500 < 0.4
    assert [drawer(b"l" * 32)("m", name) < 0.3 for name in names] != [one < 0.3 for one in drawn]
