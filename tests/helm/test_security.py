"""Pod Security *restricted*, and more than it asks, in every pod of every case; each pod has the secrets that it needs and no other."""

from pathlib import Path

import pytest

from tests.helm.chart import CASES, Object, containers, find, objects, pod_of, workloads

PODS = [
    pytest.param(workload, id=f"{case.stem.removesuffix('-values')} {workload['kind']} {workload['metadata']['name']}")
    for case in CASES
    for workload in workloads(objects(case.read_text(encoding="utf-8")))
]
# Volumes that *restricted* allows; hostPath is not among them.
VOLUMES = {"configMap", "emptyDir", "persistentVolumeClaim", "secret"}
WRITABLE = {"/tmp", "/var/lib/earshot", "/fetched"}


def case(name: str) -> list[Object]:
    [file] = [each for each in CASES if each.stem == f"{name}-values"]
    return objects(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("workload", PODS)
def test_a_pod_runs_as_nobody_and_may_do_nothing(workload: Object) -> None:
    spec = pod_of(workload)["spec"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"].get("runAsUser", 1) > 0
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not any(spec.get(shared) for shared in ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"))
    for container in containers(pod_of(workload)):
        allowed = container["securityContext"]
        assert allowed["allowPrivilegeEscalation"] is False
        assert allowed["readOnlyRootFilesystem"] is True
        assert allowed["capabilities"] == {"drop": ["ALL"]}
        assert not any("hostPort" in port for port in container.get("ports", ()))


@pytest.mark.parametrize("workload", PODS)
def test_a_pod_speaks_to_no_api_of_kubernetes(workload: Object) -> None:
    spec = pod_of(workload)["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False


@pytest.mark.parametrize("workload", PODS)
def test_a_pod_writes_nowhere_but_into_its_data_and_its_tmp(workload: Object) -> None:
    for container in containers(pod_of(workload)):
        writable = {mount["mountPath"] for mount in container.get("volumeMounts", ()) if not mount.get("readOnly")}
        assert writable <= WRITABLE
    for volume in pod_of(workload)["spec"].get("volumes", ()):
        assert set(volume) - {"name"} <= VOLUMES


@pytest.mark.parametrize("workload", PODS)
def test_a_pod_has_the_memory_that_it_asks_for_and_no_more(workload: Object) -> None:
    for container in containers(pod_of(workload)):
        assert container["resources"]["requests"]["memory"] == container["resources"]["limits"]["memory"]
        assert container["resources"]["requests"]["cpu"]


@pytest.mark.parametrize("workload", PODS)
def test_no_secret_stands_in_a_variable(workload: Object) -> None:
    for container in containers(pod_of(workload)):
        assert not any("secretKeyRef" in variable.get("valueFrom", {}) for variable in container.get("env", ()))
        assert not any("secretRef" in source for source in container.get("envFrom", ()))


def secrets_of(pod: Object) -> set[tuple[str, str]]:
    """Secret and key of what is mounted."""
    volumes = [volume["secret"] for volume in pod["spec"]["volumes"] if "secret" in volume]
    assert all(volume["defaultMode"] == 0o400 for volume in volumes)
    return {(volume["secretName"], item["key"]) for volume in volumes for item in volume["items"]}


def test_the_lists_of_people_are_mounted_where_they_are_read_and_nowhere_else() -> None:
    """A volume that one machine alone may have would keep all other pods waiting, too."""
    mounted = {
        workload["metadata"]["name"]
        for workload in workloads(case("scaling"))
        for volume in pod_of(workload)["spec"].get("volumes", ())
        if volume["name"] == "input"
    }
    assert mounted == {"earshot-import"}


KEYS = {("earshot-keys", "pseudonym.key"), ("earshot-keys", "erasure.key")}


def test_a_worker_never_sees_what_the_evaluator_connects_by_nor_the_evaluator_the_password_of_kafka() -> None:
    found = case("distributed")
    assert secrets_of(pod_of(find(found, "Deployment", "earshot-collect"))) == {
        *KEYS,
        *(("earshot-database", "collect"), ("earshot-database", "ca.crt")),
        *(("earshot-kafka", "password"), ("earshot-kafka", "ca.crt")),
    }
    assert secrets_of(pod_of(find(found, "Deployment", "earshot-evaluate"))) == {
        *KEYS,
        *(("earshot-database", "evaluate"), ("earshot-database", "ca.crt")),
    }


def test_what_runs_before_an_installation_needs_nothing_of_the_release() -> None:
    found = case("distributed")
    job = find(found, "Job", "earshot-check")
    spec = pod_of(job)["spec"]
    assert spec["serviceAccountName"] == "default"
    assert {name for volume in spec["volumes"] for name in volume} == {"name", "configMap", "emptyDir"}
    [config] = [volume["configMap"]["name"] for volume in spec["volumes"] if "configMap" in volume]
    hook = find(found, "ConfigMap", config)
    assert hook["metadata"]["annotations"]["helm.sh/hook"] == job["metadata"]["annotations"]["helm.sh/hook"]
    assert int(hook["metadata"]["annotations"]["helm.sh/hook-weight"]) < 0


def test_the_only_hooks_are_those_before_and_the_test() -> None:
    for path in CASES:
        for each in objects(path.read_text(encoding="utf-8")):
            hook = each["metadata"].get("annotations", {}).get("helm.sh/hook")
            assert hook in (None, "pre-install,pre-upgrade", "test"), each["metadata"]["name"]


def test_every_object_carries_the_recommended_labels() -> None:
    for path in CASES:
        for each in objects(_without_extra(path)):
            labels = each["metadata"]["labels"]
            recommended = ("name", "instance", "component", "version", "part-of", "managed-by")
            assert all(labels[f"app.kubernetes.io/{name}"] for name in recommended)
            assert labels["helm.sh/chart"].startswith("earshot-")


def _without_extra(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("extraObjects:")[0]


def test_selectors_hold_nothing_that_may_change() -> None:
    lasting = {f"app.kubernetes.io/{name}" for name in ("name", "instance", "component")}
    for path in CASES:
        for each in objects(path.read_text(encoding="utf-8")):
            if each["kind"] == "Deployment":
                assert set(each["spec"]["selector"]["matchLabels"]) == lasting
                assert each["spec"]["selector"]["matchLabels"].items() <= pod_of(each)["metadata"]["labels"].items()


def test_names_are_such_as_kubernetes_takes_however_long_the_release_s_is() -> None:
    longest = {"CronJob": 52, "ConfigMap": 253}
    for path in CASES:
        named = objects(_without_extra(path), name="release-" * 6 + "seven")
        assert [each["kind"] for each in named if len(each["metadata"]["name"]) > longest.get(each["kind"], 63)] == []
        assert len({(each["kind"], each["metadata"]["name"]) for each in named}) == len(named)
