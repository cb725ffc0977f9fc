"""How good the record is, how old messages are and how much is hidden, over the whole road: by hand, and held against plain counting."""

import json
from pathlib import Path
from typing import Any

import msgspec

from collectors.simulation.parameters import Parameters
from config.schema import Scope, Target
from metrics.check import check
from metrics.snapshot import PublishedReading, Snapshot
from tests.flow.company import KEEP, UNTIL, make_company, run_road
from tests.flow.office import DAY, PEOPLE, SENT, Office, by_target
from tests.oracle.day_answers import count_suppressed

TARGETS: list[dict[str, Any]] = [
    {"indicator": "machine_share", "value": 0.1},
    {"name": "machine_share_by_setting", "indicator": "machine_share", "by": "setting"},
    {"name": "machine_share_of_pages", "indicator": "machine_share", "scope": {"channel": "intranet"}},
    {"indicator": "joined", "value": 0.98},
    {"name": "joined_on_pages", "indicator": "joined", "scope": {"channel": "intranet"}},
    {"indicator": "maturity"},
    {"name": "maturity_by_setting", "indicator": "maturity", "by": "setting"},
]


def make_office(folder: Path, **changes: Any) -> Office:
    return Office(folder, mail=["delivered", "opened", "clicked"], pages=["viewed"], **changes)


def published(snapshot: Snapshot, target: str) -> dict[str, PublishedReading]:
    return {reading.segment: reading for reading in snapshot.readings if reading.target == target}


def fill(office: Office) -> None:
    """60 deliveries, 40 openings of which 10 by a proxy, all on described mail; 20 views of a page nobody described."""
    office.send("m", setting="formal")
    office.tell("opened", PEOPLE[:30], about="m")
    office.tell("opened", PEOPLE[20:40], about="m", machine="yes")
    office.tell("viewed", PEOPLE[:20], about="https://intranet.example.org/nowhere", channel="intranet")


def test_what_machines_did_and_what_nobody_can_place_is_counted_by_the_day(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    fill(office)
    snapshot = office.publish(TARGETS)
    share, joined = by_target(snapshot)["machine_share"], by_target(snapshot)["joined"]
    # Ten were opened by a human and by a proxy in the same ten seconds: one fact each, and a human's.
    assert (share.numerator, share.denominator, share.of, share.messages) == (10, 120, "facts", 2)
    assert (share.value, share.verdict) == (10 / 120, "met")
    assert (joined.numerator, joined.denominator, joined.verdict) == (100, 120, "missed")
    of_pages = published(snapshot, "joined_on_pages")["all"]
    assert (of_pages.numerator, of_pages.coarse, of_pages.denominator) == (3, "at_most", 20)
    by_setting = published(snapshot, "machine_share_by_setting")
    assert {name: each.denominator for name, each in by_setting.items()} == {"setting=formal": 100}


def test_a_page_that_a_message_wants_people_to_go_to_is_known(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.send("m", action="https://intranet.example.org/form")
    office.tell("viewed", PEOPLE[:20], about="https://intranet.example.org/form", channel="intranet")
    joined = by_target(office.publish(TARGETS))["joined"]
    assert (joined.numerator, joined.denominator, joined.coarse) == (77, 80, "at_least"), "all of them"


def test_a_day_is_judged_when_it_is_over_and_settled(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    fill(office)
    so_far = by_target(office.publish(TARGETS, now=SENT + 3600))["joined"]
    assert (so_far.verdict, so_far.maturity, so_far.denominator) == ("immature", 0.0, None)


def test_facts_of_few_people_are_hidden(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.send("m")
    office.tell("viewed", PEOPLE[:9], about="m", channel="intranet")
    shown = published(office.publish(TARGETS), "machine_share_of_pages")["all"]
    assert (shown.verdict, shown.denominator) == ("suppressed", None)


def test_facts_by_day_outlive_the_times_they_were_counted_from(tmp_path: Path) -> None:
    office = make_office(tmp_path, retention={"late_grace": "2 days", "sets": "100 days"})
    fill(office)
    before = by_target(office.publish(TARGETS))["machine_share"]
    again = by_target(office.publish(TARGETS, now=SENT + 16 * DAY))["machine_share"]
    assert before.denominator == again.denominator == 120


def test_messages_count_as_mature_once_their_window_has_closed_and_settled(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    office.send("old", setting="formal", at=SENT)
    office.send("older", setting="informal", at=SENT - 5 * DAY)
    office.send("young", setting="formal", at=SENT + 6 * DAY)
    snapshot = office.publish(TARGETS, now=SENT + 8 * DAY)
    whole = by_target(snapshot)["maturity"]
    assert (whole.numerator, whole.denominator, whole.of, whole.maturity) == (2, 3, "messages", 1.0)
    by_setting = published(snapshot, "maturity_by_setting")
    assert {name: (each.numerator, each.denominator) for name, each in by_setting.items()} == {
        "setting=formal": (1, 2),
        "setting=informal": (1, 1),
    }


def test_how_much_is_hidden_is_what_anybody_can_count_in_what_is_published(tmp_path: Path) -> None:
    company = make_company(tmp_path, Parameters(200, 30, 18, UNTIL), retention=KEEP)
    with company.service() as service:
        run_road(service)
        snapshot = service.evaluation.publish(UNTIL, caught_up=True)
    document = json.loads(msgspec.json.encode(snapshot.readings))
    targets = {target.name: target for target in company.settings.targets}
    expected = count_suppressed(targets, document)
    ours = {f"{one.target} {one.segment}": one for one in snapshot.readings if one.indicator == "suppressed"}
    assert {name: (one.numerator, one.denominator) for name, one in ours.items()} == expected
    whole = ours["suppressed all"]
    assert whole.numerator is not None
    assert 0 < whole.numerator < (whole.denominator or 0)
    assert (whole.of, whole.lower, whole.upper) == ("readings", whole.value, whole.value)


def test_what_belongs_to_no_segment_of_people_is_refused_by_one(tmp_path: Path) -> None:
    company = make_company(tmp_path, Parameters(20, 20, 18, UNTIL), retention=KEEP)
    for indicator in ("machine_share", "joined", "maturity", "purpose_success"):
        of_sales = Scope(segment="department=Sales")
        asked = Target(name="asked", indicator=indicator, by="department", scope=of_sales, period="month")
        met = Target(name="judged", indicator="response", value=0.1)
        found = check(company.settings.model_copy(update={"targets": (asked, met)}))
        assert [problem.path for problem in found] == ["targets[0].by", "targets[0].scope.segment"]
