"""What a Prometheus is told to read by the rendered monitors: what Kubernetes would tell it of Services and pods, and what the operator
makes of a monitor, rule by rule as version 0.85 does. Processes stand for pods; what is read of them is left to the tests."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.helm.chart import Object, pod_of

Tree = dict[str, Any]
_NOBODY = "127.0.0.1:1"
_META = "__meta_kubernetes_"
# How a rule of a monitor is called in Prometheus' own file.
_WORDS = {"targetLabel": "target_label", "sourceLabels": "source_labels"}


def scrape_configs(found: list[Object], addresses: Mapping[str, str]) -> list[Tree]:
    """Of every monitor. `addresses`: of the processes that stand for pods, by Deployment; of all others nobody answers."""
    told = [each for each in found if each["kind"] in ("ServiceMonitor", "PodMonitor")]
    return [_scrape_config(monitor, found, addresses) for monitor in told]


def _scrape_config(monitor: Object, found: list[Object], addresses: Mapping[str, str]) -> Tree:
    of_service = monitor["kind"] == "ServiceMonitor"
    spec, name = monitor["spec"], f"{monitor['metadata']['namespace']}/{monitor['metadata']['name']}"
    [endpoint] = spec["endpoints" if of_service else "podMetricsEndpoints"]
    discovered = list((_of_services if of_service else _of_pods)(found, addresses))
    there = [each for each in discovered if each[f"{_META}namespace"] in spec["namespaceSelector"]["matchNames"]]
    assert there
    return {
        "job_name": f"{monitor['kind']}/{name}",
        "honor_labels": endpoint["honorLabels"],
        # Sooner than it would be: the test waits.
        "scrape_interval": "3s",
        "metrics_path": endpoint["path"],
        "static_configs": [
            {
                "targets": [each["__address__"]],
                "labels": {key: text for key, text in each.items() if key != "__address__"},
            }
            for each in there
        ],
        "relabel_configs": [
            *_chosen("service" if of_service else "pod", spec["selector"]["matchLabels"]),
            *(_labels_of_a_service if of_service else _labels_of_a_pod)(endpoint["port"], name),
            *({_WORDS.get(key, key): value for key, value in rule.items()} for rule in endpoint["relabelings"]),
        ],
    }


def _chosen(what: str, labels: Mapping[str, str]) -> Iterator[Tree]:
    for key, value in labels.items():
        source = [f"{_META}{what}_label_{_plain(key)}", f"{_META}{what}_labelpresent_{_plain(key)}"]
        yield {"action": "keep", "source_labels": source, "regex": f"({value});true"}


def _labels_of_a_service(port: str, _: str) -> list[Tree]:
    target = [f"{_META}endpoint_address_target_kind", f"{_META}endpoint_address_target_name"]
    return [
        {"action": "keep", "source_labels": [f"{_META}endpoint_port_name"], "regex": port},
        {"source_labels": target, "regex": "Pod;(.*)", "target_label": "pod"},
        _taken("namespace", "namespace"),
        _taken("service_name", "service"),
        _taken("pod_container_name", "container"),
        _taken("service_name", "job"),
        {"target_label": "endpoint", "replacement": port},
    ]


def _labels_of_a_pod(port: str, name: str) -> list[Tree]:
    return [
        {"action": "keep", "source_labels": [f"{_META}pod_container_port_name"], "regex": port},
        _taken("namespace", "namespace"),
        _taken("pod_container_name", "container"),
        _taken("pod_name", "pod"),
        {"target_label": "job", "replacement": name},
        {"target_label": "endpoint", "replacement": port},
    ]


def _taken(meta: str, label: str) -> Tree:
    return {"source_labels": [f"{_META}{meta}"], "target_label": label}


def _of_services(found: list[Object], addresses: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A target for each port of a Service and each pod behind it."""
    for service in [each for each in found if each["kind"] == "Service"]:
        chosen = service["spec"]["selector"]
        for pod in _pods(found, addresses):
            if chosen.items() <= pod.labels.items():
                for port in service["spec"]["ports"]:
                    assert port["targetPort"] in pod.ports
                    yield {
                        **pod.meta(port["targetPort"]),
                        **_described("service", service["metadata"]["name"], service["metadata"]["labels"]),
                        f"{_META}endpoint_port_name": port["name"],
                        f"{_META}endpoint_address_target_kind": "Pod",
                        f"{_META}endpoint_address_target_name": pod.name,
                    }


def _of_pods(found: list[Object], addresses: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A target for each port of each pod."""
    for pod in _pods(found, addresses):
        for port in pod.ports:
            yield pod.meta(port)


class _Pod:
    """One of a Deployment, as Kubernetes tells of it."""

    def __init__(self, deployment: Object, address: str) -> None:
        pod = pod_of(deployment)
        self.name = f"{deployment['metadata']['name']}-5d9c7-x2x4z"
        self.labels: dict[str, str] = pod["metadata"]["labels"]
        [container] = pod["spec"]["containers"]
        self.ports = [each["name"] for each in container["ports"]]
        self._of_it = {
            "__address__": address,
            f"{_META}namespace": deployment["metadata"]["namespace"],
            f"{_META}pod_container_name": container["name"],
            **_described("pod", self.name, self.labels),
        }

    def meta(self, port: str) -> dict[str, str]:
        return {**self._of_it, f"{_META}pod_container_port_name": port}


def _pods(found: list[Object], addresses: Mapping[str, str]) -> Iterator[_Pod]:
    for deployment in [each for each in found if each["kind"] == "Deployment"]:
        yield _Pod(deployment, addresses.get(deployment["metadata"]["name"], _NOBODY))


def _described(what: str, name: str, labels: Mapping[str, str]) -> dict[str, str]:
    told = {f"{_META}{what}_label_{_plain(key)}": value for key, value in labels.items()}
    there = {f"{_META}{what}_labelpresent_{_plain(key)}": "true" for key in labels}
    return {f"{_META}{what}_name": name, **told, **there}


def _plain(key: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_]", "_", key)
