"""What Prometheus and Grafana are told: as the operator's own schemas have it, and the same files as the repository's, byte by byte."""

import json
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
import yaml

from dashboards.generate import files
from tests.helm.chart import CASES, CHART, Object, find, objects

KINDS = json.loads(Path(__file__).with_name("operator.schema.json").read_text(encoding="utf-8"))
MONITORED = CHART / "ci" / "monitoring-values.yaml"


def monitored() -> list[Object]:
    return objects(MONITORED.read_text(encoding="utf-8"))


def test_the_chart_s_copies_are_the_generated_files() -> None:
    copies = {
        path.relative_to(CHART / "files").as_posix(): path.read_bytes()
        for path in CHART.glob("files/*/*")
        if path.is_file()
    }
    assert copies == {path: text.encode() for path, text in files().items()}, "./earshot dashboards writes them"


@pytest.mark.parametrize("kind", ["ServiceMonitor", "PodMonitor", "PrometheusRule"])
def test_the_operator_takes_what_is_told(kind: str) -> None:
    told = [each for case in CASES for each in objects(case.read_text(encoding="utf-8")) if each["kind"] == kind]
    assert told
    for each in told:
        jsonschema.Draft7Validator(KINDS[kind]).validate(each)
        assert each["metadata"]["labels"]["release"] == "kube-prometheus-stack"


def test_a_misspelt_field_is_nothing_that_the_operator_takes() -> None:
    monitor = find(monitored(), "ServiceMonitor", "earshot")
    monitor["spec"]["endpoints"][0]["intervall"] = monitor["spec"]["endpoints"][0].pop("interval")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(KINDS["ServiceMonitor"]).validate(monitor)


def test_all_processes_are_one_job_that_only_instance_and_pod_tell_apart() -> None:
    found = monitored()
    [evaluator] = find(found, "ServiceMonitor", "earshot")["spec"]["endpoints"]
    [worker] = find(found, "PodMonitor", "earshot-collect")["spec"]["podMetricsEndpoints"]
    assert evaluator["relabelings"] == worker["relabelings"]
    job, dropped = evaluator["relabelings"]
    assert (job["targetLabel"], job["replacement"]) == ("job", "communication/earshot")
    # What the operator adds and is not the same for a Service's pods and for pods alone.
    assert set(dropped["regex"].split("|")) == {"service", "endpoint", "container"}


def test_monitors_find_their_pods_and_their_port() -> None:
    found = monitored()
    service = find(found, "Service", "earshot")
    monitor = find(found, "ServiceMonitor", "earshot")["spec"]
    assert monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert monitor["endpoints"][0]["port"] in [port["name"] for port in service["spec"]["ports"]]
    worker = find(found, "Deployment", "earshot-collect")["spec"]["template"]
    pods = find(found, "PodMonitor", "earshot-collect")["spec"]
    assert pods["selector"]["matchLabels"].items() <= worker["metadata"]["labels"].items()
    ports = [port["name"] for port in worker["spec"]["containers"][0]["ports"]]
    assert pods["podMetricsEndpoints"][0]["port"] in ports


def test_without_the_operator_pods_say_where_their_series_are() -> None:
    found = monitored()
    for name, port in (("earshot-evaluate", "8750"), ("earshot-collect", "8751")):
        said = find(found, "Deployment", name)["spec"]["template"]["metadata"]["annotations"]
        assert (said["prometheus.io/scrape"], said["prometheus.io/port"]) == ("true", port)


def rules(values: str) -> list[Object]:
    [told] = [each for each in objects(values) if each["kind"] == "PrometheusRule"]
    groups: list[Object] = told["spec"]["groups"]
    return groups


def test_the_rules_are_the_repository_s() -> None:
    generated = [yaml.safe_load(text) for path, text in sorted(files().items()) if path.startswith("rules/")]
    assert rules("monitoring: {rules: {enabled: true}}") == [group for file in generated for group in file["groups"]]


def test_an_alert_can_be_left_out_and_all_others_carry_the_labels_asked_for() -> None:
    generated = [yaml.safe_load(text) for path, text in files().items() if path.startswith("rules/")]
    expected = {
        rule["alert"] for file in generated for group in file["groups"] for rule in group["rules"] if "alert" in rule
    }
    told = [
        rule for group in rules(MONITORED.read_text(encoding="utf-8")) for rule in group["rules"] if "alert" in rule
    ]
    assert {rule["alert"] for rule in told} == expected - {"EarshotLagHigh"}
    assert all(rule["labels"]["team"] == "communication" and rule["labels"]["audience"] for rule in told)


def test_prometheus_takes_the_rules(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here (Debian's package prometheus)")
    (tmp_path / "rules.yaml").write_text(
        yaml.safe_dump({"groups": rules(MONITORED.read_text(encoding="utf-8"))}), encoding="utf-8"
    )
    done = subprocess.run(
        [promtool, "check", "rules", tmp_path / "rules.yaml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_each_dashboard_is_a_configmap_of_its_own_with_the_sidecar_s_label() -> None:
    found = [each for each in monitored() if "grafana_dashboard" in each["metadata"]["labels"]]
    texts = {f"grafana/{name}": text for each in found for name, text in each["data"].items()}
    assert texts == {path: text for path, text in files().items() if path.startswith("grafana/")}
    for each in found:
        assert each["metadata"]["labels"]["grafana_dashboard"] == "1"
        assert each["metadata"]["annotations"] == {"grafana_folder": "Earshot"}
        assert each["metadata"]["namespace"] == "monitoring"
        # What client-side apply can hold in an annotation.
        assert len(json.dumps(each)) < 262_144


def test_nothing_of_the_operator_s_is_told_unasked() -> None:
    assert not [each for each in objects("{}") if each["kind"] in KINDS]
