"""Good configurations, loaded from the folder `good`, and what some of them mean."""

from datetime import date, time
from pathlib import Path

import pytest

from config.load import load
from config.problem import format_problems
from config.schema import Settings

FOLDER = Path(__file__).parent / "good"
GOOD = sorted(FOLDER.glob("*.yaml"))


def settings_of(name: str) -> Settings:
    settings = load(FOLDER / f"{name}.yaml", {}).settings
    assert settings is not None
    return settings


@pytest.mark.parametrize("file", GOOD, ids=[file.stem for file in GOOD])
def test_a_good_file_has_no_problems(file: Path) -> None:
    loaded = load(file, {})
    assert format_problems(loaded.problems) == ""
    assert loaded.settings is not None


@pytest.mark.parametrize("name", ["empty", "comments_alone"])
def test_a_file_that_says_nothing_means_the_defaults(name: str) -> None:
    assert settings_of(name) == Settings(data=FOLDER / "var/data")


def test_texts_stay_what_was_written() -> None:
    settings = settings_of("texts_that_yaml_takes_for_something_else")
    assert settings.organisation.name == "1984"
    assert settings.organisation.working_hours.start == time(10)
    assert settings.directory.segments == ("on", "y", "2026")
    assert settings.indicators.topics == ("no", "yes", "2026-11-02", "1_000", "0x1F")
    assert settings.indicators.words_per_minute == {"default": 238.0, "no": 220.0, "on": 238.0}
    assert (settings.page.port, settings.page.titles) == (8751, False)
    assert settings.targets[0].scope.topic == "no"
    assert settings.targets[0].value == 0.8


def test_a_file_saved_on_windows_reads_like_any_other() -> None:
    settings = settings_of("saved_on_windows")
    assert settings.organisation.name == "Société"
    assert settings.page.port == 8751


def test_options_of_a_decoder_mean_what_yaml_means() -> None:
    assert settings_of("sources_side_by_side").sources[5].options == {"key": "text", "nested": [1, True]}


def test_days_are_days_and_absolute_paths_stay() -> None:
    settings = settings_of("holidays_and_shifts")
    assert settings.organisation.holidays == (date(2026, 12, 25), date(2028, 2, 29))
    assert settings.directory.as_of["people.csv"] == date(2026, 11, 1)
    assert settings.store_file == Path("/run/secrets/store")
