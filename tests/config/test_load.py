"""Finding a file, reading it, and joining what other rooms find in it."""

from pathlib import Path

import pytest

from config.duration import Span
from config.load import SAMPLE_FILE, find_file, load
from config.problem import Problem
from tests.config.conftest import LoadText


def test_relative_paths_start_at_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "elsewhere").mkdir()
    text = "data: ../data\nkey_file: key\nstore_file: /run/store\ndirectory: {files: [people/*.csv]}\n"
    (tmp_path / "etc" / "earshot.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "elsewhere")
    settings = load(Path("../etc/earshot.yaml"), {}).settings
    assert settings is not None
    assert settings.data == tmp_path / "data"
    assert settings.key_file == tmp_path / "etc" / "key"
    assert settings.store_file == Path("/run/store")
    assert settings.directory.files == (tmp_path / "etc" / "people" / "*.csv",)


def test_the_default_data_directory_is_beside_the_file_too(load_text: LoadText, tmp_path: Path) -> None:
    settings = load_text("").settings
    assert settings is not None
    assert settings.data == tmp_path / "var" / "data"


def test_the_file_asked_for_goes_before_the_variable_and_that_before_the_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"EARSHOT_CONFIG": "/etc/earshot/earshot.yaml"}
    assert find_file(Path("mine.yaml"), environment) == Path("mine.yaml")
    assert find_file(None, environment) == Path("/etc/earshot/earshot.yaml")
    assert find_file(None, {}) == SAMPLE_FILE
    (tmp_path / "earshot.yaml").touch()
    assert find_file(None, {}) == Path("earshot.yaml")


@pytest.mark.parametrize(
    ("name", "found"),
    [("absent.yaml", "No such file"), ("folder", "Is a directory"), ("nul\0byte", "no such file")],
    ids=["a file that is not there", "a directory", "a name no file can have"],
)
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path, name: str, found: str) -> None:
    (tmp_path / "folder").mkdir()
    loaded = load(tmp_path / name, {})
    (problem,) = loaded.problems
    assert found in problem.found
    assert "config/starter.yaml" in problem.mend
    assert loaded.settings is None
    assert loaded.understood is None


def test_a_file_over_a_mebibyte_is_refused_unread(load_text: LoadText) -> None:
    assert load_text("#" * (1 << 20)).problems == []
    (problem,) = load_text("#" * ((1 << 20) + 1)).problems
    assert problem.found == "more than 1 MiB"


def test_own_windows_of_indicators_are_checked_where_the_target_names_none(tmp_path: Path) -> None:
    file = tmp_path / "earshot.yaml"
    file.write_text("targets: [{name: reach, indicator: reach, period: rolling 31 days}]", encoding="utf-8")
    assert load(file, {}, windows={"reach": Span(7, "days")}).problems == []
    (problem,) = load(file, {}, windows={"reach": Span(8, "days")}).problems
    assert problem.path == "targets[0].period"
    assert "46 days" in problem.mend


def test_what_another_room_finds_stands_in_the_order_of_the_file_with_its_line(load_text: LoadText) -> None:
    loaded = load_text("page: {prot: 1}\ntargets:\n  - {name: a, indicator: reech}\ndisclosure: {k: 1}\n")
    joined = loaded.joined([Problem("targets[0].indicator", "", "`reach`", "Did you mean `reach`?")])
    assert [str(problem) for problem in joined.problems][1] == (
        "targets[0].indicator, line 3: found `reech`; allowed: `reach`. Did you mean `reach`?"
    )
    assert [problem.path for problem in joined.problems] == ["page.prot", "targets[0].indicator", "disclosure.k"]


def test_what_another_room_finds_takes_the_settings_away(load_text: LoadText) -> None:
    loaded = load_text("targets: [{name: a, indicator: reech}]")
    assert loaded.settings is not None
    assert loaded.joined([]).settings == loaded.settings
    assert loaded.joined([Problem("targets[0].indicator", "", "`reach`")]).settings is None


def test_what_another_room_says_of_something_unreadable_is_withheld(load_text: LoadText) -> None:
    loaded = load_text("targets: [{name: a, value: 70}]\nretention: {sets: long}\n")
    assert loaded.understood is not None
    found = [
        Problem("targets[0].indicator", "`unreadable`", "`reach`"),
        Problem("targets[0]", "`unreadable`", "`reach`"),
        Problem("targets[0].by", "`site`", "another", rests_on=("retention",)),
        Problem("targets[0].name", "", "another"),
    ]
    new = set(loaded.joined(found).problems) - set(loaded.problems)
    assert [(problem.path, problem.found) for problem in new] == [("targets[0].name", "`a`")]


def test_entries_are_counted_as_in_the_file_whatever_is_wrong_with_those_before(load_text: LoadText) -> None:
    loaded = load_text("targets:\n  - nonsense\n  - {name: b}\n  - {name: c, indicator: reach, by: site}\n")
    assert loaded.understood is not None
    assert [target.name for target in loaded.understood.targets] == ["unreadable", "b", "c"]
    assert [problem.path for problem in loaded.problems] == ["targets[0]", "targets[1].indicator", "targets[2].by"]
