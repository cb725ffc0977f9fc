"""Kubernetes takes every case of `ci/`: strictly, in the oldest and the newest version that the chart is for, and one between."""

from pathlib import Path

import helm_python
import kubernetes_validate
import pytest
import yaml

from tests.helm.chart import CASES, CHART, EXAMPLES, objects, render

VERSIONS = ("1.25", "1.31", "1.37")
# Kinds that others than Kubernetes define.
FOREIGN = ("ServiceMonitor", "PodMonitor", "PrometheusRule", "ScaledObject", "TriggerAuthentication")


@pytest.mark.parametrize("case", [*CASES, *EXAMPLES], ids=lambda case: case.stem)
@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_every_object_of_every_case(case: Path, version: str) -> None:
    found = [each for each in objects(case.read_text(encoding="utf-8")) if each["kind"] not in FOREIGN]
    assert found
    for each in found:
        kubernetes_validate.validate(each, version, strict=True)


def test_the_values_in_an_application_of_argo_cd_are_such_as_the_chart_takes() -> None:
    application = yaml.safe_load((CHART / "examples" / "argo-cd.yaml").read_text(encoding="utf-8"))
    source = application["spec"]["source"]
    assert (CHART.parents[1] / source["path"]) == CHART
    values = yaml.safe_dump(source["helm"]["valuesObject"])
    assert render(values, name=source["helm"]["releaseName"])


def test_a_misspelt_field_is_no_object_of_kubernetes() -> None:
    [service] = [each for each in objects(CASES[0].read_text(encoding="utf-8")) if each["kind"] == "Service"]
    service["spec"]["selectr"] = service["spec"].pop("selector")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(service, VERSIONS[0], strict=True)


def test_helm_s_linter_has_nothing_to_say() -> None:
    said = helm_python.lint(str(CHART))
    assert said["errors"] == []
    assert [each["error"] for each in said["messages"] if each["error"] != "icon is recommended"] == []
