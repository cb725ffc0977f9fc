"""What messages want done, over the whole road: who did it, what those held out did, and who is held out by a share."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.simulation.parameters import Parameters
from metrics.cli import held_out
from metrics.moments import write_moment
from tests.flow.company import KEEP, UNTIL, differences, make_company, run_road
from tests.flow.office import DAY, PEOPLE, SENT, Office, by_target

PAGE = "https://intranet.example.org/act"
SALES, SERVICE = PEOPLE[1::2], PEOPLE[0::2]
TARGETS = [{"indicator": "action", "value": 0.3}, {"indicator": "action_effect", "value": 0.55, "judge": "count"}]


def make_office(folder: Path) -> Office:
    return Office(folder, mail=["delivered", "opened"], pages=["viewed"])


def test_what_those_held_out_did_anyway_is_taken_off(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.send("m", action=PAGE, holdout={"department": ["Service"]})
    office.tell("viewed", SALES[:12], about=PAGE, channel="intranet")
    office.tell("viewed", SERVICE[:6], about=PAGE, channel="intranet")
    office.tell("viewed", SALES[12:20], about=PAGE, channel="intranet", at=SENT - DAY)
    office.tell("viewed", SALES[20:25], about=PAGE, channel="intranet", at=SENT + 8 * DAY)
    found = by_target(office.publish(TARGETS))
    # 12 of 30 less 6 of 30; who came before the sending or after the window did not do it because of the message.
    assert (found["action"].numerator, found["action"].denominator, found["action"].verdict) == (12, 30, "met")
    assert (found["action_effect"].value, found["action_effect"].lower, found["action_effect"].verdict) == (
        0.6,
        0.6,
        "met",
    )
    assert found["action_effect"].numerator is None, "it is no share of anybody"


def test_what_few_of_those_held_out_did_is_told_as_a_range(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.send("m", action=PAGE, holdout={"department": ["Service"]})
    office.tell("viewed", SALES[:12], about=PAGE, channel="intranet")
    office.tell("viewed", SERVICE[:1], about=PAGE, channel="intranet")
    effect = by_target(office.publish(TARGETS))["action_effect"]
    # At most 3 of 30: the effect is at least 0.4 - 0.1, and 0.4 at the most.
    assert (effect.value, effect.coarse, effect.lower, effect.upper) == (0.65, "at_least", 0.65, 0.7)


@pytest.mark.parametrize(("held", "verdict"), [(10, "met"), (9, "suppressed")])
def test_a_holdout_of_too_few_hides_the_effect(tmp_path: Path, held: int, verdict: str) -> None:
    office = make_office(tmp_path)
    meant = [f"p{number}@example.org" for number in (*SALES, *SERVICE[:held])]
    office.send("m", action=PAGE, holdout={"department": ["Service"]}, audience=meant)
    office.tell("viewed", SALES[:20], about=PAGE, channel="intranet")
    assert by_target(office.publish(TARGETS))["action_effect"].verdict == verdict


def test_while_nobody_did_it_a_misspelt_page_is_not_taken_for_one_that_nobody_went_to(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.send("m", action=f"{PAGE}/misspelt")
    office.tell("viewed", SALES[:12], about=PAGE, channel="intranet")
    action = by_target(office.publish(TARGETS))["action"]
    assert (action.verdict, action.reason) == ("undetermined", "no_value")


PURPOSES: list[dict[str, Any]] = [
    {"name": "usually", "indicator": "reach_on_time", "value": 0.9},
    {"name": "each", "indicator": "reach_on_time", "value": 0.8, "period": "message"},
    {"indicator": "action", "value": 0.4},
    {"indicator": "purpose_success", "value": 0.8},
    {"name": "by_owner", "indicator": "purpose_success", "by": "owner"},
    {"name": "by_department", "indicator": "purpose_success", "by": "department"},
]


def send_one_of_each(office: Office) -> None:
    due = write_moment((SENT + 5 * DAY) * 1_000_000)
    office.send("told in time", purpose="inform", due_at=due, owner="the press office")
    office.tell("opened", PEOPLE[:50], about="told in time")
    office.send("told too few", purpose="inform", due_at=due, owner="the press office")
    office.tell("opened", PEOPLE[:10], about="told too few")
    office.send("done", purpose="act", action=PAGE)
    office.tell("viewed", PEOPLE[:30], about=PAGE, channel="intranet")
    office.send("for a few", purpose="inform", due_at=due, audience=[f"p{number}@example.org" for number in range(5)])
    office.tell("opened", PEOPLE[:5], about="for a few")
    office.send("nobody says", purpose="engage", expects=["reply"])
    office.send("nothing to be in time for", purpose="inform")
    office.send("of no purpose", due_at=due)


def test_messages_are_judged_by_the_targets_of_their_own_purpose(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    send_one_of_each(office)
    snapshot = office.publish(PURPOSES)
    found = by_target(snapshot)["purpose_success"]
    # Met: "told in time" (50 of 60, by the target for single messages) and "done" (30 of 60); missed: "told too few"; hidden: "for a few".
    assert (found.numerator, found.denominator, found.of, found.parts.U) == (2, 4, "messages", 1)
    assert (found.value, found.lower, found.upper) == (2 / 3, 2 / 4, 3 / 4)
    assert (found.verdict, found.coarse) == ("missed", ""), "four messages are no four people"
    owners = {reading.segment: reading for reading in snapshot.readings if reading.target == "by_owner"}
    assert {name: (each.numerator, each.denominator) for name, each in owners.items()} == {
        "owner=the press office": (1, 2)
    }
    assert not [reading for reading in snapshot.readings if reading.target == "by_department"], (
        "they belong to no segment"
    )


def test_a_young_message_waits_until_it_can_be_judged(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    send_one_of_each(office)
    found = by_target(office.publish(PURPOSES, now=SENT + 2 * DAY))["purpose_success"]
    assert (found.verdict, found.maturity, found.denominator) == ("immature", 0.0, None)


def test_a_share_holds_out_the_people_whom_the_oracle_and_the_command_hold_out(tmp_path: Path) -> None:
    company = make_company(tmp_path, Parameters(200, 30, 17, UNTIL), retention=KEEP)
    file = tmp_path / "company" / "catalogue" / "messages.yaml"
    entries = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)
    wanting = [entry for entry in entries if "action" in entry]
    for entry in wanting:
        entry |= {"audience": "all", "holdout": "0.3"}
    file.write_text(yaml.safe_dump(entries), encoding="utf-8")
    with company.service() as service:
        run_road(service)
        site = service.site
        assert differences(company, service, UNTIL, key=site.key) == []
        (ask,) = [ask for name, ask in service.evaluation.answer(UNTIL).asks.items() if name == "effect_messages"]
        counted = [ask.cells_of(unit) for unit in ask.units[""]]
        people = [(int(cells.counts[""][0, :6].sum()), int(cells.extra[""].sum())) for cells in counted if cells]
    assert people
    everybody = [
        line.split(",")[0] for line in (tmp_path / "company/directory/people.csv").read_text().splitlines()[1:]
    ]
    names = [site.pseudonym_or_none(address) for address in everybody]
    for entry, (sent, left_out) in zip(wanting, people, strict=False):
        held = held_out(site.url, site.canonical, site.draw, entry["id"], names)
        assert 0 < sum(held) <= left_out
        assert sent > left_out
