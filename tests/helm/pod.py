"""A pod that the chart rendered, as processes: the same words, variables and mounts, as the user and on the read-only root that it asks
for. Probes are asked as a kubelet does. What is true of it is left to the tests."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from config.schema import Page
from config.schema import Worker as WorkerSettings
from tests import image
from tests.helm.chart import Object, find, pod_of
from tests.mounted import Mounted
from tests.ports import free_port
from tests.sandbox import USER, Mount, contained, end_at_once, give_away, tell_to_end

_PATIENCE_SECONDS = 180.0
# Several pods share the network of a test: each listens elsewhere, and on loopback alone.
_PORTS = {Page().port: "PAGE", WorkerSettings().port: "WORKER"}


class Pod:
    """`secrets` and `claims`: what the cluster has, by name. A context: what still runs is killed at the end."""

    def __init__(
        self,
        found: list[Object],
        workload: Object,
        secrets: Mapping[str, Mapping[str, bytes]],
        claims: Mapping[str, Path],
    ):
        self.spec = pod_of(workload)["spec"]
        self._folder = Path(tempfile.mkdtemp(prefix="earshot-pod-"))
        self._folder.chmod(0o755)
        self.mounted: dict[str, Mounted] = {}
        self._volumes = {
            each["name"]: self._volume(found, each, secrets, claims) for each in self.spec.get("volumes", ())
        }
        self._port = free_port()
        self._running: list[subprocess.Popen[str]] = []
        security = self.spec["securityContext"]
        assert (security["runAsNonRoot"], security["runAsUser"], security["fsGroup"]) == (True, USER, USER)

    def _volume(
        self,
        found: list[Object],
        volume: Object,
        secrets: Mapping[str, Mapping[str, bytes]],
        claims: Mapping[str, Path],
    ) -> Path:
        name = volume["name"]
        folder: Path = self._folder / name
        match [kind for kind in volume if kind != "name"]:
            case ["configMap"]:
                data = find(found, "ConfigMap", volume["configMap"]["name"])["data"]
                self.mounted[name] = Mounted(folder, data)
            case ["secret"]:
                folder.mkdir()
                for item in volume["secret"]["items"]:
                    file = folder / item["path"]
                    file.write_bytes(secrets[volume["secret"]["secretName"]][item["key"]])
                    # As the kubelet does where there is an fsGroup: the group may read what the owner may.
                    file.chmod(volume["secret"]["defaultMode"] | 0o040)
                    if os.geteuid() == 0:
                        os.chown(file, 0, USER)
            case ["emptyDir"]:
                folder.mkdir()
                give_away(folder)
            case ["persistentVolumeClaim"]:
                folder = claims[volume["persistentVolumeClaim"]["claimName"]]
            case unknown:
                raise AssertionError(f"nobody knows here what a volume of {unknown} is")
        return folder

    def _command(self, container: Object) -> list[str]:
        assert container["securityContext"]["readOnlyRootFilesystem"]
        mounts = [Mount(image.shared(), image.HOME)]
        mounts += [
            Mount(self._volumes[each["name"]], each["mountPath"], writable=not each.get("readOnly"))
            for each in container.get("volumeMounts", ())
        ]
        listening = {f"EARSHOT_{part}__PORT": str(self._port) for part in _PORTS.values()}
        listening |= {f"EARSHOT_{part}__HOST": "127.0.0.1" for part in _PORTS.values()}
        given = {each["name"]: each["value"] for each in container.get("env", ())}
        words = container.get("command", image.words("ENTRYPOINT")) + container.get("args", [])
        return contained(words, mounts, {**image.environment(), **given, **listening})

    def prepare(self) -> None:
        """Its init containers, one after the other."""
        for container in self.spec.get("initContainers", ()):
            done = self.run(container)
            assert done.returncode == 0, f"{container['name']}: {done.stdout}{done.stderr}"

    def run(self, container: Object) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(self._command(container), capture_output=True, text=True, timeout=3 * _PATIENCE_SECONDS)

    def start(self) -> None:
        """From the test's own thread: what is shut in ends with the thread that it was started by."""
        [container] = self.spec["containers"]
        log = (self._folder / "log").open("w")
        self._running.append(subprocess.Popen(self._command(container), stdout=log, stderr=log, text=True))

    def log(self) -> str:
        return (self._folder / "log").read_text(encoding="utf-8")

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def answers(self, probe: str) -> bool:
        """Whether a probe succeeds, asked once."""
        [container] = self.spec["containers"]
        asked = container[probe]["httpGet"]
        [port] = [each["containerPort"] for each in container["ports"] if each["name"] == asked["port"]]
        assert port in _PORTS
        try:
            return self.get(asked["path"], container[probe].get("timeoutSeconds", 1)) is not None
        except OSError:
            return False

    def get(self, path: str, seconds: float = 60.0) -> str | None:
        """What it answers; None where that is an error."""
        try:
            with urlopen(self.address + path, timeout=seconds) as answer:
                return str(answer.read().decode())
        except HTTPError:
            return None

    def wait_for(self, probe: str) -> None:
        self.until(lambda: self.answers(probe), probe)

    def wait_for_sample(self, series: str, value: float) -> None:
        """Of a series without labels."""
        self.until(lambda: samples(self.get("/metrics") or "", series) == {"": value}, f"{series} {value}")

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """What does not answer yet does not hold yet."""
        late = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with suppress(OSError):
                if holds():
                    return
            assert self._running[0].poll() is None, self.log()
            assert time.monotonic() < late, f"{what}: {self.log()}"
            time.sleep(0.1)

    def end(self) -> int:
        """As a kubelet ends it: SIGTERM, and time until the grace is over. The exit status."""
        [process] = self._running
        tell_to_end(process)
        return process.wait(self.spec["terminationGracePeriodSeconds"])

    def __enter__(self) -> "Pod":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            end_at_once(process)


def samples(text: str, name: str) -> dict[str, float]:
    """The values of a series by its labels as they are written."""
    return {labels: float(value) for labels, value in re.findall(rf"^{name}({{.*}})? (\S+)$", text, re.MULTILINE)}
