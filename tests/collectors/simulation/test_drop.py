from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from collectors.simulation.drop import Drop, read_drop
from collectors.simulation.parameters import Parameters
from collectors.simulation.simulate import read_simulated, simulate
from collectors.simulation.world import World
from tests.collectors.simulation.conftest import PARAMETERS, THURSDAY
from tests.collectors.simulation.recount import Recount

DAY = date(2026, 10, 26)
PLAIN = Parameters.of_teams(25, 40, 3, THURSDAY, spread=0.0)


def chances(drop: str, parameters: Parameters = PLAIN) -> dict[tuple[date, str], tuple[str, set[float]]]:
    """(day, kind) -> (owner, the chances of its audience)."""
    world, found = World(replace(parameters, drop=drop)), {}
    for offset in range(39):
        day = date(2026, 10, 12) + timedelta(days=offset)
        for message in world.messages(day):
            if message.reminder_of is None:
                acts = world.acts(message)
                found[day, message.template.name] = (message.template.owner, set(acts.chance.round(6).tolist()))
    return found


def test_a_drop_takes_its_points_from_its_day_on() -> None:
    found = chances("20,2026-10-26")
    assert {day < DAY for day, _ in found} == {True, False}
    for (day, _), (_, values) in found.items():
        assert values == ({0.85} if day < DAY else {0.65})


def test_a_drop_of_a_segment_leaves_the_others_alone() -> None:
    world = World(replace(PLAIN, drop="30,2026-10-26,team=team 004"))
    message = world.messages(DAY)[0]
    acts = world.acts(message)
    concerned = world.company.team[acts.people] == 3
    assert set(acts.chance[concerned].round(6).tolist()) == {0.55}
    assert set(acts.chance[~concerned].round(6).tolist()) == {0.85}


def test_a_drop_of_an_owner_concerns_that_owners_messages() -> None:
    for (day, _), (owner, values) in chances("15,2026-10-26,owner=operations").items():
        assert values == ({0.7} if day >= DAY and owner == "operations" else {0.85})


def test_a_drop_in_an_ordinary_company_is_known_in_its_chances() -> None:
    before, after = (
        World(replace(PARAMETERS, people=2000, drop=drop)) for drop in ("", "20,2026-10-26,department=Sales")
    )
    message = next(one for day in range(7) for one in before.messages(DAY + timedelta(days=day)) if not one.condition)
    kept, lost = before.acts(message), after.acts(message)
    sales = before.company.codes("department", message.sent_at)[kept.people] == 1
    assert np.allclose(kept.chance - lost.chance, np.where(sales, np.minimum(0.2, kept.chance), 0))


def test_what_happened_before_the_drop_is_untouched(tmp_path: Path) -> None:
    small = replace(PARAMETERS, people=60)
    simulate(tmp_path / "without", small)
    simulate(tmp_path / "with", replace(small, drop="40,2026-10-26"))
    begins = datetime(2026, 10, 26, tzinfo=ZoneInfo("Europe/Paris"))
    before, after = (
        {event[:5] for event in Recount(tmp_path / name).events if event.at < begins} for name in ("without", "with")
    )
    assert len(before) > 1000
    assert before == after
    made = read_simulated(tmp_path / "with")
    assert made is not None
    assert made.parameters.drop == "40,2026-10-26"


def test_how_a_drop_is_spelled() -> None:
    assert read_drop("") is None
    assert read_drop("7.5,2026-10-26") == Drop(7.5, DAY)
    assert read_drop("20,2026-10-26,owner=people team") == Drop(20.0, DAY, "owner", "people team")


@pytest.mark.parametrize(
    "text",
    ["20", "many,2026-10-26", "20,soon", "0,2026-10-26", "101,2026-10-26", "20,2026-10-26,Sales", "nan,2026-10-26"],
)
def test_a_drop_that_nobody_understands_is_refused_with_its_form(text: str) -> None:
    with pytest.raises(ValueError, match="allowed: POINTS,DAY or POINTS,DAY,WHOSE"):
        replace(PLAIN, drop=text)


@pytest.mark.parametrize(
    ("whose", "message"),
    [
        ("department=Gardening", "drop: found department=Gardening; allowed: Production, Sales"),
        ("colour=red", "drop: found colour; allowed: department, site, level, team, owner"),
        ("owner=nobody", "drop: found owner=nobody; allowed: internal communications"),
    ],
    ids=["an unknown department", "an unknown attribute", "an unknown owner"],
)
def test_a_drop_that_concerns_nobody_is_refused(whose: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        World(replace(PLAIN, drop=f"20,2026-10-26,{whose}"))
