"""Which of a message's people could have been seen doing something: counted on paper beside each test."""

from pathlib import Path

import pytest

from tests.oracle.small_company import SmallCompany, counts, five_people


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    """With a page that shows who reads it."""
    company = five_people(tmp_path)
    company.add_source("pages", "intranet", delivered=False, shows=("viewed",))
    company.prove("pages")
    company.send("m", channel="intranet")
    company.tell("viewed", "anna", "10:00", source="pages")
    return company


def test_whoever_blocks_images_is_unseen_where_the_message_went_by_mail_too(company: SmallCompany) -> None:
    company.tell("delivered", "ben", "10:00")
    assert counts(company.read_one(indicator="opened")) == {"E": 5, "D": 5, "n": 5, "H": 1, "U": 1}


@pytest.mark.parametrize(
    ("action", "more"),
    [
        pytest.param("unreacted", {"choice": "heart"}, id="a reaction taken back"),
        pytest.param("raised", {"item": "i"}, id="feedback raised about it"),
    ],
)
def test_what_leaves_no_fact_about_a_message_does_not_tell_that_it_went_by_mail(
    company: SmallCompany, action: str, more: dict[str, str]
) -> None:
    company.tell(action, "ben", "10:00", **more)
    assert counts(company.read_one(indicator="opened")) == {"E": 5, "D": 5, "n": 5, "H": 1}
