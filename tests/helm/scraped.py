"""A real Prometheus beside the processes of a release, told by its monitors and rules what to read and what to reckon. What the monitors
come to is left to `scraping`."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from tests.dashboards.live.stack import Prometheus, wait_for
from tests.helm.chart import find
from tests.helm.pod import Pod
from tests.helm.release import Release, distributed
from tests.helm.scraping import scrape_configs


def read_by_prometheus(folder: Path, release: Release, pods: Mapping[str, Pod]) -> None:
    """Each pod is read once, under the release's job; its series carry nothing of the operator's that would tell workers from evaluators;
    nothing of another release is read; no rule fails over it. `pods`: by their Deployments."""
    addresses = {name: pod.address.removeprefix("http://") for name, pod in pods.items()}
    beside = Release("other", distributed("kafka:9093", "mail"), {}, {}).objects
    neighbours = [each for each in beside if each["kind"] not in ("ServiceMonitor", "PodMonitor")]
    rules = folder / "rules.yaml"
    rules.write_text(yaml.safe_dump(find(release.objects, "PrometheusRule", release.name)["spec"]), encoding="utf-8")
    with Prometheus(folder / "prometheus", scrape_configs([*release.objects, *neighbours], addresses), [rules]) as it:
        expected = dict.fromkeys(addresses.values(), "up")
        wait_for("every pod is read", lambda: _health(it) == expected)
        for each in it.targets():
            assert set(each["labels"]) == {"job", "instance", "namespace", "pod"}
            assert each["labels"]["job"] == f"communication/{release.name}"
        wait_for("all are told of", lambda: len(it.query("earshot_build_info")) == len(pods))
        told = it.query('{__name__=~"earshot_.+"}')
        assert not [one for one in told if any(label.startswith("exported_") for label in one["metric"])]
        wait_for("rules are reckoned", lambda: all(rule["health"] != "unknown" for rule in it.rules()))
        assert [rule["name"] for rule in it.rules() if rule["health"] != "ok"] == []


def _health(prometheus: Prometheus) -> dict[str, str]:
    return {each["labels"]["instance"]: each["health"] for each in prometheus.targets()}
