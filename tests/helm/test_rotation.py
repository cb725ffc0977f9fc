"""The keys are rotated as the chart's README tells it: a second release beside the first, with keys and a database of its own, on the same
topic; then the first goes. What is rendered is run."""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.helm.chart import CHART
from tests.helm.pod import Pod, samples
from tests.helm.release import PEOPLE, Release, distributed, event, new_keys
from tests.helm.test_values import over
from tests.real.postgresql import Server
from tests.real.topics import Topics

# Long enough ago that its window has closed, and not so long that it is forgotten.
SENT = datetime.now(UTC) - timedelta(days=5)
ENTRY = {"id": "m-1", "channel": "email", "audience": "all", "sent_at": SENT.isoformat()}
TARGET = {"name": "reach", "indicator": "reach", "value": 0.7, "window": "1 day", "period": "rolling 10 days"}
REACHED = '{channel="all",indicator="reach",segment="all",target="reach"}'


def second_release() -> dict[str, Any]:
    """The values that the README lays over those of the first."""
    [snippet] = re.findall(
        r"```yaml\n( *# rotation.yaml\n.*?)```", (CHART / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    values: dict[str, Any] = yaml.safe_load(snippet)
    return values


class Rotation:
    """Two releases on one cluster. `databases`: of the first and of the second."""

    def __init__(self, topics: Topics, topic: str, databases: Mapping[str, str], claims: Mapping[str, Path]) -> None:
        self._topics, self._topic = topics, topic
        cluster = {
            **{"earshot-keys": new_keys(), "earshot-2-keys": new_keys()},
            **{name: {"url": url.encode()} for name, url in databases.items()},
        }
        values = distributed(topics.address, topic, catalogue={"files": ["/input/*.yaml"]}, targets=[TARGET])
        values["config"]["sources"][0]["lateness"] = "1 hour"
        beside = over(values, second_release())
        self.old = Release("earshot", values, cluster, claims)
        self.new = Release("earshot-2", beside, cluster, claims)
        halfway = over(values, {"keys": beside["keys"]})
        self.with_another_key = Release("earshot", halfway, cluster, claims)

    def open(self, *people: int) -> None:
        """These people open the message: one record, so that it is seen whole or not at all."""
        at = (SENT + timedelta(minutes=30)).isoformat()
        self._topics.write(self._topic, [b"[%s]" % b",".join(event(number, "opened", at) for number in people)])


@pytest.fixture
def rotation(postgresql: Server, topics: Topics, volume: Path) -> Iterator[Rotation]:
    topic = topics.create()
    (volume / "people-2026-10-01.csv").write_text(PEOPLE, encoding="utf-8")
    (volume / "messages.yaml").write_text(yaml.safe_dump({"messages": [ENTRY]}), encoding="utf-8")
    names = ("earshot", "earshot_2")
    for name in names:
        postgresql.create(name)
    secrets = {f"{name.replace('_', '-')}-database": postgresql.url(name) for name in names}
    yield Rotation(topics, topic, secrets, {"input": volume})
    postgresql.drop("earshot_2")


def test_the_keys_are_rotated_by_a_second_release_beside_the_first(rotation: Rotation, postgresql: Server) -> None:
    made = [
        {(each["kind"], each["metadata"]["name"]) for each in release.objects}
        for release in (rotation.old, rotation.new)
    ]
    assert made[0] & made[1] == set(), "what stands beside each other has names of its own"
    rotation.open(*range(30))
    with ExitStack() as ends:
        old = run(rotation.old, ends)
        show(old, 30)
        with ThreadPoolExecutor() as at_once:
            refused = at_once.submit(refuse_another_key, rotation.with_another_key)
            new = run(rotation.new, ends)
        refused.result()
        show(new, 30)
        rotation.open(*range(30, 40))
        show(old, 40)
        show(new, 40)
        for pod in old:
            assert pod.end() == 0
        postgresql.drop("earshot")
        rotation.open(*range(40, 50))
        show(new, 50)
        assert [pod.end() for pod in new] == [0, 0]


def run(release: Release, ends: ExitStack) -> list[Pod]:
    """A release that works: its evaluator, its worker, and one import."""
    pods = [ends.enter_context(release.pod("Deployment", component)) for component in ("evaluate", "collect")]
    for pod in pods:
        pod.start()
    with release.pod("CronJob", "import") as importing:
        done = importing.run(importing.spec["containers"][0])
    assert "60 people, 1 messages" in done.stdout, done.stdout + done.stderr
    return pods


def refuse_another_key(release: Release) -> None:
    """With a new key on the old database nothing begins."""
    with release.pod("Deployment", "evaluate") as evaluate:
        done = evaluate.run(evaluate.spec["initContainers"][-1])
    assert done.returncode == 1
    assert "key" in done.stderr, done.stderr


def show(pods: list[Pod], reached: float) -> None:
    """Both are ready, and what is published has so many people whom the message reached."""
    evaluate, _ = pods
    for pod in pods:
        pod.wait_for("readinessProbe")
    evaluate.until(
        lambda: samples(evaluate.get("/metrics") or "", "earshot_indicator_numerator").get(REACHED) == reached,
        f"{reached} people reached",
    )
