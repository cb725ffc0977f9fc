from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from collectors.simulation.actions import ACTION_DAYS
from collectors.simulation.hours import OFFICE, day_of
from collectors.simulation.simulate import Simulated
from collectors.simulation.world import World
from tests.collectors.simulation.conftest import PARAMETERS
from tests.collectors.simulation.recount import Recount
from tests.collectors.simulation.truth_files import read_truth


def test_the_holdout_shows_the_effect_that_the_message_has() -> None:
    world = World(replace(PARAMETERS, people=20_000))
    first, compared = day_of(world.parameters.start_us), 0
    for offset in range(40):
        for message in world.messages(first + timedelta(days=offset)):
            if not message.template.action:
                continue
            acts = world.acts(message)
            counts = world.acted(message, acts).count(OFFICE.deadline(message.sent_at, ACTION_DAYS))
            audience, holdout = (group["acted"] / group["people"] for group in counts.values())
            template = message.template
            met = float((acts.met() < 2**62).mean())
            assert audience - holdout == pytest.approx((1 - template.unprompted) * template.prompted * met, abs=0.02)
            compared += 1
    assert compared >= 2


def test_the_truth_of_actions_agrees_with_a_plain_recount(
    recount: Recount, company_folder: Path, simulated: Simulated
) -> None:
    assert simulated.events > 0
    entries, main_of = recount.entries(), recount.main_identifiers()
    objecting = {address for address, row in recount.directories()[0][1].items() if row["objects"] == "true"}
    compared = 0
    for message in read_truth(company_folder, "messages"):
        if "action" not in message:
            continue
        entry = entries[message["message"]]
        assert entry["action"] == message["action"]["reference"]
        closes = datetime.fromisoformat(message["closes"]["action"])
        acted = {
            main_of[(event.person or "").lower()]
            for event in recount.events
            if event.reference == entry["action"] and event.person is not None and event.at < closes
        }
        for group, condition in (("audience", entry["audience"]), ("holdout", entry["holdout"])):
            meant = recount.audience({**entry, "audience": condition}).keys()
            counts = message["action"][group]
            assert counts["people"] == len(meant)
            # A page shows nothing of those who object.
            assert 0 <= counts["acted"] - len(acted & meant) <= len(meant & objecting)
            compared += len(acted & meant)
        assert not recount.audience(entry).keys() & recount.audience({**entry, "audience": entry["holdout"]}).keys()
    assert compared > 20


def test_both_ways_of_acting_are_asked_for() -> None:
    world = World(PARAMETERS)
    first = day_of(world.parameters.start_us)
    asked = [message for offset in range(40) for message in world.messages(first + timedelta(days=offset))]
    assert {message.template.action for message in asked} == {"", "page", "form"}
    assert {message.template.purpose for message in asked if message.template.action} == {"act", "persuade"}
