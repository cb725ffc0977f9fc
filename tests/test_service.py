"""The command `check` on every configuration the tests have, good and bad: the rooms' checks joined, never a traceback."""

from pathlib import Path

import pytest

import service
from config.commands import REFUSED, WELL, make_parser

HERE = Path(__file__).parent / "config"
BAD = sorted(HERE.glob("bad/*.yaml"))
GOOD = sorted(HERE.glob("good/*.yaml"))


@pytest.mark.parametrize("file", BAD, ids=[file.stem for file in BAD])
def test_every_bad_configuration_is_refused_in_words(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert service.main(["check", "--config", str(file)]) == REFUSED
    assert "Nothing runs on a configuration with problems." in capsys.readouterr().out


@pytest.mark.parametrize("file", GOOD, ids=[file.stem for file in GOOD])
def test_of_every_good_configuration_only_what_it_points_to_can_be_wrong(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service.main(["check", "--config", str(file)])
    # One of them has options that no decoder has, to show what YAML makes of them.
    lines = capsys.readouterr().out.splitlines()
    problems = [line for line in lines if ": found " in line and ".options" not in line]
    assert all(
        line.startswith(("catalogue.files", "directory.files", "directory.segments", "store_file")) for line in problems
    ), problems


def test_all_errors_of_all_rooms_come_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "people.csv").write_text("address,department\na@example.org,Sales\n", encoding="utf-8")
    file = tmp_path / "earshot.yaml"
    file.write_text(
        """
directory: {files: [people.csv], segments: [department]}
sources:
  - {name: mail, decoder: sendgird, from: {files: mail}, channel: email}
targets:
  - {name: one, indicator: raech, value: 0.8}
  - {name: two, indicator: reach, value: 70}
  - {name: two, indicator: reach, value: 0.7, scope: {segment: department=Salse}}
""",
        encoding="utf-8",
    )
    assert service.main(["check", "--config", str(file)]) == REFUSED
    said = capsys.readouterr().out
    for place in (
        "sources[0].decoder",
        "targets[0].indicator",
        "targets[1].value",
        "targets[2].name",
        "targets[2].scope.segment",
    ):
        assert place in said
    assert "Did you mean `sendgrid`?" in said
    assert "Ratios are written from 0 to 1: 0.70" in said


def test_what_is_not_at_hand_can_be_left_unchecked_and_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "earshot.yaml"
    file.write_text(
        "{store_file: /away/url, key_file: /away/a.key, erasure_key_file: /away/b.key, directory: {files: [/away/people.csv]}}",
        encoding="utf-8",
    )
    assert service.main(["check", "--config", str(file)]) == REFUSED
    assert service.main(["check", "--without-files", "--config", str(file)]) == WELL
    said = capsys.readouterr().out
    for place in ("store_file, /away/url", "key_file, /away/a.key", "directory.files, /away/people.csv"):
        assert f"note: not checked: {place}" in said
    file.write_text("{directory: {files: [/away/people.csv]}, targets: [{name: a}]}", encoding="utf-8")
    assert service.main(["check", "--without-files", "--config", str(file)]) == REFUSED


def test_every_command_of_the_help_is_there() -> None:
    helped = [command for action in make_parser()._actions for command in action.choices or ()]
    assert sorted(service.COMMANDS) == sorted(helped)
