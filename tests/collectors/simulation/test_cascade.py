from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collectors.simulation.behaviour import Acts
from collectors.simulation.cascade import CASCADE_HOURS, confirmed_above, places_above
from collectors.simulation.company import NEVER
from collectors.simulation.hours import day_of
from collectors.simulation.parameters import HOUR
from collectors.simulation.plan import Message
from collectors.simulation.simulate import Simulated
from collectors.simulation.world import World
from tests.collectors.simulation.conftest import PARAMETERS
from tests.collectors.simulation.recount import Recount
from tests.collectors.simulation.truth_files import read_truth

WORLD = World(replace(PARAMETERS, people=3000))


@pytest.fixture(scope="module")
def briefings() -> list[tuple[Message, Acts]]:
    first = day_of(WORLD.parameters.start_us)
    messages = [message for offset in range(40) for message in WORLD.messages(first + timedelta(days=offset))]
    return [(message, WORLD.acts(message)) for message in messages if message.template.is_cascade]


def test_hardly_anybody_confirms_before_the_manager_has(briefings: list[tuple[Message, Acts]]) -> None:
    assert briefings
    for message, acts in briefings:
        at = acts.at["acknowledged"]
        above = places_above(acts.people, WORLD.company.managers(message.sent_at))
        confirmed = (at < NEVER) & (above >= 0)
        early = confirmed & (at[above] >= at) & (at[above] < NEVER)
        elsewhere = confirmed & (at[above] == NEVER)
        assert not early.any()
        assert 0 < elsewhere.sum() < 0.2 * confirmed.sum()


def test_where_a_manager_breaks_the_chain_everybody_below_stands_outside_it(
    briefings: list[tuple[Message, Acts]],
) -> None:
    for message, acts in briefings:
        managers = WORLD.company.managers(message.sent_at)
        confirmed = acts.at["acknowledged"] < message.sent_at + CASCADE_HOURS * HOUR
        told = confirmed_above(acts.people, managers, confirmed)
        assert 0.3 < told.mean() < 1
        place_of = {person: place for place, person in enumerate(acts.people.tolist())}
        for place, person in enumerate(acts.people.tolist()):
            chain, boss = True, int(managers[person])
            while boss >= 0:
                chain, boss = chain and bool(confirmed[place_of[boss]]), int(managers[boss])
            assert told[place] == chain


def test_some_confirm_too_late(briefings: list[tuple[Message, Acts]]) -> None:
    late = [
        int(
            (
                (acts.at["acknowledged"] < NEVER) & (acts.at["acknowledged"] >= message.sent_at + CASCADE_HOURS * HOUR)
            ).sum()
        )
        for message, acts in briefings
    ]
    assert sum(late) > 0


def test_who_sends_a_briefing_is_nobodys_manager(briefings: list[tuple[Message, Acts]]) -> None:
    senders = {WORLD.entry(message)["sender"] for message, _ in briefings}
    managers = {WORLD.identifiers.main[manager] for manager in WORLD.company.manager.tolist() if manager >= 0}
    assert not senders & managers


def chain_of(rows: dict[str, dict[str, str]], address: str) -> list[str]:
    chain: list[str] = []
    while boss := rows[address]["manager"]:
        chain.append(boss)
        address = boss
    return chain


def test_the_truth_of_a_briefing_agrees_with_a_plain_recount(
    recount: Recount, company_folder: Path, simulated: Simulated
) -> None:
    assert simulated.events > 0
    entries, main_of, compared = recount.entries(), recount.main_identifiers(), 0
    for message in read_truth(company_folder, "messages"):
        if "cascade" not in message:
            continue
        entry: dict[str, Any] = entries[message["message"]]
        closes = datetime.fromisoformat(entry["sent_at"]) + timedelta(hours=CASCADE_HOURS)
        confirmed = {
            main_of[(event.person or "").lower()]
            for event in recount.events
            if event.action == "acknowledged" and event.reference == message["message"] and event.at < closes
        }
        rows = recount.audience(entry)
        told = {address for address in rows if confirmed.issuperset(chain_of(rows, address))}
        assert message["cascade"]["all"] == {
            "confirmed": len(confirmed & rows.keys()),
            "chain_confirmed": len(told),
        }
        compared += 1
    assert compared


def test_nobody_on_a_long_leave_confirms(briefings: list[tuple[Message, Acts]]) -> None:
    for message, acts in briefings:
        away = WORLD.company.on_leave(message.sent_at)[acts.people]
        assert 0 < np.count_nonzero(away) < 0.05 * len(away)
        assert np.all(acts.at["acknowledged"][away] == NEVER)
        assert np.all(acts.met()[away] == NEVER)
