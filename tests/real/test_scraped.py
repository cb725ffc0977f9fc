"""A worker on a real Kafka, scraped by a real Prometheus: what dashboards and alerts ask of workers is there, with nobody evaluating."""

from collections.abc import Iterator
from pathlib import Path

import promql_parser
import pytest

from dashboards.generate import ALERTS, HERE
from metrics.catalogue import OF_A_WORKER
from tests.dashboards.grafana import Asked, all_queries, filled_in
from tests.dashboards.live.stack import Prometheus
from tests.dashboards.rules.promtool import find_program, parts
from tests.real.cluster import ask
from tests.real.postgresql import Server
from tests.real.topics import Topics, wait_for
from tests.real.tortured import Tortured

ASKED = [asked for asked in all_queries() if any(series.name in asked.expr for series in OF_A_WORKER)]


@pytest.fixture
def prometheus(tmp_path: Path, topics: Topics, server: Server) -> Iterator[Prometheus]:
    """Of a worker that has read some batches while it was scraped."""
    find_program("prometheus")
    tortured = Tortured(tmp_path, topics, server, partitions=2)
    worker = tortured.start()
    port = tortured.ports[worker.pid]
    wait_for(lambda: "earshot_database_up 1.0" in ask(port, "/metrics"))
    rules = sorted((HERE / "rules").glob("*.yaml"))
    with Prometheus(tmp_path / "prometheus", [f"127.0.0.1:{port}"], rules) as prometheus:
        wait_for(lambda: bool(prometheus.query("up == 1")))
        for number in range(1, 5):
            tortured.write(200)
            read = f"sum(earshot_events_total) >= {200 * number}"
            wait_for(lambda read=read: bool(prometheus.query(read)))  # type: ignore[misc]
        yield prometheus
    tortured.end()


def test_every_query_about_workers_returns_data_and_alerts_find_their_series_and_channel(
    prometheus: Prometheus,
) -> None:
    def silent() -> list[Asked]:
        return [asked for asked in ASKED if not prometheus.query(filled_in(asked.expr))]

    assert len(ASKED) >= 8
    wait_for(lambda: not silent())
    looked_at = {
        str(part)
        for alert in ALERTS
        for part in parts(promql_parser.parse(alert.expr))
        if isinstance(part, promql_parser.VectorSelector) and any(series.name in str(part) for series in OF_A_WORKER)
    }
    assert len(looked_at) >= 3
    assert [one for one in looked_at if not prometheus.query(one)] == []
    (lag,) = (alert for alert in ALERTS if alert.name == "EarshotLagHigh")
    # As if nothing were too old: then the alert holds, and says of which channel.
    channels = {one["metric"]["channel"] for one in prometheus.query(lag.expr.replace("> 1800", ">= 0"))}
    assert channels == {"intranet"}
