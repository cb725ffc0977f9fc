"""The configuration that pods read: what the user wrote and what the chart knows. `earshot check` takes it, in the hook and in pods."""

from pathlib import Path

import pytest
import yaml

import service
from config.commands import REFUSED, WELL
from config.load import load
from config.schema import Settings
from on_disk import NEED_A_RESTART
from tests.helm.chart import CASES, EXAMPLES, Object, containers, find, objects, pod_of

SECRETS = "/run/secrets/earshot"


def values_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def configuration(found: list[Object], name: str = "earshot") -> str:
    text: str = find(found, "ConfigMap", name)["data"]["earshot.yaml"]
    return text


@pytest.mark.parametrize("path", [*CASES, *EXAMPLES], ids=lambda path: path.stem)
def test_earshot_takes_what_it_is_given_with_nothing_of_what_it_points_to_at_hand(path: Path, tmp_path: Path) -> None:
    values = yaml.safe_load(values_of(path))
    file = tmp_path / "earshot.yaml"
    file.write_text(
        configuration(objects(values_of(path)), values.get("fullnameOverride", "earshot")), encoding="utf-8"
    )
    check, *_ = _containers(values_of(path), "Deployment", "check")
    assert service.main(["--config", str(file), *check["args"]]) == WELL


def test_the_hook_asks_the_same_of_the_same_file() -> None:
    for path in CASES:
        found = objects(values_of(path))
        for job in [each for each in found if each["kind"] == "Job"]:
            assert configuration(found, "earshot-check") == configuration(found)
            [hook], [check, *_] = pod_of(job)["spec"]["containers"], _containers(values_of(path), "Deployment", "check")
            assert hook["args"] == check["args"]


def _containers(values: str, kind: str, name: str) -> list[Object]:
    pods = [pod_of(each) for each in objects(values) if each["kind"] == kind]
    return [each for pod in pods for each in containers(pod) if each["name"] == name]


def test_the_hook_s_check_refuses_what_the_pods_would(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "earshot.yaml"
    broken = "config: {targets: [{name: reach, indicator: reach, value: 70}]}"
    file.write_text(configuration(objects(broken), "earshot-check"), encoding="utf-8")
    assert service.main(["--config", str(file), "check", "--without-files"]) == REFUSED
    assert "Ratios are written from 0 to 1: 0.70." in capsys.readouterr().out


def understood(text: str, folder: Path) -> Settings:
    (folder / "earshot.yaml").write_text(text, encoding="utf-8")
    settings = load(folder / "earshot.yaml", {}).settings
    assert settings is not None
    return settings


def test_what_the_user_wrote_is_what_earshot_reads(tmp_path: Path) -> None:
    wrote = yaml.safe_dump(
        {
            "organisation": {"working_hours": {"start": "09:30", "end": "17:00"}, "holidays": ["2026-12-25"]},
            "page": {"series_limit": 1_000_000},
            "directory": {"largest_loss": 0.05},
            "indicators": {"topics": ["no", "1984", "goals"]},
            "retention": {"sets": "106 days"},
            "targets": [{"name": "reach", "indicator": "reach", "value": 0.7}],
        }
    )
    as_written = understood(wrote, tmp_path)
    read = understood(configuration(objects(yaml.safe_dump({"config": yaml.safe_load(wrote)}))), tmp_path)
    assert (
        read.model_copy(update={"data": as_written.data, "page": as_written.page, "worker": as_written.worker})
        == as_written
    )
    assert (read.page.series_limit, str(read.data)) == (1_000_000, "/var/lib/earshot")
    assert (read.page.host, read.worker.host) == ("0.0.0.0", "0.0.0.0")


CHANGES: dict[str, object] = {
    "page": {"host": "::"},
    "worker": {"host": "::"},
    "mode": "counts",
    "sample": {"directory": "/var/lib/earshot/sample"},
    "grafana": {"url": "https://grafana.example.org"},
}


def restart(values: dict[str, object]) -> object:
    pod = pod_of(find(objects(yaml.safe_dump(values)), "Deployment", "earshot"))
    return pod["metadata"]["annotations"]["checksum/restart"]


@pytest.mark.parametrize("key", CHANGES)
def test_pods_are_replaced_for_a_key_that_takes_a_restart(key: str) -> None:
    assert key in {name.partition(".")[0] for name in NEED_A_RESTART}
    assert restart({"config": {key: CHANGES[key]}}) != restart({})


def test_the_chart_knows_every_key_that_takes_a_restart() -> None:
    # The chart sets the others itself, and refuses them from users.
    own = {"data", "key_file", "erasure_key_file", "store", "store_file", "page.port", "worker.port"}
    assert {name.partition(".")[0] for name in set(NEED_A_RESTART) - own} == set(CHANGES)
    assert restart({"keys": {"existingSecret": "keys"}}) != restart({})


def test_pods_take_up_everything_else_while_they_run() -> None:
    target = {"name": "reach", "indicator": "reach", "value": 0.7}
    source = {"name": "mail", "decoder": "cloudevents", "from": {"topics": ["mail"]}, "channel": "email"}
    changed = {
        "targets": [target],
        "sources": [source],
        "kafka": {"brokers": ["kafka:9093"]},
        "page": {"titles": False},
    }
    assert restart({"config": changed}) == restart({})
    assert configuration(objects(yaml.safe_dump({"config": changed}))) != configuration(objects("{}"))


def test_the_configuration_is_mounted_as_a_folder_so_that_a_change_reaches_the_process() -> None:
    for path in CASES:
        for each in objects(values_of(path)):
            if each["kind"] == "Deployment":
                mounts = pod_of(each)["spec"]["containers"][0]["volumeMounts"]
                assert not any("subPath" in mount for mount in mounts)


def test_every_file_that_the_configuration_names_is_mounted_where_it_says() -> None:
    for path in CASES:
        found = objects(values_of(path))
        for each in found:
            if each["kind"] == "Deployment":
                named = set(_secret_files(yaml.safe_load(configuration(found, _config_map(each)))))
                mounted = set(_mounted_files(pod_of(each)))
                assert mounted - named <= {f"{SECRETS}/database/ca.crt"}
                component = each["metadata"]["labels"]["app.kubernetes.io/component"]
                elsewhere = {"evaluate": "kafka", "collect": "grafana"}.get(component, "-")
                assert {file for file in named if f"/{elsewhere}/" not in file} <= mounted


def _config_map(workload: Object) -> str:
    [name] = [
        volume["configMap"]["name"] for volume in pod_of(workload)["spec"]["volumes"] if volume["name"] == "config"
    ]
    return str(name)


def _secret_files(tree: Object) -> list[str]:
    inner = [file for value in tree.values() if isinstance(value, dict) for file in _secret_files(value)]
    return inner + [value for value in tree.values() if isinstance(value, str) and value.startswith(SECRETS)]


def _mounted_files(pod: Object) -> list[str]:
    paths = {mount["name"]: mount["mountPath"] for mount in pod["spec"]["containers"][0]["volumeMounts"]}
    secrets = [volume for volume in pod["spec"]["volumes"] if "secret" in volume]
    return [f"{paths[volume['name']]}/{item['path']}" for volume in secrets for item in volume["secret"]["items"]]
