"""The one pod of `mode: embedded` is run as it is rendered: its containers as processes, files in, a volume for what it keeps; a real
Prometheus reads what the monitor chooses."""

from pathlib import Path

from tests.dashboards.rules.promtool import find_program
from tests.helm.pod import samples
from tests.helm.release import MONITORED, TARGETS, Release, event
from tests.helm.scraped import read_by_prometheus
from tests.sandbox import give_away


def test_one_pod_with_files_runs_as_it_is_rendered(volume: Path, tmp_path: Path) -> None:
    find_program("prometheus")
    for name in ("data", "streams"):
        (volume / name).mkdir()
    give_away(volume / "data")
    (volume / "streams" / "mail.ndjson").write_bytes(b"\n".join(map(event, range(50))) + b"\n")
    source = {"name": "mail", "decoder": "cloudevents", "channel": "email", "from": {"files": "/input/streams"}}
    values = {
        "config": {"sources": [source], "targets": TARGETS},
        "input": {"volume": {"persistentVolumeClaim": {"claimName": "input"}}},
        "monitoring": MONITORED,
    }
    release = Release("earshot", values, {}, {"input": volume, "earshot-data": volume / "data"})
    with release.pod("Deployment") as pod:
        pod.prepare()
        pod.start()
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            pod.wait_for(probe)
        assert samples(str(pod.get("/metrics")), "earshot_events_total")['{outcome="recorded",source="mail"}'] == 50
        read_by_prometheus(tmp_path, release, {"earshot": pod})
        assert pod.end() == 0
    assert (volume / "data" / "earshot.db").exists()
    assert not (volume / "data" / "earshot.key").stat().st_mode & 0o077
