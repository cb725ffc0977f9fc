"""Addressable, cascade, clicked, readability: each figure counted on paper beside its test."""

from pathlib import Path
from typing import Any

import pytest

from tests.oracle.small_company import SmallCompany, counts, five_people


@pytest.fixture
def company(tmp_path: Path) -> SmallCompany:
    return five_people(tmp_path)


def test_addressable_is_whom_any_channel_gets_to(company: SmallCompany) -> None:
    company.add_source("pages", "intranet", shows=("viewed",))
    company.send("m")
    for who in ("anna", "dan"):
        company.tell("delivered", who, "10:00")
    company.tell("bounced", "dan", "10:00")
    company.tell("viewed", "ben", "10:00", source="pages")
    company.tell("clicked", "cleo", "10:00", machine="likely")
    company.tell("deferred", "eve", "10:00")
    # Anna got the mail, Ben came by the page, Cleo's scanner did; Dan's bounced, Eve's waits: no working channel.
    assert counts(company.read_one(indicator="addressable")) == {"E": 5, "D": 1, "n": 5, "H": 2, "S_likely": 1}


def test_a_channel_without_deliveries_tells_of_nobody_who_is_not_addressed(company: SmallCompany) -> None:
    company.add_source("pages", "intranet", delivered=False)
    company.send("m", channel="intranet")
    company.tell("viewed", "anna", "10:00", source="pages")
    assert counts(company.read_one(indicator="addressable")) == {"E": 5, "D": 5, "n": 5, "H": 1, "U": 4}


def test_clicked_is_asked_of_those_delivered_to_where_there_are_links(company: SmallCompany) -> None:
    company.send("m", links=3)
    company.send("n", links=0)
    for who in ("anna", "ben", "dan"):
        company.tell("delivered", who, "09:00")
    company.tell("clicked", "anna", "10:00")
    company.tell("clicked", "ben", "10:00", machine="yes")
    company.tell("clicked", "eve", "10:00")
    # Dan blocks images, which hides no click.
    (reading,) = company.read(indicator="clicked", period="message")
    assert counts(reading) == {"E": 5, "D": 3, "n": 3, "H": 1, "S": 1}


def with_managers(company: SmallCompany, managers: dict[str, str]) -> None:
    rows = [f"{who}@example.org,{managers.get(who, '')}" for who in ("anna", "ben", "cleo", "dan", "eve")]
    company.directory["people.csv"] = "\n".join(["address,manager", *rows, ""])
    company.show("acknowledged")


def test_a_cascade_holds_where_every_manager_above_confirmed(company: SmallCompany) -> None:
    with_managers(company, {"eve": "DAN@example.org", "dan": "cleo@example.org", "ben": "anna@example.org"})
    company.send(
        "m",
        expects=["acknowledge"],
        audience=["eve@example.org", "dan@example.org", "ben@example.org", "cleo@example.org"],
    )
    company.tell("acknowledged", "dan", "10:00")
    company.tell("acknowledged", "anna", "2026-11-05T09:00:00Z")
    # Cleo is the top. Dan's Cleo did not confirm, so Eve's chain is broken too. Ben's Anna, who was not meant, was late.
    assert counts(company.read_one(indicator="cascade")) == {"E": 4, "D": 4, "n": 4, "H": 1}
    company.tell("acknowledged", "cleo", "2026-11-05T08:59:00Z")
    assert company.read_one(indicator="cascade").counts["H"] == 3


def test_a_cascade_is_as_sure_as_its_least_sure_manager(company: SmallCompany) -> None:
    with_managers(company, {"eve": "dan@example.org", "dan": "cleo@example.org", "ben": "anna@example.org"})
    company.send("m", expects=["acknowledge"], version="2")
    company.tell("acknowledged", "dan", "10:00", version="2")
    company.tell("acknowledged", "cleo", "10:00")
    company.tell("acknowledged", "anna", "10:00", version="2", machine="yes")
    # Of which version Cleo confirmed nobody knows: Dan and Eve. Anna's is a machine's: Ben. Anna and Cleo are the tops.
    assert counts(company.read_one(indicator="cascade")) == {"E": 5, "D": 5, "n": 5, "H": 2, "P": 2, "S": 1}


def test_a_chain_that_nobody_can_follow_is_unseen(company: SmallCompany) -> None:
    with_managers(
        company,
        {"anna": "gone@example.org", "ben": "cleo@example.org", "cleo": "ben@example.org", "dan": "dan@example.org"},
    )
    company.send("m", expects=["acknowledge"])
    company.tell("acknowledged", "eve", "10:00")
    assert counts(company.read_one(indicator="cascade")) == {"E": 5, "D": 5, "n": 5, "H": 1, "U": 4}


def test_a_cascade_goes_by_the_managers_of_then(company: SmallCompany) -> None:
    with_managers(company, {"eve": "dan@example.org"})
    company.directory["people-2026-11-03.csv"] = "address,manager\neve@example.org,cleo@example.org\n"
    company.send("m", expects=["acknowledge"], audience=["eve@example.org"])
    company.tell("acknowledged", "dan", "2026-11-04T10:00:00Z")
    assert company.read_one(indicator="cascade").counts["H"] == 1


def test_where_no_source_shows_confirmations_only_the_tops_are_known(company: SmallCompany) -> None:
    with_managers(company, {"eve": "dan@example.org"})
    company.streams["mail"].clear()
    company.send("m", expects=["acknowledge"])
    assert counts(company.read_one(indicator="cascade")) == {"E": 5, "D": 5, "n": 5, "H": 4, "U": 1}


@pytest.mark.parametrize(
    ("lix", "rank"),
    [
        pytest.param(30, 0, id="easier than all"),
        pytest.param(40, 0.25, id="as hard as one of two"),
        pytest.param(60, 1, id="harder than all"),
    ],
)
def test_readability_is_a_rank_among_ones_own(company: SmallCompany, lix: float, rank: float) -> None:
    common: dict[str, Any] = {"language": "en"}
    company.send("a", "2026-11-02T09:00:00Z", lix=40, **common)
    company.send("b", "2026-11-02T10:00:00Z", lix=50, **common)
    company.send("french", "2026-11-02T10:00:00Z", lix=10, language="fr")
    company.send("unknown", "2026-11-02T10:00:00Z", **common)
    company.send("m", "2026-11-02T11:00:00Z", lix=lix, **common)
    company.send("later", "2026-11-02T12:00:00Z", lix=1, **common)
    readings = {one.message: one for one in company.read(indicator="readability", period="message")}
    everybody = readings["m"].counts["E"]
    assert (readings["m"].value, readings["m"].counts["H"]) == (rank, everybody)
    # The first of its language has nothing to be compared with; "b" is harder than "a", the last one easier than all.
    assert readings.keys() == {"b", "m", "later"}
    whole = company.read_one(indicator="readability", period="week")
    assert (whole.period, whole.units, whole.counts["n"]) == ("2026-W45", 3, 3 * everybody)
    assert whole.value == pytest.approx((1 + rank + 0) / 3)
