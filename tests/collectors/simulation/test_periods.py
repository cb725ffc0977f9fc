"""The truth of weeks, months and quarters, and of deliveries that come again, by a plain recount where streams show them."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from collectors.simulation.simulate import Simulated
from collectors.simulation.spans import MONTH, QUARTER, WEEK, Span
from tests.collectors.simulation.recount import Recount
from tests.collectors.simulation.truth_files import read_truth

ZONE = ZoneInfo("Europe/Paris")
PACE = {"en": 238, "fr": 214}
Delivered = dict[str, dict[str, datetime]]


@pytest.fixture(scope="module")
def delivered(recount: Recount, simulated: Simulated) -> Delivered:
    """message -> person of its audience -> when it was delivered, and did not come back later."""
    assert simulated.events > 0
    entries, main_of = recount.entries(), recount.main_identifiers()
    message_of = {reference: id for id, entry in entries.items() for reference in (id, *entry.get("ids", ()))}
    first: dict[tuple[str, str, str], datetime] = {}
    for event in recount.events:
        about = (message_of.get(event.reference, ""), main_of.get((event.person or "").lower(), ""), event.action)
        first[about] = min(event.at, first.get(about, event.at))
    audiences = {id: recount.audience(entry) for id, entry in entries.items()}
    found: Delivered = {}
    for (message, person, action), at in first.items():
        bounced = first.get((message, person, "bounced"), at)
        if action == "delivered" and bounced <= at and person in audiences.get(message, ()):
            found.setdefault(message, {})[person] = at
    return found


def test_deliveries_that_repeat_another_agree_with_a_plain_recount(
    recount: Recount, company_folder: Path, delivered: Delivered
) -> None:
    entries, repeats = recount.entries(), 0
    for message in read_truth(company_folder, "messages"):
        # What is late on its way has arrived by then.
        if message["message"] not in entries or message["sent_at"] > "2026-11-16":
            continue
        mine = delivered.get(message["message"], {})
        tags = {entries[message["message"]].get(key) for key in ("campaign", "content_id")} - {None}
        others = [
            people
            for id, people in delivered.items()
            if id != message["message"] and tags & {entries[id].get(key) for key in ("campaign", "content_id")}
        ]
        repeated = [
            person
            for person, at in mine.items()
            if any(timedelta(0) < at - people[person] <= timedelta(days=7) for people in others if person in people)
        ]
        assert message["deliveries"]["all"] == len(mine)
        assert message["deliveries"]["repeated"] == len(repeated)
        repeats += len(repeated)
        local = [at.astimezone(ZONE) for at in mine.values()]
        outside = [at for at in local if at.weekday() > 4 or not 9 <= at.hour < 17]
        assert message["deliveries"]["outside_hours"] == len(outside)
    assert repeats > 50


def test_the_load_of_a_week_agrees_with_a_plain_recount(
    recount: Recount, company_folder: Path, delivered: Delivered
) -> None:
    entries, compared = recount.entries(), 0
    directories = recount.directories()
    for week in read_truth(company_folder, "periods"):
        if week["period"] != "week" or not week["whole"]:
            continue
        begins = datetime.combine(date.fromisoformat(week["begins"]), datetime.min.time(), ZONE)
        ends = begins + timedelta(days=7)
        there = set([rows for since, rows in directories if since <= begins][-1])
        for since, rows in directories:
            if begins < since < ends:
                there &= rows.keys()
        load = dict.fromkeys(there, 0.0)
        for id, entry in entries.items():
            if entry["channel"] in ("email", "survey"):
                received = delivered.get(id, {})
            else:
                received = dict.fromkeys(recount.audience(entry), datetime.fromisoformat(entry["sent_at"]))
            for person, at in received.items():
                if begins <= at < ends and person in load:
                    load[person] += entry["words"] * 60 / PACE[entry["language"]]
        ranked = sorted(load.values())
        place = 0.9 * (len(ranked) - 1)
        low, rest = int(place), place - int(place)
        ninetieth = ranked[low] + rest * (ranked[min(low + 1, len(ranked) - 1)] - ranked[low])
        everybody = week["segments"]["all"]
        assert everybody["employed"] == len(there)
        assert everybody["load_90th"] == pytest.approx(ninetieth, abs=1e-3)
        assert everybody["load_mean"] == pytest.approx(sum(ranked) / len(ranked), abs=1e-3)
        compared += 1
    assert compared >= 4


def test_who_was_employed_all_of_a_month_differs_from_the_head_count(
    company_folder: Path, simulated: Simulated
) -> None:
    assert simulated.events > 0
    months = [period for period in read_truth(company_folder, "periods") if period["period"] == "month"]
    assert any(month["segments"]["all"]["employed"] < month["segments"]["all"]["at_the_end"] for month in months)


def test_nothing_is_more_than_there_are_people(company_folder: Path, simulated: Simulated) -> None:
    assert simulated.events > 0
    for period in read_truth(company_folder, "periods"):
        for counts in period["segments"].values():
            numbers = [value for key, value in counts.items() if key in ("reached", "participated", "voiced", "raised")]
            numbers += counts.get("aware", {}).values()
            numbers += [sum(values.values()) for values in counts.get("answers", {}).values()]
            assert all(0 <= number <= counts["employed"] for number in numbers)
            assert counts.get("by_one_channel", 0) <= counts.get("reached", 0)


def test_one_goal_is_hardly_known(company_folder: Path, simulated: Simulated) -> None:
    assert simulated.events > 0
    aware: dict[str, int] = {}
    for period in read_truth(company_folder, "periods"):
        for tag, people in period["segments"]["all"].get("aware", {}).items():
            aware[tag] = max(people, aware.get(tag, 0))
    goals = {tag: people for tag, people in aware.items() if tag.startswith("goal=")}
    assert goals["goal=lower-emissions"] == 0
    assert max(goals.values()) > 100


@pytest.mark.parametrize("span", [WEEK, MONTH, QUARTER], ids=lambda span: span.name)
def test_periods_follow_one_another_without_a_gap(span: Span) -> None:
    begins = list(span.between(date(2024, 1, 1), date(2027, 12, 31)))
    for begin, after in pairwise(begins):
        assert span.end_of(begin) == after
        assert span.begin_of(after - timedelta(days=1)) == begin
        assert span.begin_of(begin) == begin
