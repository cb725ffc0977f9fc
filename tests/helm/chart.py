"""The chart as Helm's own SDK renders it. What is asserted of it is left to the tests."""

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import helm_python
import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "helm" / "earshot"
CASES = sorted(CHART.glob("ci/*-values.yaml"))
# Values that people begin with. (Argo CD's is no file of values but has some in it.)
EXAMPLES = [path for path in sorted(CHART.glob("examples/*.yaml")) if path.stem != "argo-cd"]
NAMESPACE = "communication"
WORKLOADS = ("Deployment", "StatefulSet", "Job", "CronJob", "Pod")

Object = dict[str, Any]


@cache
def render(values: str, *, name: str = "earshot") -> Mapping[str, str]:
    """Texts by template, hooks and NOTES.txt among them. `values`: as a user's file has them. HelmError where they are refused."""
    return MappingProxyType(_chart().render(helm_python.values_from_yaml(values), name=name, namespace=NAMESPACE))


@cache
def _chart() -> helm_python.Chart:
    return helm_python.Chart.load(str(CHART))


def objects(values: str, *, name: str = "earshot") -> list[Object]:
    """Every object that would be installed, hooks too. The caller's own, to be changed at will."""
    return deepcopy(_objects(values, name))


@cache
def _objects(values: str, name: str) -> list[Object]:
    texts = [text for file, text in sorted(render(values, name=name).items()) if not file.endswith(".txt")]
    # The C loader: dashboards are long.
    return [each for text in texts for each in yaml.load_all(text, yaml.CSafeLoader) if each]


def find(found: list[Object], kind: str, name: str) -> Object:
    """The one object of a kind and a name."""
    [one] = [each for each in found if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return one


def pod_of(workload: Object) -> Object:
    """The pod that a workload makes: metadata and spec."""
    if workload["kind"] == "Pod":
        return workload
    spec = workload["spec"]
    pod: Object = (spec["jobTemplate"]["spec"] if workload["kind"] == "CronJob" else spec)["template"]
    return pod


def workloads(found: list[Object]) -> list[Object]:
    return [each for each in found if each["kind"] in WORKLOADS]


def containers(pod: Object) -> list[Object]:
    """Those that prepare a pod first, then those that run."""
    return [*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]]
