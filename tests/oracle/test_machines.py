"""What several acts say together, and what an agent's class says: on one message to five people, counted on paper beside each test."""

from pathlib import Path
from typing import Any

import pytest

from tests.oracle.small_company import SmallCompany, counts, five_people


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    company = five_people(tmp_path)
    for who in ("anna", "ben", "cleo", "eve"):
        company.tell("delivered", who, "09:00")
    return company


def click(company: SmallCompany, who: str, *links_at: tuple[str, str | None], **data: Any) -> None:
    for link, seconds in links_at:
        moment = None if seconds is None else f"2026-11-02T10:00:{seconds}Z"
        company.tell("clicked", who, moment, link=f"https://example.org/{link}", **data)


def clicked(company: SmallCompany) -> dict[str, int]:
    reading = company.read_one(indicator="clicked")
    return {name: reading.counts[name] for name in ("H", "S_likely", "P") if reading.counts[name]}


@pytest.mark.parametrize(
    ("links_at", "found"),
    [
        pytest.param(
            [("a", "01"), ("b", "02"), ("c", "03")], {"S_likely": 1}, id="three links in one slot of ten seconds"
        ),
        pytest.param(
            [("a", "01"), ("b", "12"), ("c", "19")], {"S_likely": 1}, id="three links in two neighbouring ones"
        ),
        pytest.param([("a", "01"), ("b", "12"), ("c", "21")], {"H": 1}, id="three links in three slots"),
        pytest.param([("a", "01"), ("a", "02"), ("b", "03")], {"H": 1}, id="two links, one of them twice"),
        pytest.param(
            [("a?x=1", "01"), ("a?x=2", "02"), ("b", "03")], {"H": 1}, id="one page with two queries is one link"
        ),
        pytest.param([("a", "01"), ("b", "02"), ("c", "03"), ("a", "31")], {"H": 1}, id="a click besides is a human's"),
        pytest.param([("a", None), ("b", None), ("c", None)], {"P": 1}, id="what has no time takes no part"),
    ],
)
def test_three_links_in_two_neighbouring_slots_are_a_burst(
    company: SmallCompany, links_at: list[tuple[str, str | None]], found: dict[str, int]
) -> None:
    company.send("m", links=3)
    click(company, "anna", *links_at)
    assert clicked(company) == found


def test_a_burst_takes_the_openings_in_its_slots_along(company: SmallCompany) -> None:
    company.send("m", links=3)
    click(company, "anna", ("a", "11"), ("b", "12"), ("c", "13"))
    # The slots before and after stand beside that of the clicks, each a pair with it.
    for who, seconds in (("anna", "09"), ("ben", "12")):
        company.tell("opened", who, f"2026-11-02T10:00:{seconds}Z")
    assert counts(company.read_one(indicator="opened")) == {"E": 5, "D": 4, "n": 4, "H": 1, "S_likely": 1}
    company.tell("opened", "anna", "2026-11-02T10:00:30Z")
    assert company.read_one(indicator="opened").counts["H"] == 2


def test_bursts_go_over_all_references_and_outrank_a_sources_no(company: SmallCompany) -> None:
    company.send("m", links=3, ids=["other-name"])
    click(company, "anna", ("a", "01"), ("b", "02"), machine="no")
    click(company, "anna", ("c", "03"), about="other-name", machine="yes")
    # The flagged one counts towards the three; the two others would have been a human's.
    assert clicked(company) == {"S_likely": 1}


@pytest.mark.parametrize(
    ("links", "when", "found"),
    [
        pytest.param(2, "09:04", {"S_likely": 1}, id="within five minutes of its delivery"),
        pytest.param(2, "09:09", {"S_likely": 1}, id="in the five minutes after"),
        pytest.param(2, "09:10", {"H": 1}, id="later"),
        pytest.param(3, "09:04", {"H": 1}, id="a message with three links shows bursts"),
    ],
)
def test_a_click_that_comes_with_its_delivery_is_prompt(
    company: SmallCompany, links: int, when: str, found: dict[str, int]
) -> None:
    company.send("m", links=links)
    company.tell("clicked", "anna", when, link="https://example.org/a")
    assert clicked(company) == found


def test_without_a_number_of_links_those_on_record_count(company: SmallCompany) -> None:
    company.send("m")
    company.tell("clicked", "anna", "09:04", link="https://example.org/a")
    assert company.read_one(indicator="reach").counts["S_likely"] == 1
    for who, link in (("ben", "b"), ("cleo", "c")):
        company.tell("clicked", who, "10:00", link=f"https://example.org/{link}")
    assert company.read_one(indicator="reach").counts["H"] == 3


@pytest.mark.parametrize(
    ("action", "data", "state"),
    [
        pytest.param("clicked", {"agent": "scanner"}, "S_likely", id="a scanner's click"),
        pytest.param("clicked", {"agent": "scanner", "machine": "no"}, "H", id="unless the source says no"),
        pytest.param("clicked", {"agent": "microsoft_network"}, "S_likely", id="a click from Microsoft's network"),
        pytest.param("opened", {"agent": "microsoft_network"}, "H", id="an opening from there"),
        pytest.param("opened", {"agent": "google_image_proxy"}, "H", id="a cache that fetches when somebody opens"),
        pytest.param("opened", {"agent": "apple_proxy"}, "P", id="a proxy that opens everything"),
        pytest.param("opened", {"agent": "apple_proxy", "machine": "likely"}, "P", id="also where a machine is likely"),
        pytest.param("replied", {"agent": "tool"}, "H", id="what is not tracked"),
    ],
)
def test_classes_of_agents_speak_where_the_source_does_not(
    company: SmallCompany, action: str, data: dict[str, str], state: str
) -> None:
    company.send("m", links=3)
    company.tell(action, "anna", "10:00", **data)
    assert company.read_one(indicator="reach").counts[state] == 1
