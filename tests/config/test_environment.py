"""Variables over the file: which are read, which are refused, which are none of ours."""

import pytest

from config.duration import Span
from config.environment import variable_of
from tests.config.conftest import LoadText


def test_a_variable_goes_before_the_file(load_text: LoadText) -> None:
    settings = load_text("page: {port: 8750, messages: 5}", EARSHOT_PAGE__PORT="8751").settings
    assert settings is not None
    assert (settings.page.port, settings.page.messages) == (8751, 5)


def test_variables_reach_every_level_and_kind(load_text: LoadText) -> None:
    settings = load_text(
        "",
        EARSHOT_ORGANISATION__NAME="1984",
        EARSHOT_ORGANISATION__WORKING_HOURS__START="10:00",
        EARSHOT_INDICATORS__WORDS_PER_MINUTE__FR="214",
        EARSHOT_PAGE__TITLES="false",
        EARSHOT_RETENTION__SETS="60 days",
        EARSHOT_STORE_FILE="/run/secrets/store",
        EARSHOT_SAMPLE__DIRECTORY="/tmp/sample",
    ).settings
    assert settings is not None
    assert settings.organisation.name == "1984"
    assert settings.organisation.working_hours.start.hour == 10
    assert settings.indicators.words_per_minute["fr"] == 214
    assert settings.page.titles is False
    assert settings.retention.sets == Span(60, "days")
    assert str(settings.store_file) == "/run/secrets/store"
    assert settings.sample is not None


def test_an_empty_variable_is_as_if_it_were_not_set(load_text: LoadText) -> None:
    settings = load_text("store: sqlite://", EARSHOT_STORE="", EARSHOT_NO_SUCH_KEY="").settings
    assert settings is not None
    assert settings.store == "sqlite://"


@pytest.mark.parametrize(
    ("variable", "found", "mend"),
    [
        ("EARSHOT_PAGE_PORT", "names no key", "Did you mean `EARSHOT_PAGE__PORT`?"),
        ("EARSHOT_PAGE__PROT", "names no key", "Did you mean `EARSHOT_PAGE__PORT`?"),
        ("EARSHOT_PASSWORD", "names no key", ""),
        ("EARSHOT_THINGS__UNHEARD_OF", "names no key", ""),
        ("EARSHOT_PAGE", "a whole part", ""),
        ("EARSHOT_TARGETS", "a list", "Set lists in the file."),
        ("EARSHOT_TARGETS__0__VALUE", "a list", "Set lists in the file."),
        ("EARSHOT_DIRECTORY__SEGMENTS", "a list", "Set lists in the file."),
    ],
)
def test_a_variable_that_sets_nothing_is_a_problem(load_text: LoadText, variable: str, found: str, mend: str) -> None:
    (problem,) = load_text("", **{variable: "hunter2"}).problems
    assert problem.path == variable
    assert found in problem.found
    assert problem.mend == mend
    assert "hunter2" not in str(problem)


def test_a_wrong_value_is_found_in_its_variable(load_text: LoadText) -> None:
    (problem,) = load_text("page: {port: 8750}", EARSHOT_PAGE__PORT="loud").problems
    assert problem.where == "page.port, EARSHOT_PAGE__PORT"
    assert problem.found == "`loud`"


def test_a_secret_in_a_variable_is_not_shown(load_text: LoadText) -> None:
    (problem,) = load_text("store_file: a", EARSHOT_STORE="postgresql://u:hunter2@db/e").problems
    assert "hunter2" not in str(problem)


def test_a_variable_cannot_hide_what_is_wrong_with_the_file(load_text: LoadText) -> None:
    (problem,) = load_text("page: loud", EARSHOT_PAGE__PORT="8751").problems
    assert problem.where == "page, line 1"


def test_variables_are_checked_even_where_the_file_is_no_yaml(load_text: LoadText) -> None:
    problems = load_text("page: [", EARSHOT_PAGE_PORT="8751").problems
    assert [problem.path for problem in problems] == ["the file", "EARSHOT_PAGE_PORT"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("EARSHOT_SERVICE_HOST", "10.0.0.1"),
        ("EARSHOT_SERVICE_PORT_HTTP", "8750"),
        ("EARSHOT_PORT", "tcp://10.0.0.1:8750"),
        ("EARSHOT_PORT_8750_TCP", "tcp://10.0.0.1:8750"),
        ("EARSHOT_PORT_8750_TCP_ADDR", "10.0.0.1"),
        ("EARSHOT_PAGE_SERVICE_HOST", "10.0.0.1"),
    ],
)
def test_what_kubernetes_sets_beside_a_service_is_no_problem(load_text: LoadText, variable: str, value: str) -> None:
    assert load_text("", **{variable: value}).problems == []


def test_variables_that_are_no_keys_of_the_file_are_left_alone(load_text: LoadText) -> None:
    others = {
        "EARSHOT_CONFIG": "x",
        "EARSHOT_GOLDEN": "1",
        "EARSHOT_TEST_KILLS": "3",
        "PATH": "/bin",
        "earshot_page": "1",
    }
    assert load_text("", **others).problems == []


def test_the_variable_of_a_key_is_its_path_in_capitals() -> None:
    assert variable_of(("organisation", "working_hours", "start")) == "EARSHOT_ORGANISATION__WORKING_HOURS__START"
