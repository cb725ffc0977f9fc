"""Kubernetes' own server with its store and controllers, on loopback, in a folder of its own, and a way to ask it. Nodes are left to
`node`, what is tried on it to `scenario`."""

import json
import ssl
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.ports import free_ports

CACHE = Path(__file__).parents[2] / ".cache" / "cluster"
_TOKEN = "scenario"
_PATIENCE_SECONDS = 600.0
# There is no kubelet that would renew a node's lease, and no clouds.
_CONTROLLERS = "*,-node-lifecycle-controller,-taint-eviction-controller,-pod-garbage-collector-controller"

Object = dict[str, Any]


class ControlPlane:
    """`kubeconfig`: for programs that speak to it. A context."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kubeconfig = folder / "kubeconfig"
        self._etcd, self._peers, self._secure = free_ports(3)
        self._processes: list[subprocess.Popen[bytes]] = []
        self._key = folder / "service-account.key"
        self._certificates = folder / "certificates"

    def __enter__(self) -> "ControlPlane":
        self._write_files()
        try:
            self._start_etcd()
            self._start_server()
            self._wait_until_ready()
            self._start("kube-controller-manager", *self._controllers())
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):
            process.terminate()
        for process in reversed(self._processes):
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()

    def _write_files(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        self._key.write_bytes(key.private_bytes(*form))
        (self.folder / "tokens.csv").write_text(f"{_TOKEN},admin,1,system:masters\n", encoding="utf-8")
        cluster = {"server": self.address, "certificate-authority": str(self._certificates / "apiserver.crt")}
        written = {
            **{"apiVersion": "v1", "kind": "Config", "current-context": "it"},
            "clusters": [{"name": "it", "cluster": cluster}],
            "users": [{"name": "it", "user": {"token": _TOKEN}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
        }
        self.kubeconfig.write_text(yaml.safe_dump(written), encoding="utf-8")
        self.kubeconfig.chmod(0o600)

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self._secure}"

    def _start(self, name: str, *flags: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            command = [str(CACHE / "kubernetes"), name, *flags]
            self._processes.append(subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder))

    def _start_etcd(self) -> None:
        clients, peers = f"http://127.0.0.1:{self._etcd}", f"http://127.0.0.1:{self._peers}"
        self._start(
            "etcd",
            *(f"--data-dir={self.folder / 'etcd'}", "--unsafe-no-fsync", "--log-level=warn"),
            *(f"--listen-client-urls={clients}", f"--advertise-client-urls={clients}"),
            *(f"--listen-peer-urls={peers}", f"--initial-advertise-peer-urls={peers}"),
            f"--initial-cluster=default={peers}",
        )

    def _start_server(self) -> None:
        self._start(
            "kube-apiserver",
            *(f"--etcd-servers=http://127.0.0.1:{self._etcd}", "--service-cluster-ip-range=10.0.0.0/16"),
            *("--bind-address=127.0.0.1", f"--secure-port={self._secure}", f"--cert-dir={self._certificates}"),
            *(
                "--authorization-mode=RBAC",
                f"--token-auth-file={self.folder / 'tokens.csv'}",
                "--endpoint-reconciler-type=none",
                "--allow-privileged=true",
            ),
            "--service-account-issuer=https://kubernetes.default.svc",
            *(f"--service-account-key-file={self._key}", f"--service-account-signing-key-file={self._key}"),
        )

    def _controllers(self) -> list[str]:
        return [
            *(f"--kubeconfig={self.kubeconfig}", "--leader-elect=false", "--secure-port=0"),
            f"--service-account-private-key-file={self._key}",
            *(f"--root-ca-file={self._certificates / 'apiserver.crt'}", f"--controllers={_CONTROLLERS}"),
        ]

    def _wait_until_ready(self) -> None:
        late = time.monotonic() + _PATIENCE_SECONDS
        while True:
            for process in self._processes:
                assert process.poll() is None, f"it ended: {self._logs()}"
            with suppress(OSError):
                self.ask("GET", "/readyz", raw=True)
                return
            assert time.monotonic() < late, f"it is not ready: {self._logs()}"
            time.sleep(0.2)

    def _logs(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-1500:] for path in self.folder.glob("*.log"))

    def ask(
        self, method: str, path: str, body: Any = None, *, raw: bool = False, kind: str = "application/json"
    ) -> Any:
        """What the server answers. HTTPError where it refuses."""
        context = ssl.create_default_context(cafile=str(self._certificates / "apiserver.crt"))
        headers = {"Authorization": f"Bearer {_TOKEN}", "Content-Type": kind}
        data = None if body is None else json.dumps(body).encode()
        with urlopen(
            Request(self.address + path, data, headers, method=method), timeout=120, context=context
        ) as answer:
            said = answer.read()
        return said.decode() if raw else json.loads(said)

    def status_of(self, method: str, path: str, body: Any) -> tuple[int, str]:
        """The status of the answer, well or not, and where not, why."""
        try:
            self.ask(method, path, body)
        except HTTPError as error:
            return error.code, str(json.loads(error.read())["message"])
        return 200, ""

    def list(self, path: str) -> list[Object]:
        found: list[Object] = self.ask("GET", path)["items"]
        return found

    def kubectl(self, *words: str, given: str = "", fails: bool = False) -> str:
        """What it prints; AssertionError where it fails, or does not although it should."""
        command = [str(CACHE / "kubernetes"), "kubectl", f"--kubeconfig={self.kubeconfig}", *words]
        done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=_PATIENCE_SECONDS)
        assert (done.returncode != 0) == fails, f"{' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr
