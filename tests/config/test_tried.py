"""Changes of a target that are tried and not set."""

from pathlib import Path

import pytest

from config.duration import Span
from config.load import Loaded, load
from config.schema import Scope
from config.tried import read_tried

FILE = """
directory: {segments: [department]}
targets:
  - {name: reach, indicator: reach, value: 0.7, scope: {channel: email}}
  - {name: opened, indicator: opened, value: 0.5}
"""


def tried(folder: Path, name: str, *changes: str, text: str = FILE) -> Loaded:
    file = folder / "earshot.yaml"
    file.write_text(text, encoding="utf-8")
    return load(file, {}, tried=read_tried(name, changes))


def test_a_change_is_read_as_if_it_stood_in_the_file(tmp_path: Path) -> None:
    loaded = tried(tmp_path, "reach", "value=0.75", "window=3 days", "by=department", "scope.topic=brand")
    assert loaded.settings is not None
    reach, opened = loaded.settings.targets
    assert (reach.value, reach.window, reach.by) == (0.75, Span(3, "days"), "department")
    assert reach.scope == Scope(channel="email", topic="brand")
    assert opened.value == 0.5
    assert (tmp_path / "earshot.yaml").read_text(encoding="utf-8") == FILE


def test_nothing_after_the_sign_takes_a_key_away(tmp_path: Path) -> None:
    loaded = tried(tmp_path, "reach", "scope.channel=", "value=")
    assert loaded.settings is not None
    assert loaded.settings.targets[0].scope == Scope()
    assert loaded.settings.targets[0].value is None


@pytest.mark.parametrize("text", [FILE, ""], ids=["beside others", "where there is none"])
def test_a_target_that_is_not_there_is_tried_with_its_indicator(tmp_path: Path, text: str) -> None:
    loaded = tried(tmp_path, "fresh", "indicator=read", "value=0.4", text=text)
    assert loaded.settings is not None
    assert (loaded.settings.targets[-1].name, loaded.settings.targets[-1].indicator) == ("fresh", "read")


@pytest.mark.parametrize(
    ("name", "change", "path", "mend"),
    [
        pytest.param("reach", "value=70", "targets[0].value", "0.70", id="a value out of bounds"),
        pytest.param("reach", "by=departement", "targets[0].by", "`department`", id="no such attribute"),
        pytest.param("opened", "vaule=0.6", "targets[1].vaule", "`value`", id="no such key"),
        pytest.param("raech", "value=0.6", "targets", "`reach`", id="no such target"),
    ],
)
def test_what_may_not_stand_there_is_refused_as_in_a_file(
    tmp_path: Path, name: str, change: str, path: str, mend: str
) -> None:
    loaded = tried(tmp_path, name, change)
    assert loaded.settings is None
    (problem,) = loaded.problems
    assert (problem.path, problem.place) == (path, "on the command line")
    assert mend in problem.mend


@pytest.mark.parametrize("text", ["value", "=0.7", "0.7", "scope.a.b=c", "Value=0.7"])
def test_what_is_no_change_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(ValueError, match="allowed: KEY=VALUE"):
        read_tried("reach", [text])
