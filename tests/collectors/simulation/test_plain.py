"""The company whose true reach is known: what it is asked for comes out, and nothing of it is hidden."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collectors.simulation.parameters import LARGEST_TEAM, SMALLEST_TEAM, Parameters
from collectors.simulation.plain import draw_rate
from collectors.simulation.simulate import read_simulated, simulate
from tests.collectors.simulation.conftest import THURSDAY
from tests.collectors.simulation.recount import Recount
from tests.collectors.simulation.truth_files import read_truth

PLAIN = Parameters.of_teams(25, 40, 3, THURSDAY, reach=0.8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("plain")
    simulate(root, PLAIN)
    return root


@pytest.fixture(scope="module")
def settled(folder: Path) -> list[dict[str, Any]]:
    return [message for message in read_truth(folder, "messages") if message["closes"]["reached"] < "2026-11-16"]


def test_rates_have_the_mean_and_the_spread_that_were_asked_for() -> None:
    rates = np.array([draw_rate(PLAIN, number) for number in range(4000)])
    assert float(rates.mean()) == pytest.approx(0.8, abs=0.005)
    assert float(rates.std()) == pytest.approx(PLAIN.spread, abs=0.005)


def test_without_a_spread_every_message_has_the_same_rate() -> None:
    assert draw_rate(Parameters.of_teams(5, 10, 1, THURSDAY, spread=0.0), 7) == 0.85


def test_teams_have_8_to_30_people_and_belong_to_no_manager(folder: Path) -> None:
    rows = Recount(folder).directories()[0][1]
    teams: dict[str, list[dict[str, str]]] = {}
    for row in rows.values():
        teams.setdefault(row["team"], []).append(row)
    assert len(teams) == 25
    assert all(SMALLEST_TEAM <= len(members) <= LARGEST_TEAM for members in teams.values())
    assert all(len({member["manager"] for member in members}) > 1 for members in teams.values())


def test_everybody_is_reached_with_the_messages_own_chance(settled: list[dict[str, Any]]) -> None:
    assert len(settled) > 10
    scores = []
    for message in settled:
        for truth in message["segments"].values():
            people, chance = truth["audience"], truth["chance"]
            scores.append((truth["true"]["reached"] - people * chance) / (people * chance * (1 - chance)) ** 0.5)
        assert {truth["chance"] for truth in message["segments"].values()} == {truth["chance"]}
    assert abs(float(np.mean(scores))) < 0.15
    assert float(np.std(scores)) == pytest.approx(1.0, abs=0.15)


def test_nothing_of_it_is_hidden_or_lost(folder: Path, settled: list[dict[str, Any]]) -> None:
    for message in settled:
        for truth in message["segments"].values():
            shown, true = truth["shown"], truth["true"]
            assert shown.get("opened", shown.get("viewed")) == true["reached"]
            assert true["delivered"] == (truth["audience"] if message["channel"] == "email" else 0)
            assert "opened by machine" not in shown
    assert {period["segments"]["all"]["employed"] for period in read_truth(folder, "periods")} == {PLAIN.people}


def test_what_was_reached_in_a_quarter_agrees_with_a_plain_recount(folder: Path) -> None:
    """Where nothing is hidden the truth of goals stands in the streams as well."""
    recount = Recount(folder)
    entries, people = recount.entries(), recount.people_by_action()
    met: dict[str, int] = {}
    for id, entry in entries.items():
        if entry["topic"] == "brand" and entry["sent_at"] < "2026-11-12":
            for person in people[id]["opened"]:
                met[person] = met.get(person, 0) + 1
    often = sum(count >= 3 for count in met.values())
    quarter = next(one for one in read_truth(folder, "periods") if one["period"] == "quarter")
    # Of a last bulletin some openings are seen, and its window is open.
    assert often <= quarter["segments"]["all"]["aware"]["topic=brand"] <= PLAIN.people
    assert often > 0.5 * PLAIN.people


def test_its_parameters_are_read_back(folder: Path) -> None:
    made = read_simulated(folder)
    assert made is not None
    assert made.parameters == PLAIN


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"teams": 2}, "teams: found 2; allowed: 3 to 10,000"),
        ({"teams": 5, "reach": 1.0}, "reach: found 1.0; allowed: between 0 and 1"),
        ({"teams": 5, "spread": 0.4}, "spread: found 0.4"),
    ],
    ids=["too few teams", "a reach that cannot vary", "more spread than a rate can have"],
)
def test_parameters_that_make_no_plain_company_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Parameters.of_teams(days=10, seed=1, until_us=THURSDAY, **wrong)


def test_teams_and_people_have_to_agree() -> None:
    with pytest.raises(ValueError, match="people: found 20; allowed: as many as the teams have"):
        Parameters(20, 10, 1, THURSDAY, teams=5)
