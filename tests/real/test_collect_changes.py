"""A worker whose configuration is changed: it lets go of its topics only where it has to, and never for a broken one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.kafka_play import play
from collectors.simulation.parameters import Parameters
from tests.flow.company import KEEP, UNTIL, make_company
from tests.real.cluster import Cluster, Worker
from tests.real.topics import Topics


@pytest.fixture
def cluster(tmp_path: Path, topics: Topics) -> Iterator[Cluster]:
    files = tmp_path / "files"
    files.mkdir()
    with make_company(files, Parameters(60, 10, 21, UNTIL), retention=KEEP, targets=[]).service():
        pass  # keys are made
    cluster = Cluster(tmp_path, files, topics)
    play(files / "company", cluster.settings.kafka, cluster.prefix, cluster.partitions)
    yield cluster
    cluster.end()


def lines(worker: Worker, name: str) -> list[str]:
    return [line for line in worker.ask("/metrics").splitlines() if line.startswith(name)]


def batches(worker: Worker, source: str) -> float:
    """How many it has recorded."""
    (counted,) = lines(worker, f'earshot_batches_total{{source="{source}"}}')
    return float(counted.split()[-1])


def change(cluster: Cluster, **parts: Any) -> None:
    written = yaml.load(cluster.file.read_text(encoding="utf-8"), yaml.BaseLoader)
    cluster.file.write_text(yaml.safe_dump({**written, **parts}), encoding="utf-8")


def test_a_worker_goes_on_reading_through_changes_and_reads_what_a_change_adds(cluster: Cluster) -> None:
    sources = yaml.load(cluster.file.read_text(encoding="utf-8"), yaml.BaseLoader)["sources"]
    change(cluster, sources=sources[:1])
    worker = cluster.start()
    first, added = (source["name"] for source in sources[:2])
    cluster.wait_for(lambda: first not in {cluster_source(cluster, at.topic) for at in cluster.lacking()})
    # A worker counts a batch once it is in the database.
    cluster.wait_for(lambda: batches(worker, first) > 0)
    read, digest = batches(worker, first), lines(worker, "earshot_config_info")

    change(cluster, targets=[{"name": "reach", "indicator": "reach", "value": "0.5"}])
    cluster.wait_for(lambda: lines(worker, "earshot_config_info") != digest)
    assert batches(worker, first) >= read, "it let go of its topics for a target, and began to count anew"

    change(cluster, sources=sources[:1], kafka={"brokers": ["nowhere"]})
    cluster.wait_for(lambda: lines(worker, "earshot_config_refused") == ["earshot_config_refused 1.0"])
    change(cluster, sources=[{**sources[0], "from": {"files": "elsewhere"}}], kafka=kafka_of(cluster))
    cluster.wait_for(lambda: "read topics" in worker.log.read_text() or "reads topics" in worker.log.read_text())
    assert batches(worker, first) >= read

    change(cluster, sources=sources[:2])
    cluster.wait_for(lambda: added not in {cluster_source(cluster, at.topic) for at in cluster.lacking()})
    assert lines(worker, "earshot_config_refused") == ["earshot_config_refused 0.0"]
    assert worker.stop() == 0


def cluster_source(cluster: Cluster, topic: str) -> str:
    [source] = [str(name) for name, of in cluster.topic_of.items() if of == topic]
    return source


def kafka_of(cluster: Cluster) -> dict[str, Any]:
    kafka = cluster.settings.kafka
    return {
        "brokers": list(kafka.brokers),
        "security": "plaintext",
        "group": kafka.group,
        "session": str(kafka.session),
    }
