"""Prometheus and Alertmanager as real programs on free ports of this machine, with what they need to be asked and stopped, and a receiver
that keeps what it is told."""

import http.server
import json
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from tests.dashboards.rules.promtool import find_program
from tests.ports import free_port

Tree = dict[str, Any]


def ask(url: str, **given: str) -> Any:
    query = f"?{urllib.parse.urlencode(given)}" if given else ""
    with urllib.request.urlopen(f"{url}{query}", timeout=60) as answer:
        return json.loads(answer.read())


def ask_text(url: str) -> str:
    with urllib.request.urlopen(url, timeout=120) as answer:
        text: bytes = answer.read()
        return text.decode()


def wait_for(what: str, holds: Callable[[], Any], seconds: float = 180) -> Any:
    """What `holds` gives once it gives something; the failure names what was waited for."""
    until = time.monotonic() + seconds
    while True:
        try:
            found = holds()
        except OSError:
            found = None
        if found:
            return found
        assert time.monotonic() < until, f"after {seconds} s still not: {what}"
        time.sleep(0.2)


class Program:
    """One that runs until it is closed; its words are in `log` beside its data."""

    def __init__(self, folder: Path, name: str, command: Sequence[str], ready: str) -> None:
        self._log = folder / f"{name}.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(f"{name} is ready", lambda: self._answers(ready))
        except BaseException:
            self.close()
            raise

    def _answers(self, ready: str) -> bool:
        assert self._process.poll() is None, self._log.read_text(encoding="utf-8", errors="replace")
        with urllib.request.urlopen(ready, timeout=30) as answer:
            return bool(answer.status == 200)

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Prometheus(Program):
    """Scrapes every three seconds, which is how long a scrape may take; `scraped`: addresses, all under the job `earshot`, or whole entries
    of `scrape_configs`. `history`: text of OpenMetrics to begin with."""

    def __init__(
        self,
        folder: Path,
        scraped: Sequence[str] | Sequence[Tree],
        rules: Sequence[Path],
        *,
        alertmanager: int | None = None,
        history: Path | None = None,
    ) -> None:
        folder.mkdir(parents=True)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        data = folder / "data"
        if history is not None:
            command = [
                find_program("promtool"),
                "tsdb",
                "create-blocks-from",
                "openmetrics",
                "-q",
                str(history),
                str(data),
            ]
            subprocess.run(command, check=True, capture_output=True)
        alerting = [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager}"]}]}] if alertmanager else []
        addresses = [each for each in scraped if isinstance(each, str)]
        addressed = [{"job_name": "earshot", "static_configs": [{"targets": addresses}]}] if addresses else []
        config = {
            "global": {"scrape_interval": "3s", "evaluation_interval": "1s"},
            "rule_files": [str(file) for file in rules],
            "scrape_configs": addressed + [each for each in scraped if not isinstance(each, str)],
            "alerting": {"alertmanagers": alerting},
        }
        file = folder / "prometheus.yml"
        file.write_text(yaml.safe_dump(config), encoding="utf-8")
        super().__init__(
            folder,
            "prometheus",
            [
                find_program("prometheus"),
                f"--config.file={file}",
                f"--storage.tsdb.path={data}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--storage.tsdb.retention.time=400d",
                "--log.level=warn",
            ],
            f"{self.url}/-/ready",
        )

    def query(self, expression: str) -> list[Tree]:
        found: list[Tree] = ask(f"{self.url}/api/v1/query", query=expression)["data"]["result"]
        return found

    def query_range(self, expression: str, *, start: float, end: float, step: int) -> list[Tree]:
        given = {"query": expression, "start": str(start), "end": str(end), "step": str(step)}
        found: list[Tree] = ask(f"{self.url}/api/v1/query_range", **given)["data"]["result"]
        return found

    def targets(self) -> list[Tree]:
        """What is scraped, well or not, without what was dropped."""
        found: list[Tree] = ask(f"{self.url}/api/v1/targets", state="active")["data"]["activeTargets"]
        return found

    def rules(self) -> list[Tree]:
        groups = ask(f"{self.url}/api/v1/rules")["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]


class Alertmanager(Program):
    def __init__(self, folder: Path, config: Mapping[str, Any]) -> None:
        folder.mkdir(parents=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        file = folder / "alertmanager.yml"
        file.write_text(yaml.safe_dump(dict(config)), encoding="utf-8")
        super().__init__(
            folder,
            "alertmanager",
            [
                find_program("prometheus-alertmanager", "alertmanager"),
                f"--config.file={file}",
                f"--storage.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{self.port}",
                "--cluster.listen-address=",
                "--log.level=warn",
            ],
            f"{self.url}/-/ready",
        )

    def alerts(self) -> list[Tree]:
        found: list[Tree] = ask(f"{self.url}/api/v2/alerts")
        return found


class Receiver:
    """A webhook that keeps every notification: (path, body)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: list[tuple[str, Tree]] = []
        keep = self._keep

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                keep(self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: what was told is kept."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def _keep(self, path: str, body: Tree) -> None:
        with self._lock:
            self._told.append((path, body))

    def told(self) -> list[tuple[str, Tree]]:
        with self._lock:
            return list(self._told)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
