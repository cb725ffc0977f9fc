"""The configurations that come with Earshot, held against every room that has a say."""

from pathlib import Path

import pytest

from collectors import check as sources_check
from collectors.simulation.company import ATTRIBUTES
from collectors.simulation.parameters import SITE
from collectors.simulation.templates import TEMPLATES
from collectors.simulation.traces import STREAMS
from config.load import SAMPLE_FILE, load
from config.problem import format_problems
from config.schema import Settings
from metrics import check as targets_check
from metrics.indicators import lasting, own_windows

FOLDER = Path(__file__).parents[2] / "config"


def settings_of(file: Path) -> Settings:
    settings = load(file, {}, windows=own_windows(), lasting=lasting()).settings
    assert settings is not None
    return settings


@pytest.mark.parametrize("name", ["reference", "starter", "sample"])
def test_no_room_finds_a_problem_in_it(name: str) -> None:
    loaded = load(FOLDER / f"{name}.yaml", {}, windows=own_windows(), lasting=lasting())
    assert loaded.understood is not None
    found = [*sources_check.check(loaded.understood.sources), *targets_check.check(loaded.understood)]
    assert format_problems(loaded.joined(found).problems) == ""


@pytest.mark.parametrize("name", ["starter", "sample"])
def test_every_target_has_an_owner_and_says_what_to_do(name: str) -> None:
    targets = settings_of(FOLDER / f"{name}.yaml").targets
    assert [target.name for target in targets if not (target.owner and target.title and target.what_to_do)] == []


def test_the_starter_has_six_targets_and_watches_one_of_them() -> None:
    targets = settings_of(FOLDER / "starter.yaml").targets
    assert len(targets) == 6
    assert [target.name for target in targets if target.value is None] == ["response"]


def test_the_starter_has_its_places_to_change_marked() -> None:
    assert (FOLDER / "starter.yaml").read_text(encoding="utf-8").count("CHANGE") >= 6


def test_the_sample_asks_every_question_of_the_starter() -> None:
    asked = {target.indicator for target in settings_of(SAMPLE_FILE).targets}
    assert asked >= {target.indicator for target in settings_of(FOLDER / "starter.yaml").targets}


def test_the_sample_reads_every_stream_that_is_simulated() -> None:
    settings = settings_of(SAMPLE_FILE)
    assert settings.sample is not None
    folder = settings.sample.directory / "streams"
    assert [source.origin.files for source in settings.sources] == [folder / stream for stream in STREAMS]
    portal = next(source for source in settings.sources if source.name == "portal")
    assert portal.options == {"site": SITE}


def test_the_sample_speaks_of_the_company_that_is_simulated() -> None:
    settings = settings_of(SAMPLE_FILE)
    assert set(settings.directory.segments) <= set(ATTRIBUTES)
    assert set(settings.indicators.topics) == {template.topic for template in TEMPLATES}


def test_the_sample_shows_breakdowns_single_messages_and_one_target_without_a_value() -> None:
    targets = settings_of(SAMPLE_FILE).targets
    assert {"department", "site", "topic"} <= {target.by for target in targets}
    assert {"message", "month", "rolling 28 days"} <= {target.period for target in targets}
    assert [target.name for target in targets if target.value is None] == ["response"]
