"""A class in which one message counts, over the whole road: by hand, and every verdict of a company against the rule."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from collectors.simulation.parameters import Parameters
from metrics.bounds import wilson
from metrics.snapshot import PublishedReading, Snapshot
from tests.flow.company import KEEP, UNTIL, add_odd_events, make_company, run_road
from tests.flow.office import DAY, PEOPLE, SENT, Office, by_target
from tests.oracle.lone import hangs_on_one

BY_DEPARTMENT = {"name": "reach", "indicator": "reach", "value": 0.8, "by": "department"}


def parts(snapshot: Snapshot) -> dict[str, PublishedReading]:
    return {reading.segment: reading for reading in snapshot.readings if reading.target == "reach"}


def make_office(folder: Path, *seen: int) -> Office:
    """A mail a day, each opened by so many."""
    office = Office(folder, mail=["delivered", "opened", "rated"], pages=["viewed"])
    for day, number in enumerate(seen):
        office.send(f"m{day}", at=SENT + day * DAY)
        office.tell("opened", PEOPLE[:number], about=f"m{day}", at=SENT + day * DAY + 3600)
    return office


@pytest.mark.parametrize("seen", [12, 30, 54])
def test_of_one_message_no_process_is_judged_and_its_range_stands(tmp_path: Path, seen: int) -> None:
    snapshot = make_office(tmp_path, seen).publish([BY_DEPARTMENT])
    sales = parts(snapshot)["department=Sales"]
    assert (sales.verdict, sales.reason, sales.messages) == ("undetermined", "one_message", 1)
    assert sales.settle == "It can be judged once a second message counts."
    assert (sales.lower, sales.upper) == pytest.approx(wilson(seen // 2, 30), abs=0.001)


def test_a_second_message_lets_it_be_judged(tmp_path: Path) -> None:
    sales = parts(make_office(tmp_path, 12, 12).publish([BY_DEPARTMENT]))["department=Sales"]
    assert (sales.verdict, sales.messages) == ("missed", 2)


@pytest.mark.parametrize("changes", [{"period": "message"}, {"judge": "count"}])
def test_one_message_is_judged_for_itself_and_for_what_happened(tmp_path: Path, changes: dict[str, Any]) -> None:
    sales = parts(make_office(tmp_path, 12).publish([{**BY_DEPARTMENT, **changes}]))["department=Sales"]
    assert (sales.verdict, sales.reason) == ("missed", "")


def test_times_and_means_hang_on_one_message_as_shares_do_and_people_of_a_period_do_not(tmp_path: Path) -> None:
    office = make_office(tmp_path, 60)
    office.tell("rated", PEOPLE[:40], about="m0", at=SENT + 3600, value=1)
    targets: list[dict[str, Any]] = [
        {"indicator": "time_to_reach", "value": "1 hour", "window": "24 hours", "judge": "process"},
        {"indicator": "usefulness", "value": 0.7, "judge": "process"},
        {"indicator": "period_reach", "value": 0.5, "judge": "process"},
    ]
    found = by_target(office.publish(targets))
    assert {name: each.reason for name, each in found.items()} == {
        "time_to_reach": "one_message",
        "usefulness": "one_message",
        "period_reach": "",
    }


# Against the rule ----------------------------------------------------------------------------------------------------------------

ASKED: list[dict[str, Any]] = [
    {"indicator": indicator, "value": value, **how}
    for indicator, value in (
        ("reach", 0.7),
        ("opened", 0.5),
        ("response", 0.1),
        ("attention", 0.5),
        ("comprehension", 0.6),
    )
    for how in (
        {"period": "week", "by": "topic"},
        {"period": "rolling 14 days", "by": "department"},
        {"period": "rolling 14 days", "by": "owner", "assume": "missing_at_random"},
        {"period": "week", "judge": "process", "scope": {"channel": "chat"}},
        {"period": "week", "judge": "count"},
        {"period": "message", "judge": "process"},
    )
] + [
    {"indicator": "action_effect", "value": 0.52, "period": "rolling 40 days", "by": "site"},
    {"indicator": "action_effect", "value": 0.52, "period": "week"},
    {"indicator": "time_to_reach", "value": "8 working hours", "period": "week", "by": "topic"},
    {"indicator": "purpose_success", "value": 0.8, "period": "week", "by": "owner"},
    {"indicator": "participation", "value": 0.4, "period": "month", "by": "department"},
    {"indicator": "critical_parity", "value": 0.5, "period": "rolling 60 days"},
]


def test_every_verdict_of_a_company_follows_the_rule(tmp_path: Path) -> None:
    targets = [{"name": f"t{number}", **target} for number, target in enumerate(ASKED)]
    company = make_company(tmp_path, Parameters(150, 40, 21, UNTIL), targets=targets, retention=KEEP)
    add_odd_events(tmp_path, 21, 300)
    with company.service() as service:
        run_road(service)
        snapshot = service.evaluation.publish(UNTIL, caught_up=True)
    asked = {target.name: target for target in company.settings.targets}
    expected = {
        (one.target, one.segment): hangs_on_one(asked[one.target], one)
        for one in company.oracle().readings(UNTIL)
        if one.message is None
    }
    told: Counter[tuple[bool, str]] = Counter()
    for one in snapshot.readings:
        is_judged = one.verdict in ("met", "missed") or one.reason in ("straddles", "chance", "one_message")
        if one.message is None and is_judged:
            alone = expected[one.target, one.segment]
            assert (one.reason == "one_message") == alone, (asked[one.target], one)
            told[alone, one.indicator] += 1
    assert sum(number for (alone, _), number in told.items() if alone) >= 15, told
    assert len({indicator for alone, indicator in told if alone}) > 5, told
    assert len({indicator for alone, indicator in told if not alone}) > 5, told
