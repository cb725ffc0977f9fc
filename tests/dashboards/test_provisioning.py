"""The files for a Grafana beside Earshot and for a laptop: they fit together, as far as that can be seen without Docker."""

import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from dashboards.generate import HERE
from sites import load_checked
from tests.dashboards import against_grafana
from tests.dashboards.grafana_server import EDITOR, Grafana
from tests.dashboards.rules.promtool import find_program

COMPOSE = HERE / "compose"
TREE: dict[str, Any] = yaml.safe_load((COMPOSE / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = TREE["services"]


def mounts() -> Iterator[tuple[str, str]]:
    for service in SERVICES.values():
        for mount in service.get("volumes", ()):
            source, target, *_ = mount.split(":")
            yield source, target


def test_everything_that_earshot_needs_is_there() -> None:
    assert set(SERVICES) == {"postgresql", "kafka", "earshot", "prometheus", "alertmanager", "grafana"}


def test_what_is_mounted_exists_and_what_is_kept_is_declared() -> None:
    sources = {source for source, _ in mounts()}
    ours = {source for source in sources if source.startswith(".")}
    assert [source for source in ours if not (COMPOSE / source).resolve().exists()] == []
    assert sources - ours == set(TREE["volumes"])
    assert len(ours) >= 6


def test_nothing_listens_beyond_the_laptop() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert len(ports) == 4
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_image_has_a_version() -> None:
    versions = {name: service["image"].rpartition(":")[2] for name, service in SERVICES.items()}
    assert [name for name, version in versions.items() if not re.search(r"\d", version)] == []


def test_grafana_finds_the_dashboards_where_they_are_mounted() -> None:
    provider = yaml.safe_load((COMPOSE / "grafana" / "dashboards.yaml").read_text(encoding="utf-8"))["providers"][0]
    assert ("../grafana", provider["options"]["path"]) in set(mounts())
    assert provider["allowUiUpdates"] is False
    assert provider["folderUid"] == "earshot"


def test_grafana_s_data_source_is_the_prometheus_that_scrapes_earshot() -> None:
    source = yaml.safe_load((COMPOSE / "grafana" / "datasource.yaml").read_text(encoding="utf-8"))["datasources"][0]
    assert (source["uid"], source["url"]) == ("prometheus", "http://prometheus:9090")
    scraped = yaml.safe_load((COMPOSE / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"][0]
    assert scraped["job_name"] == "earshot"
    host, port = scraped["static_configs"][0]["targets"][0].split(":")
    assert SERVICES["earshot"]["network_mode"] == f"service:{host}"
    assert f"127.0.0.1:{port}:{port}" in SERVICES[host]["ports"]


def test_promtool_accepts_prometheus_configuration(tmp_path: Any) -> None:
    text = (
        (COMPOSE / "prometheus.yml").read_text(encoding="utf-8").replace("/etc/prometheus/earshot", str(HERE / "rules"))
    )
    (tmp_path / "prometheus.yml").write_text(text, encoding="utf-8")
    command = [find_program("promtool"), "check", "config", str(tmp_path / "prometheus.yml")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_earshot_s_configuration_is_sound() -> None:
    loaded = load_checked(COMPOSE / "earshot.yaml")
    assert loaded.settings is not None, loaded.problems
    assert loaded.settings.page.host == "0.0.0.0"


@pytest.mark.parametrize("job", ["loads", "compose"])
def test_the_workflow_asks_what_is_listed_as_unproven(job: str) -> None:
    workflow = yaml.safe_load((HERE.parent / ".github" / "workflows" / "grafana.yaml").read_text(encoding="utf-8"))
    steps = " ".join(str(step.get("run", "")) for step in workflow["jobs"][job]["steps"])
    assert {"loads": "tests.dashboards.against_grafana", "compose": "compose.yaml"}[job] in steps


def test_what_the_workflow_asks_of_a_real_grafana_holds_for_the_stand_in(capsys: pytest.CaptureFixture[str]) -> None:
    grafana = Grafana()
    try:
        assert against_grafana.main(["--publish", grafana.url, "--token", EDITOR]) == 0
    finally:
        grafana.close()
    assert "all of it holds" in capsys.readouterr().out
