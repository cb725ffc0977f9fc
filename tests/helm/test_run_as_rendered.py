"""What the chart renders is run: its containers as processes on a real Kafka and a real PostgreSQL, and their probes are asked."""

import json
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.schema import Page
from config.schema import Worker as WorkerSettings
from tests.helm.chart import Object, find, objects
from tests.helm.pod import Pod, samples
from tests.real.topics import Topics
from tests.sandbox import give_away, needs_sandbox, run

PEOPLE = "address,department\n" + "".join(f"person{number}@example.org,Sales\n" for number in range(40))
TARGETS = [{"name": "reach", "indicator": "reach", "value": 0.7}]
KEYS = {"pseudonym.key": secrets.token_bytes(32), "erasure.key": secrets.token_bytes(32)}


@pytest.fixture
def volume() -> Iterator[Path]:
    needs_sandbox()
    folder = tempfile.TemporaryDirectory(prefix="earshot-volume-")
    path = Path(folder.name)
    path.chmod(0o755)
    yield path
    folder.cleanup()


def event(number: int) -> bytes:
    return json.dumps(
        {
            **{
                "specversion": "1.0",
                "id": f"e{number}",
                "source": "/mail",
                "type": "earshot.delivered",
                "subject": "m-1",
            },
            **{"time": "2026-11-02T09:00:00Z", "data": {"address": f"person{number % 40}@example.org"}},
        }
    ).encode()


def distributed(topics: Topics, topic: str, **config: Any) -> str:
    sources = [{"name": "mail", "decoder": "cloudevents", "channel": "email", "from": {"topics": [topic]}}]
    return yaml.safe_dump(
        {
            "mode": "distributed",
            "config": {
                "kafka": {"brokers": [topics.address], "security": "plaintext", "group": topic, "session": 8},
                "directory": {"files": ["/input/*.csv"]},
                "sources": sources,
                "targets": TARGETS,
                **config,
            },
            "keys": {"existingSecret": "earshot-keys"},
            "database": {"existingSecret": "earshot-database"},
            "input": {"volume": {"persistentVolumeClaim": {"claimName": "input"}}},
            "import": {"enabled": True},
        }
    )


def test_workers_evaluators_check_and_import_run_as_they_are_rendered(
    topics: Topics, own_postgresql_url: str, volume: Path
) -> None:
    topic = topics.create()
    found = objects(distributed(topics, topic))
    (volume / "people-2026-10-01.csv").write_text(PEOPLE, encoding="utf-8")
    claims, cluster = (
        {"input": volume},
        {"earshot-keys": KEYS, "earshot-database": {"url": own_postgresql_url.encode()}},
    )

    def pod(kind: str, name: str) -> Pod:
        return Pod(found, find(found, kind, name), cluster, claims)

    with pod("Job", "earshot-check") as check:
        done = check.run(check.spec["containers"][0])
        assert done.returncode == 0, done.stdout + done.stderr
    with pod("Deployment", "earshot-evaluate") as evaluate, pod("Deployment", "earshot-collect") as collect:
        evaluate.prepare()
        evaluate.start()
        collect.prepare()
        collect.start()
        topics.write(topic, map(event, range(100)))
        with pod("CronJob", "earshot-import") as importing:
            done = importing.run(importing.spec["containers"][0])
        assert "40 people" in done.stdout, done.stdout + done.stderr
        for each in (evaluate, collect):
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                each.wait_for(probe)
        recorded = 'earshot_events_total{outcome="recorded",source="mail"} 100.0'
        collect.until(lambda: recorded in str(collect.get("/metrics")), "what was written is not recorded")
        with pod("Pod", "earshot-test") as test:
            asked = answer_of(test, evaluate)
        assert asked.count("answers as it should") == 4
        take_up_a_changed_configuration(topics, topic, evaluate, collect)
        assert (evaluate.end(), collect.end()) == (0, 0)


def answer_of(test: Pod, server: Pod) -> str:
    """What `helm test` says, of the pod that stands behind the Service."""
    [container] = test.spec["containers"]
    assert container["args"][-1] == f"http://earshot.communication:{Page().port}"
    words = [*container["command"], *container["args"][:-1], server.address]
    done = run(words, [], {"PATH": "/usr/local/bin:/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    return done.stdout


def take_up_a_changed_configuration(topics: Topics, topic: str, *pods: Pod) -> None:
    """A ConfigMap that changes under the pods: a broken one is told and changes nothing, a sound one holds, and nobody begins anew."""
    for wanted, refused in (
        ([*TARGETS, {"name": "odd", "indicator": "raech"}], 1.0),
        (TARGETS * 2, 1.0),
        (TARGETS[:0], 0.0),
    ):
        data = find(objects(distributed(topics, topic, targets=wanted)), "ConfigMap", "earshot")["data"]
        for each in pods:
            each.mounted["config"].change(data)
            each.wait_for_sample("earshot_config_refused", refused)
            assert each.answers("readinessProbe")


def test_the_check_before_an_upgrade_fails_on_what_would_not_run(topics: Topics) -> None:
    needs_sandbox()
    found = objects(distributed(topics, "mail", targets=[{"name": "reach", "indicator": "raech"}]))
    with Pod(found, find(found, "Job", "earshot-check"), {}, {}) as check:
        done = check.run(check.spec["containers"][0])
    assert done.returncode == 1
    assert "Did you mean `reach`?" in done.stdout


def test_one_pod_with_files_runs_as_it_is_rendered(volume: Path) -> None:
    for name in ("data", "streams"):
        (volume / name).mkdir()
    give_away(volume / "data")
    (volume / "streams" / "mail.ndjson").write_bytes(b"\n".join(map(event, range(50))) + b"\n")
    source = {"name": "mail", "decoder": "cloudevents", "channel": "email", "from": {"files": "/input/streams"}}
    values = {
        "config": {"sources": [source], "targets": TARGETS},
        "input": {"volume": {"persistentVolumeClaim": {"claimName": "input"}}},
    }
    found = objects(yaml.safe_dump(values))
    claims = {"input": volume, "earshot-data": volume / "data"}
    with Pod(found, find(found, "Deployment", "earshot"), {}, claims) as pod:
        pod.prepare()
        pod.start()
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            pod.wait_for(probe)
        assert samples(str(pod.get("/metrics")), "earshot_events_total")['{outcome="recorded",source="mail"}'] == 50
        assert pod.end() == 0
    assert (volume / "data" / "earshot.db").exists()
    assert not (volume / "data" / "earshot.key").stat().st_mode & 0o077


@pytest.mark.parametrize(
    ("name", "port"), [("earshot-evaluate", Page().port), ("earshot-collect", WorkerSettings().port)]
)
def test_the_ports_of_the_chart_are_those_that_the_program_listens_on(name: str, port: int) -> None:
    values = {"mode": "distributed", "keys": {"existingSecret": "k"}, "database": {"existingSecret": "d"}}
    source = {"name": "mail", "decoder": "cloudevents", "channel": "email", "from": {"topics": ["mail"]}}
    found = objects(yaml.safe_dump({**values, "config": {"kafka": {"brokers": ["kafka:9093"]}, "sources": [source]}}))
    [container] = find(found, "Deployment", name)["spec"]["template"]["spec"]["containers"]
    assert container["ports"] == [{"name": "metrics", "containerPort": port}]
    service: Object = find(found, "Service", "earshot")
    assert [each["targetPort"] for each in service["spec"]["ports"]] == ["metrics"]
