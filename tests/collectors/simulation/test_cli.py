import argparse
from pathlib import Path

import pytest

from collectors.simulation.cli import simulate_command
from collectors.simulation.parameters import HOUR
from collectors.simulation.simulate import read_simulated
from config.commands import make_parser
from tests.collectors.simulation.conftest import THURSDAY


def parse(*words: str) -> argparse.Namespace:
    return make_parser().parse_args(["simulate", *words])


def test_a_stranger_gets_a_company_of_600_over_60_days() -> None:
    arguments = parse()
    assert (arguments.people, arguments.days, arguments.seed, arguments.until) == (600, 60, 1, None)


def test_what_was_made_is_said_in_two_lines(tmp_path: Path) -> None:
    arguments = parse(
        "--directory", str(tmp_path), "--people", "50", "--days", "6", "--until", "2026-11-19T14:20:00+01:00"
    )
    text = simulate_command(arguments, now_us=0)
    made = read_simulated(tmp_path)
    assert made is not None
    assert made.parameters.until_us == THURSDAY
    assert text.startswith(f"50 people, {made.messages} messages in 6 days, {made.events:,} events")
    assert text.count("\n") == 1


def test_without_a_time_the_history_ends_now(tmp_path: Path) -> None:
    simulate_command(parse("--directory", str(tmp_path), "--people", "30", "--days", "1"), now_us=THURSDAY + HOUR)
    made = read_simulated(tmp_path)
    assert made is not None
    assert made.parameters.until_us == THURSDAY + HOUR


@pytest.mark.parametrize(
    ("time", "said"),
    [
        pytest.param("yesterday", "is no time: write 2026-11-02T08:15:00Z", id="no time at all"),
        pytest.param("2026-11-19T14:20:00", "has no zone: add Z for UTC", id="a time without a zone"),
    ],
)
def test_a_time_that_nobody_can_place_is_a_usage_error(
    time: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse("--until", time)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_teams_make_a_plain_company_and_a_drop_is_planted(tmp_path: Path) -> None:
    words = ("--teams", "4", "--reach", "0.7", "--drop", "20,2026-11-16", "--days", "7")
    simulate_command(parse("--directory", str(tmp_path), *words), now_us=THURSDAY)
    made = read_simulated(tmp_path)
    assert made is not None
    assert (made.parameters.teams, made.parameters.reach, made.parameters.drop) == (4, 0.7, "20,2026-11-16")
    assert 32 <= made.parameters.people <= 120


def test_a_drop_that_nobody_understands_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="drop: found soon; allowed: POINTS,DAY"):
        simulate_command(parse("--directory", str(tmp_path), "--drop", "soon"), now_us=THURSDAY)
