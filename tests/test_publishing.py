"""The command `dashboards`, and a service that keeps Grafana in step while it runs."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import service
from config.commands import AWAY, REFUSED, WELL
from config.load import load
from dashboards.generate import files
from publishing import in_step
from sites import Site
from tests.dashboards.grafana_server import ADMIN, Grafana
from tests.dashboards.live.stack import wait_for
from tests.metrics.made_up import SNAPSHOT


@pytest.fixture
def grafana() -> Iterator[Grafana]:
    server = Grafana()
    server.state.datasources = [
        {"id": 1, "uid": "prometheus", "name": "Prometheus", "type": "prometheus", "isDefault": True}
    ]
    yield server
    server.close()


@pytest.fixture
def file(tmp_path: Path, grafana: Grafana) -> Path:
    (tmp_path / "token").write_text(f"{ADMIN}\n", encoding="utf-8")
    written = tmp_path / "earshot.yaml"
    settings = {"data": "data", "grafana": {"url": grafana.url, "token_file": "token"}}
    written.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return written


def test_files_are_written_once_and_a_dry_run_writes_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["dashboards", "--directory", str(tmp_path)]
    assert service.main([*where, "--dry-run"]) == WELL
    assert list(tmp_path.iterdir()) == []
    assert service.main(where) == WELL
    assert service.main(where) == WELL
    assert capsys.readouterr().out.splitlines()[-1] == f"0 of {len(files())} files were new or different."
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")} == set(files())


def test_a_label_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert service.main(["dashboards", "--directory", str(tmp_path), "--label", "team"]) == REFUSED
    assert "NAME=VALUE" in capsys.readouterr().err


def test_publishing_puts_every_dashboard_there(
    file: Path, grafana: Grafana, capsys: pytest.CaptureFixture[str]
) -> None:
    assert service.main(["--config", str(file), "dashboards", "--publish", "--dry-run"]) == WELL
    assert grafana.writes() == []
    assert "none of them made" in capsys.readouterr().out
    assert service.main(["--config", str(file), "dashboards", "--publish"]) == WELL
    wanted = {json.loads(text)["uid"] for path, text in files().items() if path.startswith("grafana/")}
    assert set(grafana.state.dashboards) == wanted
    assert service.main(["--config", str(file), "dashboards", "--publish"]) == WELL
    assert capsys.readouterr().out.splitlines()[-1] == "0 changes."


def test_without_a_grafana_in_the_configuration_publishing_says_what_to_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "earshot.yaml").write_text("data: data\n", encoding="utf-8")
    assert service.main(["--config", str(tmp_path / "earshot.yaml"), "dashboards", "--publish"]) == REFUSED
    assert "token_file" in capsys.readouterr().err


def test_a_wrong_token_is_refused_and_a_grafana_that_is_away_is_away(
    file: Path, grafana: Grafana, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (file.parent / "token").write_text("another", encoding="utf-8")
    assert service.main(["--config", str(file), "dashboards", "--publish"]) == REFUSED
    assert "(401)" in capsys.readouterr().err
    monkeypatch.setattr("dashboards.publish._PAUSES", ())
    grafana.state.faults = [503]
    assert service.main(["--config", str(file), "dashboards", "--publish"]) == AWAY


def test_what_is_published_reaches_grafana_by_itself(file: Path, grafana: Grafana) -> None:
    settings = load(file, {}).settings
    assert settings is not None
    with in_step(Site(settings)) as told:
        told(SNAPSHOT)
        wait_for("annotations of the messages", lambda: len(grafana.state.annotations) == len(SNAPSHOT.messages))
    assert len(grafana.state.dashboards) > 5


def test_a_recorded_past_is_kept_away_from_grafana(file: Path, grafana: Grafana) -> None:
    settings = load(file, {}).settings
    assert settings is not None
    with in_step(Site(settings, as_of=1)) as told:
        told(SNAPSHOT)
    assert grafana.state.asked == []
