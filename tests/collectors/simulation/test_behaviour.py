from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from collectors.simulation.behaviour import LASTS_DAYS, Acts
from collectors.simulation.company import NEVER
from collectors.simulation.hours import day_of
from collectors.simulation.parameters import DAY
from collectors.simulation.plan import Message
from collectors.simulation.templates import OWNERS, TEMPLATES
from collectors.simulation.traces import SIGN_LIST
from collectors.simulation.world import World
from tests.collectors.simulation.conftest import PARAMETERS

WORLD = World(replace(PARAMETERS, people=2000))


@pytest.fixture(scope="module")
def sent() -> list[tuple[Message, Acts]]:
    first = day_of(WORLD.parameters.start_us)
    days = (first + timedelta(days=offset) for offset in range(29))
    return [(message, WORLD.acts(message)) for day in days for message in WORLD.messages(day)]


def test_four_weeks_hold_every_kind_of_message_that_is_sent_monthly(sent: list[tuple[Message, Acts]]) -> None:
    monthly = {template.name for template in TEMPLATES if template.every_weeks <= 4}
    kinds = {message.template.name for message, _ in sent}
    # Now and then one is left out.
    assert len(monthly - kinds) <= 2
    assert {message.template.channel for message, _ in sent} == {"email", "intranet", "chat", "survey"}


def test_every_number_leads_back_to_its_message(sent: list[tuple[Message, Acts]]) -> None:
    assert len({message.number for message, _ in sent}) == len(sent)
    assert len({message.id for message, _ in sent}) == len(sent)
    assert all(WORLD.message(message.number) == message for message, _ in sent)
    with pytest.raises(KeyError):
        WORLD.message(sent[0][0].number + 49)


def test_nothing_happens_before_what_it_needs(sent: list[tuple[Message, Acts]]) -> None:
    for message, acts in sent:
        met = acts.met()
        assert acts.met().min() >= message.sent_at
        for kind in ("clicked", "replied", "reacted"):
            done = acts.at[kind] < NEVER
            assert np.all(met[done] <= acts.at[kind][done])
        if message.template.channel == "email":
            opened = acts.at["opened"] < NEVER
            assert np.all(acts.at["delivered"][opened] < acts.at["opened"][opened])
        back = acts.at["unreacted"] < NEVER
        assert np.all(acts.at["reacted"][back] < acts.at["unreacted"][back])


def test_nobody_acts_long_after_a_message_or_after_leaving(sent: list[tuple[Message, Acts]]) -> None:
    for message, acts in sent:
        for moments in acts.at.values():
            done = moments < NEVER
            assert np.all(moments[done] < message.sent_at + LASTS_DAYS * DAY)
            assert np.all(moments[done] < WORLD.company.left_us[acts.people[done]])


def test_who_has_no_mailbox_is_sent_no_mail(sent: list[tuple[Message, Acts]]) -> None:
    for message, acts in sent:
        if message.template.channel == "email":
            without = ~WORLD.company.flags["mailbox"][acts.people]
            assert np.all(acts.at["queued"][without] == NEVER)
            assert np.all(acts.at["opened"][without] == NEVER)


def test_a_sender_never_counts_as_responding(sent: list[tuple[Message, Acts]]) -> None:
    for message, acts in sent:
        sender = WORLD.company.speaker(OWNERS[message.template.owner])
        place = np.flatnonzero(acts.people == sender)
        for kind in ("replied", "reacted", "answered"):
            assert np.all(acts.at[kind][place] == NEVER)


def test_a_reminder_goes_to_those_who_still_owe_their_answer(sent: list[tuple[Message, Acts]]) -> None:
    acts_of = {message.id: acts for message, acts in sent}
    reminders = [message for message, _ in sent if message.reminder_of is not None]
    assert reminders
    for reminder in reminders:
        assert reminder.reminder_of is not None
        original = acts_of[reminder.reminder_of.id]
        done = np.minimum(original.at["acknowledged"], original.at["answered"])
        here = WORLD.company.present(reminder.sent_at)[original.people]
        still_owing = original.people[here & (done > reminder.sent_at)]
        assert set(WORLD.audience(reminder).tolist()) == set(still_owing.tolist())
        assert acts_of[reminder.id].at["acknowledged"].min() == NEVER


def test_a_reminder_brings_acknowledgements(sent: list[tuple[Message, Acts]]) -> None:
    for message, acts in sent:
        if message.template.name == "safety" and message.reminder_of is None:
            reminded = message.sent_at + message.template.remind_days[0] * DAY
            assert np.count_nonzero((acts.at["acknowledged"] > reminded) & (acts.at["acknowledged"] < NEVER)) > 10


def test_rows_arrive_in_order_and_only_spoilt_or_repeated_ones_stand_twice(sent: list[tuple[Message, Acts]]) -> None:
    for message, acts in sent:
        rows = WORLD.rows(message, acts)
        assert np.all(np.diff(rows["arrival"]) >= 0)
        assert np.all(rows["arrival"] > rows["at"])
        plain = rows[(rows["copy"] == 0) & (rows["damage"] == 0)]
        assert len(np.unique(plain["serial"])) == len(plain)
        assert np.all(np.isin(rows["serial"], plain["serial"]))


def test_scanners_follow_every_link_within_seconds(sent: list[tuple[Message, Acts]]) -> None:
    clicked = [code for code, sign in enumerate(SIGN_LIST) if sign.action == "clicked"]
    bursts = 0
    for message, acts in sent:
        if message.template.name != "newsletter":
            continue
        rows = WORLD.rows(message, acts)
        clicks = rows[np.isin(rows["sign"], clicked) & (rows["copy"] == 0) & (rows["damage"] == 0)]
        for person in acts.people[WORLD.company.flags["scanned"][acts.people]].tolist():
            moments = np.sort(clicks["at"][clicks["person"] == person])
            links = set(clicks["detail"][clicks["person"] == person].tolist())
            bursts += len(links) == message.template.links and np.diff(moments).min() < 3_000_000
    assert bursts > 20


def test_parameters_alone_decide_what_happens() -> None:
    again = World(WORLD.parameters)
    day = day_of(WORLD.parameters.until_us)
    for message, other in zip(WORLD.messages(day), again.messages(day), strict=True):
        assert message == other
        assert np.array_equal(WORLD.rows(message, WORLD.acts(message)), again.rows(other, again.acts(other)))
