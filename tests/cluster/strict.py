"""What the API server itself says of every object that the chart may render, and of some that are wrong; and the one pod of `embedded`.
Installing `distributed` is left to `scenario`."""

from collections.abc import Iterator
from contextlib import contextmanager

import yaml

from tests.cluster.control_plane import ControlPlane, Object
from tests.cluster.helm import Helm
from tests.cluster.scenario import CHART, NAMESPACE, PATIENCE, Scenario

MONITOR: Object = {
    "apiVersion": "monitoring.coreos.com/v1",
    "kind": "ServiceMonitor",
    "metadata": {"name": "odd", "namespace": NAMESPACE},
    "spec": {"selector": {}, "endpoints": [{"prot": "metrics"}]},
}
SCALED: Object = {
    "apiVersion": "keda.sh/v1alpha1",
    "kind": "ScaledObject",
    "metadata": {"name": "odd", "namespace": NAMESPACE},
    "spec": {"scaleTargetRef": {"name": "odd"}, "maxReplicas": 6, "triggers": [{"type": "kafka", "metadata": {}}]},
}
PRIVILEGED: Object = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "odd"},
    "spec": {"containers": [{"name": "odd", "image": "odd", "securityContext": {"privileged": True}}]},
}


def apply_dry(plane: ControlPlane, objects: list[Object], *, fails: bool = False) -> str:
    text = yaml.safe_dump_all(objects)
    words = ("apply", "--server-side", "--dry-run=server", "--validate=strict", "--warnings-as-errors", "-f", "-")
    return plane.kubectl("-n", NAMESPACE, *words, given=text, fails=fails)


def validate(scenario: Scenario, helm: Helm, server: str) -> None:
    """Every case of ci/, as the server takes it; and that it would not take everything."""
    plane, count = scenario.plane, 0
    cases = sorted(CHART.glob("ci/*-values.yaml"))
    for case in cases:
        rendered = [each for each in yaml.safe_load_all(helm.template(CHART, case, server)) if each]
        here = [each for each in rendered if each["metadata"].get("namespace", NAMESPACE) == NAMESPACE]
        with _accounts(plane, here):
            apply_dry(plane, here)
        count += len(here)
    scenario.seen.append(
        f"{count} objects of the {len(cases)} files in `ci/`: taken by the server, held strictly to its schemas, without a warning"
    )
    assert "prot: field not declared in schema" in apply_dry(plane, [MONITOR], fails=True)
    assert "maxReplicas: field not declared in schema" in apply_dry(plane, [SCALED], fails=True)
    scenario.seen.append(
        "A ServiceMonitor and a ScaledObject with a misspelt field are refused by their own definitions, so the line above says something"
    )
    status, why = plane.status_of("POST", f"/api/v1/namespaces/{NAMESPACE}/pods", PRIVILEGED)
    assert status == 403, (status, why)
    assert 'violates PodSecurity "restricted' in why, why
    scenario.seen.append("A privileged pod is refused in that namespace (403)")


@contextmanager
def _accounts(plane: ControlPlane, objects: list[Object]) -> Iterator[None]:
    """A pod that is no workload's is refused where its account is not there, and a dry run makes none."""
    path = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts"
    names = {each["spec"]["serviceAccountName"] for each in objects if each["kind"] == "Pod"} - {"default"}
    for name in names:
        plane.ask("POST", path, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}})
    yield
    for name in names:
        plane.ask("DELETE", f"{path}/{name}")


def install_embedded(scenario: Scenario, helm: Helm) -> None:
    """One pod on a volume: what is kept when it is uninstalled."""
    plane = scenario.plane
    volume: Object = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": f"volume-{helm.major}"},
        "spec": {"capacity": {"storage": "5Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/nowhere"}},
    }
    plane.ask("POST", "/api/v1/persistentvolumes", volume)
    values = str(CHART / "ci" / "embedded-values.yaml")
    for word in ("install", "upgrade"):
        helm.run(word, "earshot", str(CHART), "--values", values, "--wait", "--timeout", PATIENCE)
    assert len(scenario.pods("embedded")) == 1
    helm.run("uninstall", "earshot", "--wait", "--timeout", PATIENCE)
    claims = plane.list(f"/api/v1/namespaces/{NAMESPACE}/persistentvolumeclaims")
    assert [(claim["metadata"]["name"], claim["status"]["phase"]) for claim in claims] == [("earshot-data", "Bound")]
    plane.ask("DELETE", f"/api/v1/namespaces/{NAMESPACE}/persistentvolumeclaims/earshot-data")
    scenario.seen.append(
        f"`mode: embedded`: installed and upgraded on a volume; uninstalling keeps the claim ({helm.version})"
    )
