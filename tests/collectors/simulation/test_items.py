from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from collectors.simulation.company import NEVER
from collectors.simulation.hours import day_of
from collectors.simulation.items import ITEMS_LAST_DAYS, STEPS, Items
from collectors.simulation.parameters import DAY
from collectors.simulation.simulate import Simulated
from collectors.simulation.world import World
from tests.collectors.simulation.conftest import PARAMETERS
from tests.collectors.simulation.recount import Recount
from tests.collectors.simulation.truth_files import read_truth

WORLD = World(replace(PARAMETERS, people=3000))


@pytest.fixture(scope="module")
def raised() -> list[Items]:
    first = day_of(WORLD.parameters.start_us)
    return [WORLD.items(first + timedelta(days=offset)) for offset in range(40)]


def test_each_step_follows_the_one_before(raised: list[Items]) -> None:
    for items in raised:
        for before, after in zip(("raised", *STEPS), STEPS, strict=False):
            taken = items.at[after] < NEVER
            assert np.all(items.at[before][taken] < items.at[after][taken])
            assert np.all(items.at[after][taken] < items.at["raised"][taken] + ITEMS_LAST_DAYS * DAY)


def test_some_items_stay_open_at_every_step(raised: list[Items]) -> None:
    counts = [sum(int((items.at[step] < NEVER).sum()) for items in raised) for step in ("raised", *STEPS)]
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) == len(counts)
    assert counts[-1] > 30


def test_critical_items_are_answered_less_often_and_later(raised: list[Items]) -> None:
    critical = np.concatenate([items.stance == 0 for items in raised])
    answered = np.concatenate([items.at["answered"] for items in raised])
    waited = answered - np.concatenate([items.at["raised"] for items in raised])
    done = answered < NEVER
    assert 0.02 < done[~critical].mean() - done[critical].mean() < 0.15
    assert np.median(waited[done & critical]) > np.median(waited[done & ~critical])


def test_nobody_raises_anything_after_leaving(raised: list[Items]) -> None:
    for items in raised:
        assert np.all(items.at["raised"] - DAY < WORLD.company.left_us[items.people])


def test_the_truth_of_items_agrees_with_a_plain_recount(
    recount: Recount, company_folder: Path, simulated: Simulated
) -> None:
    assert simulated.events > 0
    steps, compared = recount.item_steps(), 0
    for item in read_truth(company_folder, "items"):
        shown = steps.get(item["item"], {})
        for step in ("raised", *STEPS):
            if step not in shown:
                # Not yet, or still on its way.
                continue
            happened = datetime.fromisoformat(shown[step]["time"])
            assert item[step] == happened.strftime("%Y-%m-%dT%H:%M:%SZ")
            assert shown[step].get("subject") == item["about"]
            assert ("address" in shown[step]["data"]) == (step == "raised" and item["named"])
            compared += 1
        if "raised" in shown:
            assert shown["raised"]["data"]["stance"] == item["stance"]
    assert compared > 50
    assert steps.keys() <= {item["item"] for item in read_truth(company_folder, "items")}
