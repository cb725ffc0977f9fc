"""What the pods are started as, how many there are, how they end, and who may reach them."""

from typing import Any

import pytest
import yaml

from config.commands import make_parser
from tests.helm.chart import CASES, CHART, Object, containers, find, objects, pod_of, render, workloads
from tests.helm.test_values import SOUND, over

DISTRIBUTED = (CHART / "ci" / "distributed-values.yaml").read_text(encoding="utf-8")


def case(name: str) -> list[Object]:
    return objects((CHART / "ci" / f"{name}-values.yaml").read_text(encoding="utf-8"))


def sound(**more: Any) -> list[Object]:
    """A distributed release with values laid over."""
    return objects(yaml.safe_dump(over(SOUND, more)))


def kinds(found: list[Object], kind: str) -> dict[str, Object]:
    return {each["metadata"]["name"]: each["spec"] for each in found if each["kind"] == kind}


def test_every_container_of_ours_is_a_command_that_there_is() -> None:
    for path in CASES:
        for workload in workloads(objects(path.read_text(encoding="utf-8"))):
            for container in containers(pod_of(workload)):
                if "command" not in container:
                    assert make_parser().parse_args(container["args"]).command in container["args"]


def test_probes_ask_what_the_service_promises_and_give_long_migrations_time() -> None:
    for workload in workloads(case("distributed")) + workloads(case("embedded")):
        for container in pod_of(workload)["spec"]["containers"]:
            if workload["kind"] == "Deployment":
                paths = {
                    name: container[name]["httpGet"]["path"]
                    for name in ("startupProbe", "livenessProbe", "readinessProbe")
                }
                assert paths == {
                    "startupProbe": "/-/healthy",
                    "livenessProbe": "/-/healthy",
                    "readinessProbe": "/-/ready",
                }
                startup = container["startupProbe"]
                assert startup["periodSeconds"] * startup["failureThreshold"] >= 600
                assert {each["httpGet"]["port"] for each in (startup, container["livenessProbe"])} == {"metrics"}


def test_the_tables_are_brought_up_to_date_before_an_evaluator_begins_and_no_probe_ends_that() -> None:
    check, migrate = pod_of(find(case("distributed"), "Deployment", "earshot-evaluate"))["spec"]["initContainers"]
    assert check["args"][0] == "check"
    assert migrate["args"] == ["migrate", "--worker=earshot_worker", "--reader=earshot_reader"]
    assert "livenessProbe" not in migrate


def test_a_pod_has_longer_to_end_than_the_work_in_hand_takes() -> None:
    for path in CASES:
        for each in objects(path.read_text(encoding="utf-8")):
            if each["kind"] == "Deployment":
                assert pod_of(each)["spec"]["terminationGracePeriodSeconds"] > 20


