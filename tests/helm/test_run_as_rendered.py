"""What the chart renders is run: its containers as processes on a real Kafka and a real PostgreSQL; their probes are asked, and a real
Prometheus reads what the monitors choose. One pod alone is left to `test_run_alone`, two releases to `test_rotation`."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.schema import Page
from config.schema import Worker as WorkerSettings
from tests.dashboards.rules.promtool import find_program
from tests.helm.chart import Object, find, objects
from tests.helm.pod import Pod
from tests.helm.release import PEOPLE, TARGETS, Release, distributed, event, new_keys
from tests.helm.scraped import read_by_prometheus
from tests.real.topics import Topics
from tests.sandbox import run


@pytest.fixture
def cluster(topics: Topics, own_postgresql_url: str, volume: Path) -> "Cluster":
    find_program("prometheus")
    return Cluster(topics, own_postgresql_url, volume)


class Cluster:
    """What is around the release: a topic, a database, keys, and a volume with the list of people."""

    def __init__(self, topics: Topics, database: str, volume: Path) -> None:
        self.topics, self.topic = topics, topics.create()
        self._secrets = {"earshot-keys": new_keys(), "earshot-database": {"url": database.encode()}}
        (volume / "people-2026-10-01.csv").write_text(PEOPLE, encoding="utf-8")
        self._claims = {"input": volume}

    def release(self, **config: Any) -> Release:
        values = distributed(self.topics.address, self.topic, **config)
        return Release("earshot", values, self._secrets, self._claims)


def test_workers_evaluators_check_and_import_run_as_they_are_rendered(cluster: Cluster, tmp_path: Path) -> None:
    release = cluster.release()
    with release.pod("Deployment", "evaluate") as evaluate, release.pod("Deployment", "collect") as collect:
        with ThreadPoolExecutor() as at_once:
            # What waits for nobody, so that the test takes less time.
            done = [at_once.submit(pod.prepare) for pod in (evaluate, collect)]
            done += [at_once.submit(run_check, cluster.release(), 0, "no problems found")]
            done += [at_once.submit(run_check, cluster.release(targets=UNKNOWN), 1, "Did you mean `reach`?")]
        for each in done:
            each.result()
        for pod in (evaluate, collect):
            pod.start()
        cluster.topics.write(cluster.topic, map(event, range(100)))
        with release.pod("CronJob", "import") as importing:
            imported = importing.run(importing.spec["containers"][0])
        assert "60 people" in imported.stdout, imported.stdout + imported.stderr
        for pod in (evaluate, collect):
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                pod.wait_for(probe)
        recorded = 'earshot_events_total{outcome="recorded",source="mail"} 100.0'
        collect.until(lambda: recorded in str(collect.get("/metrics")), "what was written is not recorded")
        with release.pod("Pod", "test") as test:
            asked = answer_of(test, evaluate)
        assert asked.count("answers as it should") == 4
        read_by_prometheus(tmp_path, release, {"earshot-evaluate": evaluate, "earshot-collect": collect})
        take_up_a_changed_configuration(cluster, evaluate, collect)
        assert (evaluate.end(), collect.end()) == (0, 0)


UNKNOWN = [{"name": "reach", "indicator": "raech"}]


def run_check(release: Release, status: int, said: str) -> None:
    """The hook before an installation and an upgrade: content with what would run, and with nothing else."""
    with release.pod("Job", "check") as check:
        done = check.run(check.spec["containers"][0])
    assert done.returncode == status, done.stdout + done.stderr
    assert said in done.stdout


def answer_of(test: Pod, server: Pod) -> str:
    """What `helm test` says, of the pod that stands behind the Service."""
    [container] = test.spec["containers"]
    assert container["args"][-1] == f"http://earshot.communication:{Page().port}"
    words = [*container["command"], *container["args"][:-1], server.address]
    done = run(words, [], {"PATH": "/usr/local/bin:/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    return done.stdout


def take_up_a_changed_configuration(cluster: Cluster, *pods: Pod) -> None:
    """A ConfigMap that changes under the pods: a broken one is told and changes nothing, a sound one holds, and nobody begins anew."""
    for wanted, refused in (
        ([*TARGETS, *UNKNOWN], 1.0),
        (TARGETS * 2, 1.0),
        (TARGETS[:0], 0.0),
    ):
        data = find(cluster.release(targets=wanted).objects, "ConfigMap", "earshot")["data"]
        for each in pods:
            each.mounted["config"].change(data)
        for each in pods:
            each.wait_for_sample("earshot_config_refused", refused)
            # As often as a kubelet asks before it believes it.
            assert any(each.answers("readinessProbe") for _ in range(3))


@pytest.mark.parametrize(
    ("name", "port"), [("earshot-evaluate", Page().port), ("earshot-collect", WorkerSettings().port)]
)
def test_the_ports_of_the_chart_are_those_that_the_program_listens_on(name: str, port: int) -> None:
    found = objects(yaml.safe_dump(distributed("kafka:9093", "mail")))
    [container] = find(found, "Deployment", name)["spec"]["template"]["spec"]["containers"]
    assert container["ports"] == [{"name": "metrics", "containerPort": port}]
    service: Object = find(found, "Service", "earshot")
    assert [each["targetPort"] for each in service["spec"]["ports"]] == ["metrics"]
