"""Years of alerts at toy size: what is drawn is what is said of it, and what is counted of it is right."""

import re
from pathlib import Path

import numpy as np
import pytest

from bench.noise import __main__ as noise
from bench.noise.year import HEALTHY, TARGET, WHOLE, Drop, Fired, Goal, judge_parts, live_through, members, send_all
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
        expected = {team for team in range(40) if kept[team] and process(stacked[:, team])[1] < TARGET}
        assert judge_parts(counts, range(40)) == expected


def test_a_drop_for_everybody_is_caught_and_a_healthy_year_is_quiet() -> None:
    dropped, healthy = Goal(12, "whole by process", Drop(150, 0.2, WHOLE)), Goal(12, "whole by process")
    for made in (dropped, healthy):
        send_all(made, PEOPLE * 10, np.random.default_rng(1))
    fired = [one for one in live_through([dropped, healthy], PEOPLE * 10) if not one.falling]
    assert {one.goal for one in fired} == {0}
    assert 150 + 9 <= min(one.day for one in fired) < 150 + 45


def test_of_one_message_no_process_is_judged_where_two_are_asked_for() -> None:
    rare = Goal(2, "whole by process", Drop(-90, 0.3, WHOLE))
    send_all(rare, PEOPLE * 10, np.random.default_rng(1))
    judged = [members(rare, one.day) for one in live_through([rare], PEOPLE * 10, fewest=2) if not one.falling]
    assert {last - first for first, last in judged} == {2}
    alone = [members(rare, one.day) for one in live_through([rare], PEOPLE * 10) if not one.falling]
    assert 1 in {last - first for first, last in alone}


def test_an_alert_is_wrong_by_its_own_question() -> None:
    fired = Fired(0, WHOLE, 50, happened=True)
    assert not noise._is_wrong(fired, Goal(8, "whole by count"))
    assert noise._is_wrong(Fired(0, WHOLE, 50, happened=False), Goal(8, "whole by count"))
    assert noise._is_wrong(fired, Goal(8, "whole by process"))
    assert not noise._is_wrong(fired, Goal(8, "whole by process", Drop(40, 0.2, WHOLE)))
    assert noise._is_wrong(fired, Goal(8, "whole by process", Drop(60, 0.2, WHOLE)))


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
    noise.main(["--years", "1", "--page", str(tmp_path / "alerts.md"), "--results", str(tmp_path / "noise.json")])
    filled = (tmp_path / "alerts.md").read_text(encoding="utf-8")
    assert not re.search(r"figures: [a-z ]+ -->\n<!-- end", filled)
    assert "targets missed, wrongly" in capsys.readouterr().out