def test_the_one_pod_of_sqlite_ends_before_the_next_begins_and_its_volume_stays() -> None:
    found = case("embedded")
    assert find(found, "Deployment", "earshot")["spec"]["strategy"] == {"type": "Recreate"}
    assert find(found, "Deployment", "earshot")["spec"]["replicas"] == 1
    claim = find(found, "PersistentVolumeClaim", "earshot-data")
    assert claim["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"
    assert kinds(found, "PodDisruptionBudget") == {}


def test_a_budget_is_only_for_more_than_one_pod() -> None:
    assert set(kinds(case("distributed"), "PodDisruptionBudget")) == {"earshot-collect", "earshot-evaluate"}
    assert set(kinds(case("scaling"), "PodDisruptionBudget")) == {"earshot-collect"}
    assert kinds(sound(collect={"replicas": 1}, evaluate={"replicas": 1}), "PodDisruptionBudget") == {}


@pytest.mark.parametrize(("name", "kind"), [("autoscaling", "HorizontalPodAutoscaler"), ("scaling", "ScaledObject")])
def test_who_scales_workers_sets_their_number_alone(name: str, kind: str) -> None:
    found = case(name)
    assert kinds(found, kind)["earshot-collect"]["scaleTargetRef"]["name"] == "earshot-collect"
    assert "replicas" not in kinds(found, "Deployment")["earshot-collect"]
    assert kinds(found, "Deployment")["earshot-evaluate"]["replicas"] >= 1


def test_keda_watches_every_topic_of_every_source_by_its_group_as_earshot_logs_in() -> None:
    triggers = kinds(case("scaling"), "ScaledObject")["earshot-collect"]["triggers"]
    assert [(each["metadata"]["topic"], each["metadata"]["consumerGroup"]) for each in triggers] == [
        ("mail.events", "earshot-mail"),
        ("mail.replies", "earshot-mail"),
    ]
    for each in triggers:
        # KEDA reads texts alone.
        assert all(isinstance(value, str) for value in each["metadata"].values())
        assert (each["metadata"]["tls"], each["metadata"]["sasl"]) == ("enable", "plaintext")
        assert each["authenticationRef"] == {"name": "earshot-kafka"}


def test_people_and_messages_are_imported_by_the_role_that_owns_the_tables_one_run_at_a_time() -> None:
    spec = kinds(case("scaling"), "CronJob")["earshot-import"]
    assert (spec["concurrencyPolicy"], spec["timeZone"]) == ("Forbid", "Europe/Paris")
    pod = spec["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["containers"][0]["args"] == ["import"]
    [database] = [volume["secret"] for volume in pod["volumes"] if volume["name"] == "database"]
    assert database["items"] == [{"key": "url", "path": "url"}]
    assert any(volume["name"] == "input" for volume in pod["volumes"])
    assert kinds(case("distributed"), "CronJob") == {}


def test_nobody_reaches_a_pod_and_it_reaches_nobody_but_who_is_needed() -> None:
    policies = kinds(case("monitoring"), "NetworkPolicy")
    everything = policies.pop("earshot")
    assert everything["policyTypes"] == ["Ingress", "Egress"]
    assert not {"ingress", "egress"} & set(everything)
    ports = {
        name: {port["port"] for rule in policy["egress"] for port in rule["ports"]} for name, policy in policies.items()
    }
    assert ports == {
        "earshot-evaluate": {53, 5432, 443, 3128},
        "earshot-collect": {53, 9093, 5432, 3128},
        "earshot-import": {53, 5432, 9093, 3128},
        "earshot-test": {53, "metrics", 3128},
    }
    readers = {
        name: [peer for rule in policy.get("ingress", ()) for peer in rule["from"] if "namespaceSelector" in peer]
        for name, policy in policies.items()
    }
    assert {name: len(peers) for name, peers in readers.items()} == {
        "earshot-evaluate": 2,
        "earshot-collect": 1,
        "earshot-import": 0,
        "earshot-test": 0,
    }


def test_every_pod_of_a_release_is_under_the_policy_that_denies() -> None:
    found = case("monitoring")
    chosen = kinds(found, "NetworkPolicy")["earshot"]["podSelector"]["matchLabels"]
    for workload in workloads(found):
        assert chosen.items() <= pod_of(workload)["metadata"]["labels"].items()


def test_the_ingress_lets_out_the_page_and_neither_series_nor_probes() -> None:
    [rule] = kinds(case("monitoring"), "Ingress")["earshot"]["rules"]
    assert [(path["path"], path["pathType"]) for path in rule["http"]["paths"]] == [("/", "Exact")]


def test_the_notes_tell_of_brokers_that_the_policy_does_not_let_out_to() -> None:
    brokers = {"brokers": ["kafka-1:9092", "kafka-2:9093"]}
    values = over(SOUND, {"config": {"kafka": brokers}, "networkPolicy": {"enabled": True}})
    said = render(yaml.safe_dump(values))["earshot/templates/NOTES.txt"]
    assert "kafka-1:9092 is not at a port that the network policy lets out to (9093)" in said
    assert "kafka-2:9093 is not" not in said
