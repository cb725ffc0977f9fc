"""A configuration changed under processes that run: they go on under the new one, missing no beat, and a broken one changes nothing."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from collectors.simulation.parameters import Parameters
from tests.flow.company import KEEP, UNTIL, make_company
from tests.flow.test_replicas import Process, earshot, until_true
from tests.mounted import Mounted

TARGETS = [{"name": "reach", "indicator": "reach", "value": "0.8"}]
MORE = [*TARGETS, {"name": "added", "indicator": "delivered", "value": "0.9"}]
REFUSED = "earshot_config_refused"


class Configured:
    """A company's configuration, mounted as Kubernetes does it."""

    def __init__(self, folder: Path, **more: Any) -> None:
        make_company(folder, Parameters(60, 20, 31, UNTIL), retention=KEEP, targets=TARGETS)
        written = yaml.load((folder / "earshot.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
        for source in written["sources"]:
            source["from"]["files"] = str(folder / source["from"]["files"])
        for part in ("catalogue", "directory"):
            written[part]["files"] = [str(folder / path) for path in written[part]["files"]]
        written.pop("sample", None)
        written["data"] = str(folder / "data")
        self._written = {**written, **more}
        self._mounted = Mounted(folder / "etc", {"earshot.yaml": yaml.safe_dump(self._written)})
        self.file = folder / "etc" / "earshot.yaml"

    def change(self, **parts: Any) -> None:
        self._mounted.change({"earshot.yaml": yaml.safe_dump({**self._written, **parts})})


class Watcher:
    """Asks over and over, as a probe and Prometheus do; `missed`: what they would have missed."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.asked = 0
        self.missed: list[str] = []

    def _watch(self) -> None:
        while not self._stop.is_set():
            if self._process.get("/-/ready") != "ready\n":
                self.missed.append("not ready")
            if "earshot_indicator_verdict{" not in self._process.get("/metrics"):
                self.missed.append("no indicator")
            self.asked += 1
            time.sleep(0.02)

    def __enter__(self) -> "Watcher":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()


@contextmanager
def process(file: Path, command: str) -> Iterator[Process]:
    begun = Process(file, command)
    try:
        until_true("it does not work", begun.works)
        until_true("it is not ready", lambda: begun.get("/-/ready") == "ready\n")
        yield begun
        begun.process.send_signal(signal.SIGTERM)
        assert begun.process.wait(timeout=180) == 0
    finally:
        begun.process.kill()
        begun.process.wait()


@pytest.fixture(params=["run", "evaluate"])
def configured(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Configured, str]:
    if request.param == "run":
        return Configured(tmp_path), "run"
    configured = Configured(tmp_path, store=request.getfixturevalue("postgresql_url"))
    earshot(configured.file, "import")
    return configured, "evaluate"


def test_a_changed_configuration_holds_at_once_and_no_probe_or_scrape_misses_a_beat(
    configured: tuple[Configured, str],
) -> None:
    file, command = configured
    with process(file.file, command) as running, Watcher(running) as watcher:
        assert 'target="added"' not in running.get("/metrics")
        file.change(targets=MORE)
        until_true("the target is not there", lambda: 'target="added"' in running.get("/metrics"))
        assert f"{REFUSED} 0.0" in running.get("/metrics")
        digest = [line for line in running.get("/metrics").splitlines() if line.startswith("earshot_config_info")]
        file.change(targets=[{"name": "reach", "indicator": "raech"}])
        until_true("nobody says that it is refused", lambda: f"{REFUSED} 1.0" in running.get("/metrics"))
        file.change(targets=MORE, grafana={"folder": "elsewhere"})
        time.sleep(2)
        assert f"{REFUSED} 1.0" in running.get("/metrics")
        after = running.get("/metrics").splitlines()
        assert 'target="added"' in "".join(after)
        assert [line for line in after if line.startswith("earshot_config_info")] == digest
        file.change(targets=MORE)
        until_true("it is still refused", lambda: f"{REFUSED} 0.0" in running.get("/metrics"))
        until_true("nobody watches", lambda: watcher.asked > 50)
    assert watcher.missed == []
