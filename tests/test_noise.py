"""Years of alerts at toy size: what is drawn is what is said of it, and what is counted of it is right."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from bench.noise import __main__ as noise
from bench.noise.told import Year, find_caught, holds, is_wrong, wrong_a_quarter
from bench.noise.verdicts import verdict
from bench.noise.year import (
    HEALTHY,
    TARGET,
    WHOLE,
    Drop,
    Fired,
    Goal,
    Kind,
    judge_parts,
    live_through,
    members,
    send_all,
)
from bench.trust.draws import ALL_SEEN, Counts, count_people
from bench.trust.methods import process
from metrics.bounds import chance_below
from metrics.change import hold_to_rate
from metrics.reading import State, denominators

PEOPLE = np.array([12, 30, 8, 25])


def goal(**changed: object) -> Goal:
    made = Goal(messages=8, kind="teams by process")
    for name, value in changed.items():
        setattr(made, name, value)
    send_all(made, PEOPLE, np.random.default_rng(3))
    return made


def test_a_message_s_truth_falls_on_the_day_of_the_drop_and_for_whom_it_is() -> None:
    dropped = goal(drop=Drop(100, 0.2, 1))
    assert dropped.truth(1, 99) == TARGET + HEALTHY
    assert dropped.truth(1, 100) == pytest.approx(TARGET + HEALTHY - 0.2)
    assert dropped.truth(0, 100) == TARGET + HEALTHY
    assert goal(drop=Drop(100, 0.2, WHOLE)).truth(3, 200) == pytest.approx(TARGET + HEALTHY - 0.2)


def test_a_class_holds_the_settled_messages_of_28_days() -> None:
    made = goal()
    first, last = members(made, 200)
    assert made.sent[first:last] == [day for day in made.sent if 172 < day <= 191]


def test_parts_are_judged_as_if_each_had_been_looked_at_closely() -> None:
    dice = np.random.default_rng(5)
    for share in (0.85, 0.75, 0.6):
        people = np.full(40, 20)
        counts: list[Counts] = [
            count_people(people, np.clip(dice.normal(share, 0.1, 40), 0.05, 0.95), ALL_SEEN, dice) for _ in range(4)
        ]
        stacked = np.stack(counts)
        chances = [chance_below(each[:, State.H], denominators(each), TARGET) for each in np.moveaxis(stacked, 1, 0)]
        kept = hold_to_rate(chances)
        uppers = [math.ceil(1000 * process(stacked[:, team])[1]) / 1000 for team in range(40)]  # as it is published
        expected = {team for team in range(40) if kept[team] and uppers[team] < TARGET}
        assert judge_parts(counts, range(40)) == expected


def test_a_drop_for_everybody_is_caught_and_a_healthy_year_is_quiet() -> None:
    dropped, healthy = Goal(12, "whole by process", Drop(150, 0.2, WHOLE)), Goal(12, "whole by process")
    for made in (dropped, healthy):
        send_all(made, PEOPLE * 10, np.random.default_rng(1))
    fired = [one for one in live_through([dropped, healthy], PEOPLE * 10) if not one.falling]
    assert {one.goal for one in fired} == {0}
    assert 150 + 9 <= min(one.day for one in fired) < 150 + 45


@pytest.mark.parametrize("kind", ["whole by process", "teams by process"])
def test_of_one_message_no_process_is_judged_as_the_service_does_it(kind: Kind) -> None:
    rare = Goal(2, kind, Drop(-90, 0.5, WHOLE))
    send_all(rare, PEOPLE * 10, np.random.default_rng(1))

    def sizes(**how: bool) -> set[int]:
        judged = [members(rare, one.day) for one in live_through([rare], PEOPLE * 10, **how) if not one.falling]
        return {last - first for first, last in judged}

    assert sizes() == {2}
    assert 1 in sizes(one_is_enough=True)


def test_verdicts_are_those_of_figures_as_they_may_be_told() -> None:
    dice = np.random.default_rng(2)
    low = count_people(np.array([20, 20]), np.array([0.5, 0.5]), ALL_SEEN, dice)
    assert verdict(low, 0.80, "process", k=10) == "missed"
    assert verdict(low, 0.80, "process", k=21) == "suppressed"
    nobody = count_people(np.array([10, 10]), np.array([0.0, 0.0]), ALL_SEEN, dice)
    assert verdict(nobody, 0.14, "count", k=10) == "undetermined", "none is told as three at most, of twenty"
    assert verdict(nobody, 0.16, "count", k=10) == "missed"


def test_an_alert_is_wrong_by_its_own_question() -> None:
    fired = Fired(0, WHOLE, 50, happened=True)
    assert not is_wrong(fired, Goal(8, "whole by count"))
    assert is_wrong(Fired(0, WHOLE, 50, happened=False), Goal(8, "whole by count"))
    assert is_wrong(fired, Goal(8, "whole by process"))
    assert not is_wrong(fired, Goal(8, "whole by process", Drop(40, 0.2, WHOLE)))
    assert is_wrong(fired, Goal(8, "whole by process", Drop(60, 0.2, WHOLE)))


def test_a_drop_is_caught_by_the_first_alert_of_its_part_after_it() -> None:
    team = Goal(8, "teams by process", Drop(100, 0.2, 1))
    healthy = Goal(8, "whole by count")
    fired = [Fired(1, WHOLE, 120, True), Fired(0, 0, 110, True), Fired(0, 1, 90, True), Fired(0, 1, 130, True)]
    (caught,) = find_caught(Year([team, healthy], fired))
    assert (caught.missed, caught.falling, caught.first) == (30, None, 30)
    (sooner,) = find_caught(Year([team, healthy], [*fired, Fired(0, WHOLE, 115, True, falling=True)]))
    assert (sooner.missed, sooner.falling, sooner.first) == (30, 15, 15)
    (late,) = find_caught(Year([team], [Fired(0, 1, 190, True)]))
    assert late.first is None


def test_wrong_alerts_are_counted_a_quarter() -> None:
    healthy = Goal(8, "whole by process")
    years = [Year([healthy], [Fired(0, WHOLE, 50, True)] * 8), Year([healthy], [])]
    assert wrong_a_quarter(years) == 1.0
    assert holds(years)
    assert not holds([years[0]])


def test_the_command_fills_its_places_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(noise, "TEAMS", 4)
    monkeypatch.setattr(noise, "GOALS", 6)
    monkeypatch.setattr(noise, "DROPS", 3)
    empty = re.sub(
        r"(<!-- figures: [a-z ]+ -->\n).*?(<!-- end)", r"\1\2", noise.PAGE.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    (tmp_path / "alerts.md").write_text(empty, encoding="utf-8")
    before = re.sub(
        r"(<!-- figures: noise [a-z]+ -->\n).*?(<!-- end)",
        r"\1\2",
        noise.TRUST.read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
    (tmp_path / "trust.md").write_text(before, encoding="utf-8")
    files = [f"--page={tmp_path}/alerts.md", f"--trust={tmp_path}/trust.md", f"--results={tmp_path}/noise.json"]
    noise.main(["--years=1", *files])
    filled = (tmp_path / "alerts.md").read_text(encoding="utf-8")
    trust = (tmp_path / "trust.md").read_text(encoding="utf-8")
    assert not re.search(r"figures: [a-z ]+ -->\n<!-- end", trust)
    assert trust.startswith(before.split("<!-- figures: noise")[0]), "what the other command wrote stands"
    assert not re.search(r"figures: [a-z ]+ -->\n<!-- end", filled)
    assert "all 30 targets of a healthy company" in capsys.readouterr().out
